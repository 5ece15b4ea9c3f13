"""The outside world as the lab's own tools see it."""

from __future__ import annotations

import pytest

from engine.lab import Lab
from tests.agent.conftest import run

pytestmark = pytest.mark.lab


async def test_names(lab: Lab) -> None:
    assert "220.181.38.150" in await run(lab, "getent hosts www.baidu.com")
    for server in ("", "@114.114.114.114"):
        for transport in ("", "+tcp"):
            text = await run(lab, f"dig +short {transport} www.baidu.com {server}")
            assert text == "www.a.shifen.com.\n220.181.38.150\n"
    assert await run(lab, "dig +short -x 220.181.38.150") == "www.a.shifen.com.\n"
    assert "status: NXDOMAIN" in await run(lab, "dig www.nowhere.example")
    assert "ANSWER: 0" in await run(lab, "dig baidu.com")
    assert await run(lab, "dig +short AAAA www.a.shifen.com") == ""


async def test_pages(lab: Lab) -> None:
    assert "www.baidu.com" in await run(lab, "curl --silent --fail www.baidu.com")
    assert "200 OK" in await run(lab, "curl --silent --head www.baidu.com")
    assert await run(lab, "curl --silent -o /dev/null -w '%{http_code}' www.baidu.com/none") == "404"
    assert await run(lab, "curl --silent -o /dev/null -w '%{http_code}' -d x=y www.baidu.com/") == "501"


async def test_what_is_not_served(lab: Lab) -> None:
    completed = await lab.run(
        "curl --silent --max-time 20 114.114.114.114; echo $?; curl --silent 192.168.0.1; echo $?"
    )
    assert completed.output == "7\n7\n"


async def test_nonsense_does_no_harm(lab: Lab) -> None:
    code = (
        "import socket\n"
        "for address in ('114.114.114.114', '127.0.0.53'):\n"
        "    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "    for data in (b'', b'x', b'12\\x00' + bytes(9), b'\\xff' * 600, b'12\\x01\\x00\\x00\\x09' + bytes(30)):\n"
        "        udp.sendto(data, (address, 53))\n"
        "    for port_data in ((53, b'\\x00'), (53, b'\\xff\\xffabc'), (53, b'\\x00\\x00')):\n"
        "        with socket.create_connection((address, port_data[0])) as tcp:\n"
        "            tcp.sendall(port_data[1])\n"
        "for data in (b'\\r\\n\\r\\n', b'GET\\r\\n\\r\\n', b'\\xff' * 100000, b'GET / HTTP/1.1\\r\\n'):\n"
        "    with socket.create_connection(('220.181.38.150', 80)) as tcp:\n"
        "        try: tcp.sendall(data)\n"
        "        except OSError: pass\n"
    )
    await run(lab, f'python3 -c "{code}"')
    assert "220.181.38.150" in await run(lab, "getent hosts www.baidu.com")
    assert "www.baidu.com" in await run(lab, "curl --silent --fail www.baidu.com")


async def test_many_at_once(lab: Lab) -> None:
    text = await run(lab, "for n in $(seq 40); do curl --silent --fail www.baidu.com | grep -c h1 & done; wait")
    assert text == "1\n" * 40


async def test_the_world_has_no_way_back_to_the_course_s_networks(lab: Lab) -> None:
    await run(lab, "ip link add dev lone type bridge", "ip address add 10.0.0.9/24 dev lone", "ip link set lone up")
    completed = await lab.run("ping -c 1 -W 1 -I 10.0.0.9 114.114.114.114")
    assert completed.exit == 1 and "100% packet loss" in completed.output


async def test_the_stubs_port_is_taken_on_its_address_only(lab: Lab) -> None:
    listen = "import socket; s = socket.socket(); s.bind(('{}', 53)); print('bound')"
    assert await run(lab, f'python3 -c "{listen.format("127.0.0.1")}"') == "bound\n"
    assert (await lab.run(f'python3 -c "{listen.format("127.0.0.53")}" 2>/dev/null')).exit == 1


async def test_the_stub_answers_again_after_lo_was_down(lab: Lab) -> None:
    await run(lab, "ip link set lo down")
    assert (await lab.run("dig +time=1 +tries=1 www.baidu.com")).exit != 0
    await run(lab, "ip link set lo up")
    assert "220.181.38.150" in await run(lab, "getent hosts www.baidu.com")
