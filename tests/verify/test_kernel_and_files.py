"""``sysctl``, ``policy``, ``file`` and ``resolver``."""

from __future__ import annotations

import pytest

from tests.verify.picture import PAIR, Run, check, picture
from tests.verify.telling import judged, says

FORWARDING = check("sysctl", name="net.ipv4.ip_forward", value=1)
CONF = "/etc/sysctl.conf"
LINE = "net.ipv4.ip_forward=1"
IN_FILE = check("file", path=CONF, line=LINE)
RESOLVER = check("resolver", nameserver="114.114.114.114", namespace="netns_dustin")
RESOLV = "/etc/netns/netns_dustin/resolv.conf"


@pytest.mark.parametrize("name", ["net.ipv4.ip_forward", "net/ipv4/ip_forward", "/proc/sys/net/ipv4/ip_forward"])
@pytest.mark.parametrize("value", [1, "1", True, ["0", "1"]])
def test_a_setting_by_any_name(name: str, value: object) -> None:
    assert judged(check("sysctl", name=name, value=value), picture(host="sysctl net.ipv4.ip_forward=1")).passed


def test_a_setting_with_another_value() -> None:
    verdict = judged(FORWARDING, picture())
    assert (verdict.diagnosis, says(verdict)) == (
        "wrong-value",
        "`net.ipv4.ip_forward` is 0 on the host; this step needs 1.",
    )
    only_file = judged(FORWARDING, picture(files={CONF: "# mine\nnet.ipv4.ip_forward = 1\n"}))
    assert only_file.diagnosis == "wrong-value" and "`sysctl -p` does that" in (says(only_file) or "")
    assert judged(check("sysctl", name="net.none", value=1), picture()).diagnosis == "not-there"
    assert judged(check("sysctl", name="net.none", value=1, namespace="x"), picture()).diagnosis == "no-namespace"


@pytest.mark.parametrize(
    "typed",
    [
        "sudo ip netns exec netns_dustin sysctl -w net.ipv4.ip_forward=1",
        "sudo ip netns exec netns_dustin sysctl net/ipv4/ip_forward=1",
        "sudo ip netns exec netns_dustin bash -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'",
        "echo 1 | sudo ip netns exec netns_dustin tee /proc/sys/net/ipv4/ip_forward",
    ],
)
def test_a_setting_of_another_namespace(typed: str) -> None:
    inside = picture(**{**PAIR, "netns_dustin": f"{PAIR['netns_dustin']}\nsysctl net.ipv4.ip_forward=1"})
    verdict = judged(FORWARDING, inside, Run(typed))
    assert verdict.diagnosis == "wrong-place" and "set to 1 in `netns_dustin`" in (says(verdict) or "")
    assert judged(FORWARDING, inside).diagnosis == "wrong-value"


def test_policies() -> None:
    wanted = check("policy", chain="FORWARD", policy="DROP")
    assert judged(wanted, picture()).passed
    accepting = picture(host="policy FORWARD ACCEPT")
    verdict = judged(wanted, accepting)
    assert (verdict.diagnosis, says(verdict)) == (
        "wrong-policy",
        "The policy of FORWARD is ACCEPT; this step needs DROP.",
    )
    elsewhere = judged(
        check("policy", chain="FORWARD", policy="ACCEPT"),
        picture(netns_dustin=""),
        Run("ip netns exec netns_dustin iptables -P FORWARD ACCEPT"),
    )
    assert elsewhere.diagnosis == "wrong-place"
    assert judged(check("policy", chain="FORWARD", policy="DROP", namespace="x"), picture()).diagnosis == "no-namespace"


@pytest.mark.parametrize("text", [LINE, "net.ipv4.ip_forward = 1", "# more\n  net.ipv4.ip_forward=1  \n"])
def test_a_line_of_a_file_whatever_its_blanks(text: str) -> None:
    assert judged(IN_FILE, picture(files={CONF: text})).passed
    assert judged(check("file", path=["/etc/none", CONF], line=LINE), picture(files={CONF: text})).passed
    gone = judged(check("file", path=CONF, line=LINE, absent=True), picture(files={CONF: text}))
    assert gone.diagnosis == "still-there"


@pytest.mark.parametrize(
    ("files", "diagnosis", "hint"),
    [
        ({CONF: "#net.ipv4.ip_forward=1\n"}, "no-line", "behind a `#`"),
        ({CONF: "net.ipv4.ip_forwad=1\n"}, "no-line", "The line reads `net.ipv4.ip_forwad=1`"),
        ({CONF: "kernel.panic=1\n"}, "no-line", "`net.ipv4.ip_forward=1` is not in it yet"),
        ({CONF: "", "/etc/sysctl.cnf": LINE}, "wrong-file", "is in /etc/sysctl.cnf; it belongs in /etc/sysctl.conf."),
        ({"/etc/sysctl.cnf": LINE}, "wrong-file", "is in /etc/sysctl.cnf; it belongs in /etc/sysctl.conf."),
        ({"/etc/sysctl.cnf": "x"}, "near-name", "There is a `/etc/sysctl.cnf`"),
        ({CONF: None}, "not-there", "/etc/sysctl.conf is not there yet."),
    ],
)
def test_what_a_file_lacks(files: dict[str, str | None], diagnosis: str, hint: str) -> None:
    verdict = judged(IN_FILE, picture(files=files))
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


def test_whole_files() -> None:
    there = picture(files={CONF: ""})
    assert judged(check("file", path=CONF), there).passed
    assert judged(check("file", path=CONF, absent=True), there).diagnosis == "still-there"
    assert judged(check("file", path="/etc/none", absent=True), there).passed
    assert judged(check("file", path="/etc/none"), there).diagnosis == "not-there"


@pytest.mark.parametrize("dns", ["114.114.114.114", "127.0.0.53 114.114.114.114"])
def test_the_name_server_that_a_namespace_gets(dns: str) -> None:
    there = picture(netns_dustin=f"dns {dns}", files={RESOLV: "nameserver 114.114.114.114\n"})
    assert judged(RESOLVER, there).passed
    gone = check("resolver", nameserver="114.114.114.114", namespace="netns_dustin", absent=True)
    assert judged(gone, there).diagnosis == "still-there"
    assert judged(gone, picture(netns_dustin="")).passed


@pytest.mark.parametrize(
    ("dns", "files", "diagnosis", "hint"),
    [
        ("127.0.0.53", {}, "wrong-nameserver", f"127.0.0.53 is the host's setting: there is no {RESOLV} yet."),
        ("8.8.8.8", {RESOLV: "nameserver 8.8.8.8\n"}, "wrong-nameserver", "The name server is 8.8.8.8"),
        ("-", {RESOLV: ""}, "no-resolver", "needs a line `nameserver …`"),
        (
            "127.0.0.53",
            {"/etc/netns/netns_dustn/resolv.conf": "nameserver 114.114.114.114\n"},
            "wrong-file",
            "It stands in /etc/netns/netns_dustn/resolv.conf, where nobody looks",
        ),
        ("127.0.0.53", {"/etc/netns/netns_dustin/resolve.conf": "nameserver 114.114.114.114\n"}, "wrong-file", RESOLV),
        ("127.0.0.53", {"/etc/netns/resolv.conf": "nameserver 114.114.114.114\n"}, "wrong-file", RESOLV),
        (
            "127.0.0.53",
            {"/etc/netns/netns_leah/resolv.conf": "nameserver 114.114.114.114\n"},
            "wrong-nameserver",
            f"there is no {RESOLV} yet",
        ),
    ],
)
def test_why_it_gets_another(dns: str, files: dict[str, str | None], diagnosis: str, hint: str) -> None:
    verdict = judged(RESOLVER, picture(netns_dustin=f"dns {dns}", netns_leah="", files=files))
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


@pytest.mark.parametrize("line", ["nameserver=114.114.114.114", "nameservr 114.114.114.114", "114.114.114.114"])
def test_a_line_that_the_resolver_does_not_understand(line: str) -> None:
    from msgspec.structs import replace

    there = picture(netns_dustin="", files={RESOLV: line})
    spaces = tuple(replace(one, resolv_conf=line) if one.name == "netns_dustin" else one for one in there.namespaces)
    verdict = judged(RESOLVER, replace(there, namespaces=spaces))
    assert (verdict.diagnosis, says(verdict)) == (
        "wrong-file",
        f"The line reads `{line}`; it must read `nameserver 114.114.114.114`.",
    )
    assert judged(check("resolver", nameserver="1.1.1.1", namespace="none"), there).diagnosis == "no-namespace"
