"""``ran``: every way to run a command counts, and the near misses are told apart."""

from __future__ import annotations

import pytest

from engine.messages import render
from engine.network.snapshot import Process
from tests.verify.picture import Run, check, picture
from tests.verify.telling import judged, says

HTML = "<!DOCTYPE HTML>\n<html>\n"
INSIDE = check("ran", id="inside", program="curl", namespace="netns_dustin", shows=["<html"])
ON_HOST = check("ran", id="host", program="curl", namespace="host", shows=["<html"])
SERVER = check("ran", program="python3", namespace="netns_dustin", exit="running")
SERVE = "python3 -m http.server 8080"
LAB = picture(netns_dustin="lo up", processes=(Process(pid=77, command="sleep 9", namespace="netns_dustin"),))


@pytest.mark.parametrize(
    "run",
    [
        Run("sudo ip netns exec netns_dustin curl localhost:8080", 0, HTML),
        Run("ip netns exec netns_dustin sh -c 'curl -s localhost:8080 | head -3'", 0, HTML),
        Run("sudo -E nsenter --net=/var/run/netns/netns_dustin curl localhost:8080", 0, HTML),
        Run("sudo nsenter -t 77 -n curl localhost:8080", 0, HTML),
        Run("sudo nsenter -t $(pgrep sleep) -n curl localhost:8080", 0, HTML),
        Run("curl localhost:8080", 0, HTML, "netns_dustin"),
        Run("cd /tmp && http_proxy= timeout 5 curl -v localhost:8080 2>&1 | less", 0, HTML, "netns_dustin"),
        Run("sudo ip -all netns exec curl localhost:8080", 0, HTML),
        Run("while true; do sudo ip netns exec netns_dustin curl localhost:8080; sleep 1; done", None, HTML),
    ],
)
def test_every_way_to_run_it_inside(run: Run) -> None:
    assert judged(INSIDE, LAB, run).passed
    assert judged(INSIDE, LAB, Run("ls"), run, Run("curl x", 6)).passed


def test_it_may_run_anywhere_if_the_step_does_not_say() -> None:
    anywhere = check("ran", program=["curl", "wget"], shows=["<html"])
    assert judged(anywhere, LAB, Run("curl localhost:8080", 0, HTML, "netns_dustin")).passed
    assert judged(anywhere, LAB, Run("wget -qO- localhost:8080", 0, HTML)).passed


@pytest.mark.parametrize(
    ("run", "diagnosis", "hint"),
    [
        (Run("curl localhost:8080", 0, HTML), "ran-elsewhere", "That ran on the host, not in `netns_dustin`."),
        (
            Run("sudo ip netns exec netns_dustin curl localhost", 7, "curl: (7) Failed to connect to localhost\n"),
            "not-shown",
            "`sudo ip netns exec netns_dustin curl localhost` said: `curl: (7) Failed to connect to localhost`",
        ),
        (
            Run("sudo ip netns exec netns_dustin curl -s localhost:8080", 0, "hello\n"),
            "not-shown",
            "`sudo ip netns exec netns_dustin curl -s localhost:8080` ran, but did not show `<html`.",
        ),
        (
            Run("sudo ip netns exec netns_dustin curl localhost:8080", None, ""),
            "not-run",
            "nothing of the kind has run in `netns_dustin` yet",
        ),
        (Run("sudo ip netns exec ns_dustin curl localhost:8080", 1, "no\n"), "ran-elsewhere", "which does not exist"),
        (Run("ls"), "not-run", "This step is about `curl`"),
        (Run("crul localhost:8080", 127, "bash: crul: command not found\n"), "not-run", "did you mean `curl`?"),
    ],
)
def test_how_it_fell_short(run: Run, diagnosis: str, hint: str) -> None:
    verdict = judged(INSIDE, LAB, run)
    if run.exit is None:
        assert verdict.diagnosis == "not-shown" and "has not shown `<html` yet" in (says(verdict) or "")
        return
    assert verdict.diagnosis == diagnosis
    assert hint in (says(verdict) or "")


def test_nothing_has_run() -> None:
    verdict = judged(INSIDE, LAB)
    assert verdict.diagnosis == "not-run"
    assert render(verdict.observed, "en") == "No command has been run in this step yet."
    assert render(verdict.expected, "en") == "Run `curl` in `netns_dustin`: its output has `<html`"


def test_a_command_for_another_check_is_no_failed_try() -> None:
    first = Run("sudo ip netns exec netns_dustin curl localhost:8080", 0, HTML)
    verdict = judged(ON_HOST, LAB, first, others=[INSIDE])
    assert verdict.diagnosis == "ran-elsewhere"
    assert says(verdict) == "So far that ran in `netns_dustin`; now it is to run on the host."
    again = judged(ON_HOST, LAB, first, Run("ip netns exec netns_dustin curl localhost:8080", 0, HTML), others=[INSIDE])
    assert says(again) == "That ran in `netns_dustin`, not on the host."
    failed = judged(ON_HOST, LAB, first, Run("curl localhost", 7, "curl: (7) refused\n"), others=[INSIDE])
    assert failed.diagnosis == "not-shown"


@pytest.mark.parametrize(
    ("exit", "ended", "passes"),
    [
        (0, 0, True),
        (0, 1, False),
        (7, 7, True),
        (7, 6, False),
        ([6, 7], 6, True),
        ("failure", 1, True),
        ("failure", 0, False),
        ("failure", None, False),
        ("running", None, True),
        ("running", 0, False),
        (0, None, False),
    ],
)
def test_how_it_ended(exit: object, ended: int | None, passes: bool) -> None:
    verdict = judged(check("ran", program="curl", exit=exit), LAB, Run("curl localhost", ended))
    assert verdict.passed is passes
    assert verdict.diagnosis == (None if passes else "wrong-exit")


def test_what_is_said_of_a_wrong_end() -> None:
    running = judged(check("ran", program="ping", exit="failure"), LAB, Run("ping 10.0.0.9", None))
    assert says(running) == "`ping 10.0.0.9` still runs: Ctrl-C ends it."
    worked = judged(check("ran", program="curl", exit="failure"), LAB, Run("curl localhost:8080"))
    assert says(worked) == "`curl localhost:8080` worked; here you should see it fail."
    ended = judged(SERVER, LAB, Run(f"ip netns exec netns_dustin {SERVE}", 130))
    assert "this step needs it to go on running" in (says(ended) or "")


def test_a_server_that_found_its_port_taken() -> None:
    taken = picture(netns_dustin="lo up\nlisten 8080 nc -lk 8080")
    run = Run(f"sudo ip netns exec netns_dustin {SERVE}", 1, "OSError: [Errno 98] Address already in use\n")
    verdict = judged(SERVER, taken, run)
    assert (verdict.diagnosis, says(verdict)) == (
        "port-taken",
        "Something else already listens on 8080: nc (pid 20) in `netns_dustin`.",
    )
    assert judged(SERVER, taken, Run(SERVE, None)).diagnosis == "ran-elsewhere"


@pytest.mark.parametrize("text", [f"{SERVE} &", f"nohup {SERVE} > /dev/null 2>&1 &", SERVE])
def test_a_server_in_the_background_goes_on_running(text: str) -> None:
    there = picture(netns_dustin=f"listen 8080 {SERVE}")
    assert judged(SERVER, there, Run(text, 0, "", "netns_dustin")).passed
    assert not judged(SERVER, picture(netns_dustin=""), Run(text, 0, "", "netns_dustin")).passed


def test_what_was_shown_without_a_program_asked_for() -> None:
    seen = check("ran", shows=["veth_ns_dustin.*UP"], namespace="netns_dustin")
    up = Run("ip netns exec netns_dustin ip link set veth_ns_dustin up")
    assert judged(seen, LAB, up).diagnosis == "not-run"
    assert judged(seen, LAB, up, Run("ip link list", 0, "1: lo\n")).diagnosis == "ran-elsewhere"
    shown = Run("ip -n netns_dustin link", 0, "9: veth_ns_dustin@if8: <UP> state UP\n")
    assert judged(seen, LAB, up, shown, Run("ls")).passed
    nothing = judged(check("ran", shows=["DROP"]), LAB, Run("iptables -D FORWARD 1"))
    assert (nothing.diagnosis, says(nothing)) == ("not-run", "No command has shown `DROP` yet.")


def test_words_of_the_command() -> None:
    wanted = check("ran", program="ping", words=["10.0.0.11"])
    assert judged(wanted, LAB, Run("ping -c 1 10.0.0.11")).passed
    verdict = judged(wanted, LAB, Run("ping -c 1 10.0.0.10"))
    assert (verdict.diagnosis, says(verdict)) == ("not-run", "`ping -c 1 10.0.0.10` lacks `10.0.0.11`.")


@pytest.mark.parametrize("text", ["curl 192.168.0.100:8080; ip route list", "curl 192.168.0.100:8080 | tail -1"])
def test_a_failure_in_the_middle_of_a_line(text: str) -> None:
    wanted = check("ran", program="curl", namespace="netns_dustin", exit="failure")
    told = "curl: (7) Failed to connect to 192.168.0.100 port 8080\n10.0.0.0/24 dev veth_ns_dustin\n"
    assert judged(wanted, LAB, Run(text, 0, told, "netns_dustin")).passed
    assert not judged(wanted, LAB, Run(text, 0, HTML, "netns_dustin")).passed


def test_a_shell_left_open_in_a_namespace_is_named() -> None:
    verdict = judged(ON_HOST, LAB, Run("curl localhost:8080", 0, HTML, "netns_dustin"))
    assert (verdict.diagnosis, says(verdict)) == (
        "ran-elsewhere",
        "That ran in `netns_dustin`, not on the host: this shell is there. `exit` leaves it.",
    )


def test_a_change_that_failed_elsewhere_is_no_look() -> None:
    seen = check("ran", namespace="host", shows=["10\\.0\\.0\\.0/24"])
    refused = Run(
        "ip address add 10.0.0.10/24 dev veth_dustin", 1, 'Cannot find device "veth_dustin"\n', "netns_dustin"
    )
    assert judged(seen, LAB, refused).diagnosis == "not-run"


def test_a_shell_from_before_the_name_server_was_set() -> None:
    seen = check("ran", namespace="netns_dustin", shows=["220\\.181"])
    failed = "ping: www.baidu.com: Temporary failure in name resolution\n"
    now = picture(netns_dustin="lo up\ndns 114.114.114.114")
    verdict = judged(seen, now, Run("ping www.baidu.com", 2, failed, "netns_dustin"))
    assert verdict.diagnosis == "not-shown" and "another `resolv.conf`" in (says(verdict) or "")
    for lab, run in (
        (LAB, Run("ping www.baidu.com", 2, failed, "netns_dustin")),
        (now, Run("sudo nsenter --net=/run/netns/netns_dustin ping www.baidu.com", 2, failed)),
    ):
        assert "Temporary failure" in (says(judged(seen, lab, run)) or "")
