"""``listener`` and ``process``."""

from __future__ import annotations

import pytest

from engine.network.snapshot import Process
from tests.verify.picture import Run, check, picture
from tests.verify.telling import judged, says

SERVER = "python3 -m http.server 8080"
INSIDE = check("listener", port=8080, namespace="netns_dustin")
ON_HOST = check("listener", port=8080, process="python3")
TAKEN = "OSError: [Errno 98] Address already in use\n"


@pytest.mark.parametrize("process", ["python3", "python3 -m http.server", SERVER, "http.server", ["nc", "python3"]])
@pytest.mark.parametrize("command", [SERVER, "/usr/bin/python3.11 -m http.server 8080"])
def test_somebody_listens(process: object, command: str) -> None:
    there = picture(host=f"listen 8080 {command}")
    assert judged(check("listener", port=8080, process=process), there).passed
    assert judged(check("process", command=process), there).passed


def test_listeners_by_protocol() -> None:
    assert judged(check("listener", port=53, protocol="udp"), picture()).passed
    assert judged(check("listener", port=8080, protocol="udp"), picture(host=f"listen 8080 {SERVER}")).diagnosis


def test_nobody_listens() -> None:
    verdict = judged(INSIDE, picture(netns_dustin=""))
    assert (verdict.diagnosis, says(verdict)) == (
        "not-listening",
        "Nobody listens on port 8080 in `netns_dustin` yet.",
    )
    assert judged(INSIDE, picture()).diagnosis == "no-namespace"
    refused = Run("sudo ip netns exec netns_dustin python3 -m http-server 8080", 1, "No module named http-server\n")
    assert "No module named http-server" in (says(judged(INSIDE, picture(netns_dustin=""), refused)) or "")


def test_a_server_of_an_earlier_step_on_the_host_is_no_slip() -> None:
    assert judged(INSIDE, picture(host=f"listen 8080 {SERVER}", netns_dustin="")).diagnosis == "not-listening"


def test_a_server_started_on_the_host() -> None:
    verdict = judged(INSIDE, picture(host=f"listen 8080 {SERVER}", netns_dustin=""), Run(SERVER, None))
    assert (verdict.diagnosis, says(verdict)) == (
        "wrong-place",
        "python3 (pid 20) listens on the host; this step needs it in `netns_dustin`.",
    )


def test_a_port_that_is_taken() -> None:
    verdict = judged(ON_HOST, picture(host="listen 8080 nc -lk 8080"), Run(SERVER, 1, TAKEN))
    assert (verdict.diagnosis, says(verdict)) == (
        "port-taken",
        "Something else already listens on 8080: nc (pid 20) on the host.",
    )
    elsewhere = judged(INSIDE, picture(host=f"listen 8080 {SERVER}", netns_dustin=""), Run(SERVER, 1, TAKEN))
    assert elsewhere.diagnosis == "port-taken"
    assert says(elsewhere) == (
        "That ran on the host, where python3 (pid 20) has port 8080 already; this server belongs in `netns_dustin`."
    )


def test_another_port() -> None:
    verdict = judged(ON_HOST, picture(host="listen 8000 python3 -m http.server"))
    assert (verdict.diagnosis, says(verdict)) == (
        "wrong-port",
        "python3 (pid 20) listens on port 8000; this step needs 8080.",
    )


def test_a_listener_that_should_be_gone() -> None:
    gone = check("listener", port=8080, absent=True)
    assert judged(gone, picture()).passed
    verdict = judged(gone, picture(host=f"listen 8080 {SERVER}"))
    assert (verdict.diagnosis, says(verdict)) == (
        "still-there",
        "python3 (pid 20) still listens on 8080 on the host: Ctrl-C in its terminal ends it.",
    )
    nameless = judged(gone, picture(host="listen 8080"))
    assert "somebody still listens" in (says(nameless) or "")


def test_a_server_whose_namespace_lost_its_name() -> None:
    gone = check("listener", port=8080, namespace="netns_dustin", absent=True)
    living = picture(processes=(Process(pid=19, command=SERVER, namespace=None),))
    verdict = judged(gone, living)
    assert verdict.diagnosis == "still-there" and "python3 (pid 19) still runs" in (says(verdict) or "")
    assert judged(gone, picture(processes=(Process(pid=19, command="sleep 9", namespace=None),))).passed
    assert judged(gone, picture(netns_dustin="", processes=living.processes)).passed


def test_a_server_in_a_mistyped_namespace() -> None:
    wanted = check("listener", port=8080, namespace="netns_dustin")
    run = Run(f"sudo ip netns exec netns_dustn {SERVER}", 1, 'Cannot open network namespace "netns_dustn"\n')
    assert "`netns_dustn`, which does not exist" in (says(judged(wanted, picture(netns_dustin=""), run)) or "")


def test_processes() -> None:
    there = picture(host="runs tail -f /var/log/x", netns_dustin="")
    assert judged(check("process", command="tail"), there).passed
    assert judged(check("process", command="tail -f"), there).passed
    assert judged(check("process", command="tailor"), there).diagnosis == "not-there"
    assert judged(check("process", command="tail", absent=True), there).diagnosis == "still-there"
    assert judged(check("process", command="tail", namespace="netns_dustin", absent=True), there).passed
    inside = check("process", command="tail", namespace="netns_dustin")
    assert judged(inside, there).diagnosis == "not-there"
    assert judged(inside, there, Run("tail -f /var/log/x", None)).diagnosis == "wrong-place"
    assert judged(check("process", command="tail", namespace="none"), there).diagnosis == "no-namespace"
