"""What the outside world's name server knows, and how it answers (RFC 1034, RFC 2308)."""

from __future__ import annotations

from dnslib import CLASS, CNAME, PTR, QTYPE, RCODE, RR, SOA, A, DNSHeader, DNSQuestion, DNSRecord
from dnslib.dns import DNSError

NAME_SERVER = "114.114.114.114"
WEB_SERVER = "220.181.38.150"

_TTL_SECONDS = 300
_RECORDS = {
    "www.baidu.com": (("CNAME", "www.a.shifen.com"),),
    "www.a.shifen.com": (("A", WEB_SERVER),),
    "public1.114dns.com": (("A", NAME_SERVER),),
    "150.38.181.220.in-addr.arpa": (("PTR", "www.a.shifen.com"),),
    "114.114.114.114.in-addr.arpa": (("PTR", "public1.114dns.com"),),
}
_DATA = {"A": A, "CNAME": CNAME, "PTR": PTR}
_LARGEST_UDP_BYTES = 512


def answer(question: bytes) -> bytes | None:
    """The answer to a DNS message, or ``None`` for one that no answer can be given to."""
    try:
        query = DNSRecord.parse(question)
    except (DNSError, UnicodeError, ValueError):
        return _cannot_read(question)
    if query.header.qr:
        return None
    reply = query.reply(ra=1, aa=0)
    if query.header.opcode != 0 or len(query.questions) != 1 or query.q.qclass != CLASS.IN:
        reply.header.rcode = RCODE.NOTIMP
        return bytes(reply.pack())
    asked: DNSQuestion = query.q
    _look_up(reply, str(asked.qname).rstrip(".").lower(), QTYPE.get(asked.qtype))
    if any(record.rtype == QTYPE.OPT for record in query.ar):
        reply.add_ar(RR("", QTYPE.OPT, rclass=1232, rdata=[]))
    return bytes(reply.pack())


def cut_for_udp(reply: bytes) -> bytes:
    """``reply`` if a datagram holds it, else its head that says: ask by TCP."""
    if len(reply) <= _LARGEST_UDP_BYTES:
        return reply
    return bytes(DNSRecord.parse(reply).truncate().pack())


def server_failure(question: bytes) -> bytes | None:
    """The answer of a resolver that could not get one."""
    try:
        query = DNSRecord.parse(question)
    except (DNSError, UnicodeError, ValueError):
        return _cannot_read(question)
    reply = query.reply(ra=1, aa=0)
    reply.header.rcode = RCODE.SERVFAIL
    return bytes(reply.pack())


def _look_up(reply: DNSRecord, name: str, kind: str) -> None:
    seen: set[str] = set()
    while name in _RECORDS and name not in seen:
        seen.add(name)
        target = None
        for its_kind, value in _RECORDS[name]:
            if its_kind == kind or its_kind == "CNAME" or kind == "ANY":
                reply.add_answer(RR(name, getattr(QTYPE, its_kind), rdata=_DATA[its_kind](value), ttl=_TTL_SECONDS))
            if its_kind == "CNAME" and kind not in ("CNAME", "ANY"):
                target = value
        if target is None:
            break
        name = target
    if not any(record.rtype != QTYPE.CNAME or kind == "CNAME" for record in reply.rr):
        # Neither a record of that kind nor, perhaps, the name; one below which there are names exists, RFC 8020.
        exists = any(known == name or known.endswith(f".{name}") for known in _RECORDS) or name == ""
        reply.header.rcode = RCODE.NOERROR if exists else RCODE.NXDOMAIN
        zone = ".".join(name.split(".")[-2:]) or "."
        start = SOA("a.gtld-servers.net", "nstld.verisign-grs.com", (1, 1800, 900, 604800, _TTL_SECONDS))
        reply.add_auth(RR(zone, QTYPE.SOA, rdata=start, ttl=_TTL_SECONDS))


def _cannot_read(question: bytes) -> bytes | None:
    if len(question) < 12 or question[2] & 0x80:
        return None
    header = DNSHeader(id=int.from_bytes(question[:2], "big"), qr=1, ra=1, rcode=RCODE.FORMERR)
    return bytes(DNSRecord(header).pack())
