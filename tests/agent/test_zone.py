"""The name server's answers, without a network."""

from __future__ import annotations

import pytest
from dnslib import EDNS0, QTYPE, RCODE, DNSRecord

from engine.lab.agent.zone import answer, cut_for_udp, server_failure


def ask(name: str, kind: str = "A") -> DNSRecord:
    reply = answer(DNSRecord.question(name, kind).pack())
    assert reply is not None
    return DNSRecord.parse(reply)


@pytest.mark.parametrize(
    ("name", "kind", "records"),
    [
        ("www.baidu.com", "A", ["CNAME www.a.shifen.com.", "A 220.181.38.150"]),
        ("WWW.Baidu.COM", "A", ["CNAME www.a.shifen.com.", "A 220.181.38.150"]),
        ("www.baidu.com", "CNAME", ["CNAME www.a.shifen.com."]),
        ("www.baidu.com", "AAAA", ["CNAME www.a.shifen.com."]),
        ("www.a.shifen.com", "A", ["A 220.181.38.150"]),
        ("www.a.shifen.com", "AAAA", []),
        ("150.38.181.220.in-addr.arpa", "PTR", ["PTR www.a.shifen.com."]),
    ],
)
def test_records(name: str, kind: str, records: list[str]) -> None:
    reply = ask(name, kind)
    assert [f"{QTYPE.get(record.rtype)} {record.rdata}" for record in reply.rr] == records
    assert reply.header.rcode == RCODE.NOERROR
    whole = bool(records) and (kind != "AAAA")
    assert bool(reply.auth) is not whole


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nowhere.example", "NXDOMAIN"),
        ("x.www.baidu.com", "NXDOMAIN"),
        ("baidu.com", "NOERROR"),
        ("com", "NOERROR"),
        (".", "NOERROR"),
        ("aidu.com", "NXDOMAIN"),
    ],
)
def test_names_without_records(name: str, code: str) -> None:
    reply = ask(name)
    assert (RCODE.get(reply.header.rcode), reply.rr) == (code, [])
    assert QTYPE.get(reply.auth[0].rtype) == "SOA"


def test_what_is_not_understood() -> None:
    assert answer(b"") is None
    assert answer(b"x" * 5) is None
    assert answer(bytes(2) + b"\x80" + bytes(20)) is None  # an answer, not a question
    malformed = answer(b"\x12\x34\x01\x00\x00\x01" + b"\xff" * 20)
    assert malformed is not None
    header = DNSRecord.parse(malformed).header
    assert (header.id, RCODE.get(header.rcode)) == (0x1234, "FORMERR")
    notify = DNSRecord.question("www.baidu.com")
    notify.header.opcode = 4
    refused = answer(notify.pack())
    assert refused is not None and RCODE.get(DNSRecord.parse(refused).header.rcode) == "NOTIMP"


def test_edns_is_answered_in_kind() -> None:
    question = DNSRecord.question("www.baidu.com")
    question.add_ar(EDNS0(udp_len=4096))
    reply = answer(question.pack())
    assert reply is not None
    assert [record.rtype for record in DNSRecord.parse(reply).ar] == [QTYPE.OPT]


def test_a_resolver_that_could_not_ask() -> None:
    question = DNSRecord.question("www.baidu.com")
    reply = server_failure(question.pack())
    assert reply is not None
    header = DNSRecord.parse(reply).header
    assert (header.id, RCODE.get(header.rcode)) == (question.header.id, "SERVFAIL")
    assert server_failure(b"x") is None


def test_an_answer_too_long_for_a_datagram_says_so() -> None:
    small = ask("www.baidu.com").pack()
    assert cut_for_udp(small) == small
    large = ask("www.baidu.com")
    for _ in range(60):
        large.add_answer(large.rr[0])
    cut = DNSRecord.parse(cut_for_udp(large.pack()))
    assert cut.header.tc == 1 and cut.rr == []
