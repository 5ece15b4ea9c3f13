# Runs as the first process of the sandbox, in the first user namespace: the one that owns the file tree, the limits and
# the outside world. Makes the second user namespace (the lab proper), joins the two by a cable, says "ready", and waits.
# Descriptor 3 takes what the program reads; whatever goes to standard error is an error for a person.

exec 2>&3
fail() { echo "failed $*" >&3; exit 1; }

size=$NSTEPS_TREE_BYTES inodes=$NSTEPS_TREE_INODES
mount -o "remount,size=$size,nr_inodes=$inodes" tmpfs / || fail mount &
limit_tree=$!
mount -o "remount,size=$size,nr_inodes=$inodes" tmpfs /dev || fail mount &
limit_dev=$!

for kind in user net mnt pid uts ipc; do
    echo "$NSTEPS_NAMESPACES" 2>/dev/null >"/proc/sys/user/max_${kind}_namespaces"
done
# Without a cgroup namespace of its own the lab cannot mount a cgroup file system: through it, it could freeze and kill
# processes of the real host that belong to the same user.
echo 0 2>/dev/null >/proc/sys/user/max_cgroup_namespaces

# In two steps: the kernel gives files like /proc/net/ip_tables_names to the namespace's root when the network namespace is
# made, and before the user namespace has its map it has no root.
coproc LAB {
    exec unshare --user --map-root-user \
        unshare --net --mount --pid --uts --ipc --fork --kill-child --mount-proc bash "$NSTEPS_INIT" 3>&-
}
lab=$LAB_PID
read -r -u "${LAB[0]}" word || fail unshare
ip -batch - <<END || fail network
link add lan type veth peer name enp4s0 netns $lab
address add 192.168.0.1/24 dev lan
address add 114.114.114.114/32 dev lo
address add 220.181.38.150/32 dev lo
link set lo up
link set lan up
END
echo cable >&"${LAB[1]}"
read -r -u "${LAB[0]}" word && [[ $word == up ]] || fail "${word:-init}"
wait "$limit_tree" && wait "$limit_dev" || exit
echo ready >&3
wait "$lab"
echo "ended $?" >&3
