# Runs as the lab's first process, in the second user namespace. Standard output and input lead to outer.bash.
# It brings the host's network to the course's start state and then turns into a process that only adopts and reaps.

echo here
{
    mount -t sysfs sysfs /sys && mount --bind /sys /sys
} || { echo sysfs; exit 1; }

"$NSTEPS_IPTABLES" --policy FORWARD DROP &
policy=$!

read -r word
# Asked for one device the kernel first brings its state up to date (rtnl_getlink in net/core/rtnetlink.c): without it the
# learner's first look could find the carrier missing for a moment.
ip -batch - >/dev/null <<END || { echo network; exit 1; }
link set lo up
address add 192.168.0.100/24 brd + dev enp4s0
link set enp4s0 up
route add default via 192.168.0.1
link show dev enp4s0
END
cd /proc/sys/net
echo 0 >ipv4/ip_forward
for scope in all default; do echo 0 >"ipv4/conf/$scope/rp_filter"; done
if [[ -e bridge/bridge-nf-call-iptables ]]; then echo 1 >bridge/bridge-nf-call-iptables; fi
cd /
wait "$policy" || { echo iptables; exit 1; }

echo up
trap '' HUP INT QUIT TERM PIPE USR1 USR2 ALRM TSTP TTIN TTOU
for descriptor in /proc/self/fd/*; do
    if ((${descriptor##*/} > 2 && ${descriptor##*/} < 255)); then eval "exec ${descriptor##*/}>&-"; fi
done
exec -c -a /sbin/init bash >/dev/null 2>&1
