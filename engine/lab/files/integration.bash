# Shell integration of the lab: tells the terminal where a prompt begins and ends, which command starts (its text, the
# network namespace and the directory it starts in) and how it ended, by OSC 133 marks (the "semantic prompts" proposal
# of terminal-wg). `aid` is the shell's process id: a shell inside a shell is told apart by it. `n` is another one for
# each prompt: readline prints the same prompt again when it redraws the line.
# Read by every interactive bash of the lab; safe to read twice, and under `set -eu`.

if [[ $- != *i* || -n ${__lab_marks-} ]]; then return 0; fi
__lab_marks=1 __lab_count=0 __lab_return=$'\r' __lab_ran='' __lab_control='' __lab_ignore=''

# Percent-encode: control characters, the mark's own separators and whatever is not ASCII.
__lab_encode() {
    local LC_ALL=C text=$1 out='' char index hex
    text=${text//%/%25} text=${text//;/%3B} text=${text//$'\n'/%0A}
    if [[ $text == *[!\ -~]* ]]; then
        for ((index = 0; index < ${#text}; index++)); do
            char=${text:index:1}
            if [[ $char == [!\ -~] ]]; then printf -v hex '%d' "'$char"; printf -v char '%%%02X' $((hex & 255)); fi
            out+=$char
        done
        text=$out
    fi
    __lab_encoded=$text
}

# The network namespace that this shell is in: "host", its name under /run/netns, or "?".
__lab_namespace() {
    local file
    __lab_space='?'
    if [[ /proc/self/ns/net -ef /proc/1/ns/net ]]; then __lab_space=host; return 0; fi
    for file in /run/netns/*; do
        if [[ $file -ef /proc/self/ns/net ]]; then __lab_space=${file##*/}; return 0; fi
    done
}

# A command starts. Runs in a subshell of PS0, after the line went into the history and before it is executed.
__lab_started() {
    { set +xeuf; } 2>/dev/null
    local text='' IFS=$' \t\n' HISTTIMEFORMAT=
    unset -v HISTTIMEFORMAT
    if [[ -o history ]]; then text=$(builtin history 1); fi
    text=${text#"${text%%[! ]*}"}
    text=${text#"${text%%[!0-9]*}"}
    __lab_encode "${text:2:16384}"
    text=$__lab_encoded
    __lab_namespace
    __lab_encode "$PWD"
    printf '\e]133;C;aid=%s;ns=%s;cwd=%s;cmdline_url=%s\a' "$$" "$__lab_space" "$__lab_encoded" "$text"
}

# Before each prompt, in the shell itself. HISTCONTROL and HISTIGNORE are taken away while a line is read, so that every
# command is in the history when PS0 looks; PS0 gives them back, and what they forbid is taken out of the history here.
# PS0 also puts this function back, should PROMPT_COMMAND have lost it; the assignments in it are made by a pattern that
# never matches, so that all it prints is a carriage return at the beginning of a line.
__lab_prompt() {
    __lab_count=$((__lab_count + 1))
    if [[ -n $__lab_ran ]]; then
        __lab_ran='' __lab_control=${HISTCONTROL-} __lab_ignore=${HISTIGNORE-}
        if [[ -n $__lab_control$__lab_ignore ]]; then __lab_forget || :; fi
    fi
    HISTCONTROL='' HISTIGNORE=''
    shopt -s promptvars lithist
    if [[ $PS1 != *'133;A;'* ]]; then
        PS1='\[\e]133;D;$?;aid=$$\a\e]133;A;aid=$$;n=$__lab_count.\#\a\]'$PS1'\[\e]133;B\a\]'
    fi
    if [[ ${PS0-} != *__lab_started* ]]; then
        PS0='$(__lab_started)${__lab_return#${__lab_ran:=1}${HISTCONTROL:=$__lab_control}${HISTIGNORE:=$__lab_ignore}${PROMPT_COMMAND[7]:=__lab_prompt}}'${PS0-}
    fi
} 2>/dev/null

__lab_forget() {
    local last before forget='' pattern IFS=: HISTTIMEFORMAT=
    unset -v HISTTIMEFORMAT
    last=$(builtin history 1) before=$(builtin history 2)
    before=${before%"$last"} before=${before%$'\n'}
    last=${last#"${last%%[! ]*}"} last=${last#"${last%%[!0-9]*}"} last=${last:2}
    before=${before#"${before%%[! ]*}"} before=${before#"${before%%[!0-9]*}"} before=${before:2}
    if [[ $__lab_control == *ignorespace* || $__lab_control == *ignoreboth* ]] && [[ $last == ' '* ]]; then forget=1; fi
    if [[ $__lab_control == *ignoredups* || $__lab_control == *ignoreboth* || $__lab_control == *erasedups* ]] &&
        [[ $last == "$before" ]]; then forget=1; fi
    set -f
    for pattern in $__lab_ignore; do
        # shellcheck disable=SC2053 # the right side is a pattern
        if [[ $last == $pattern || ($pattern == '&' && $last == "$before") ]]; then forget=1; fi
    done
    set +f
    if [[ -n $forget ]]; then builtin history -d -1; fi
}

PROMPT_COMMAND[7]=__lab_prompt
