"""What a typed line runs, and where, in many spellings."""

from __future__ import annotations

import itertools
import shlex

import pytest

from engine.verify.commandline import invocations, namespace_of, programs

INSIDE = [
    "ip netns exec n {}",
    "ip netns e n {}",
    "/usr/sbin/ip netns exec n {}",
    "nsenter --net=/run/netns/n {}",
    "nsenter --net=/var/run/netns/n -- {}",
    "nsenter -n/run/netns/n {}",
    "ip netns exec n env LANG=C {}",
    "ip netns exec n timeout 5 {}",
]
OUTSIDE = [
    "{}",
    "sudo {}",
    "sudo -E -u root {}",
    "sudo -n -- {}",
    "X=1 {}",
    "time {}",
    "nohup {} &",
    "exec {}",
    "{} 2>&1",
]
BESIDE = ["{}", "cd /tmp && {}", "true; {}", "{} > /tmp/log", "({})", "{{ {}; }}", "if true; then {}; fi", "{} # now"]


def _quoted(command: str) -> str:
    return f"bash -c {shlex.quote(command)}"


@pytest.mark.parametrize(("inside", "outside", "beside"), itertools.product(INSIDE, OUTSIDE, BESIDE))
def test_every_combination_of_wrappers(inside: str, outside: str, beside: str) -> None:
    wrapped = outside.format(inside.format("ping -c 1 10.0.0.10"))
    for text in (beside.format(wrapped), _quoted(beside.format(wrapped)), f"sudo {_quoted(_quoted(wrapped))}"):
        assert "ping" in programs(text), text
        assert not programs(text) & {"sudo", "ip", "nsenter", "bash", "env", "timeout", "time", "nohup", "exec"}, text
        assert namespace_of(text) == "n", text


@pytest.mark.parametrize(
    "options", ["-n n", "-netns n", "--netns n", "-net n", "-br -n n", "-4 -o -n n", "-f inet -n n"]
)
@pytest.mark.parametrize("rest", ["link list", "a", "addr add 10.0.0.11/24 dev x", "-batch -"])
def test_ip_with_a_namespace_of_its_own(options: str, rest: str) -> None:
    assert (programs(f"sudo ip {options} {rest}"), namespace_of(f"sudo ip {options} {rest}")) == ({"ip"}, "n")


@pytest.mark.parametrize(
    ("text", "names", "namespace"),
    [
        ("", set(), None),
        ("   ", set(), None),
        ("# nothing", set(), None),
        ("A=1", set(), None),
        ("sudo -i", set(), None),
        ("ip netns add n", {"ip"}, None),
        ("ip link set veth netns n", {"ip"}, None),
        ("ip -all netns exec ping x", {"ping"}, None),
        ("ip netns exec n bash", {"bash"}, "n"),
        ("ip netns exec", {"ip"}, None),
        ("ping x | tee log", {"ping", "tee"}, None),
        ('echo "$(ip netns exec n curl x)"', {"echo", "curl"}, "n"),
        ("echo '$(curl x)'", {"echo"}, None),
        ("diff <(ip -n n a) <(ip a)", {"diff", "ip"}, "n"),
        ("cat <<EOF\ncurl x\nEOF", {"cat"}, None),
        ("sudo ip netns exec n bash <<'EOF'\nip link set lo up\nping x\nEOF", {"ip", "ping"}, "n"),
        ("ip netns exec n bash <<< 'ping x'", {"ping"}, "n"),
        ("echo 'ip netns exec n ping x' | sudo bash", {"echo", "ping"}, "n"),
        ("bash setup.sh", {"bash"}, None),
        ("watch -n 1 ip -n n addr", {"watch", "ip"}, "n"),
        ("for i in 1 2 3; do ping -c 1 10.0.0.$i; done", {"ping"}, None),
        ("sudo sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'", {"echo"}, None),
        ("echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward", {"echo", "tee"}, None),
        ("ip link add a \\\n  type veth peer b", {"ip"}, None),
        ("ip link set lo up\nping x", {"ip", "ping"}, None),
        ("unshare --net --map-root-user ping x", {"ping"}, None),
        ("nsenter -t 4 -n ping x", {"ping"}, None),
        ("su -c 'ip netns exec n ping x'", {"ping"}, "n"),
        ("command -v curl", {"command"}, None),
        ("eval ip netns exec n ping x", {"ping"}, "n"),
        ("grep '|' file", {"grep"}, None),
        ("awk '{print $1; exit}' f", {"awk"}, None),
        ("curl http://x/#part", {"curl"}, None),
        ("echo $((1 + 2))", {"echo"}, None),
        ("echo it's", {"echo"}, None),
        ("\\curl x", {"curl"}, None),
        ("xargs -n 1 ping < hosts", {"xargs", "ping"}, None),
    ],
)
def test_one_by_one(text: str, names: set[str], namespace: str | None) -> None:
    assert (programs(text), namespace_of(text)) == (names, namespace)


def test_each_program_has_its_own_place() -> None:
    found = invocations(
        "ip link; sudo ip -n a link; ip netns exec b ss -l | grep 80; nsenter -t 9 -n ss; unshare -n ss &"
    )
    assert [(one.program, one.namespace) for one in found] == [
        ("ip", None),
        ("ip", "a"),
        ("ss", "b"),
        ("grep", None),
        ("ss", "pid:9"),
        ("ss", "?"),
    ]
    assert found[-1].background and not found[0].background


def test_words_and_targets() -> None:
    (echo,) = invocations("sudo bash -c 'echo \"net.x = 1\" >> /etc/sysctl.conf'")
    assert (echo.words, echo.targets) == (("echo", "net.x = 1"), ("/etc/sysctl.conf",))


def test_nothing_breaks_it() -> None:
    pieces = ["'", '"', "`", "$(", "<(", "\\", "<<E", "|", "&&", ")", "bash -c", "sudo", "ip netns exec", "\n", "-"]
    for one, two, three in itertools.product(pieces, repeat=3):
        programs(f"{one} {two} {three}")
        programs(f"{one}{two}{three}")
    deep = "x"
    for _ in range(30):
        deep = f"sudo bash -c {shlex.quote(deep)}" if len(deep) < 5000 else f"sudo {deep}"
    programs(deep)
