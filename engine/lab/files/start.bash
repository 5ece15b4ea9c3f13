# What a terminal's own bash reads (`--rcfile`): the lab's part first, so that no change to ~/.bashrc can lose it.
. /opt/lab/bashrc
if [[ -r ~/.bashrc ]]; then . ~/.bashrc; fi
