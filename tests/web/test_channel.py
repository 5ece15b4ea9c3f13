"""Packets over a socket."""

from __future__ import annotations

import socket

import pytest

from tui.web.channel import Channel
from tui.web.packets import DATA, META, Ended, PacketError, Resize, header, meta, packet, understood


def test_packets_arrive_whole_and_in_order() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(theirs)
    sent = packet(DATA, b"") + packet(DATA, b"x" * 50) + meta(Resize(80, 24))
    for byte in sent:
        ours.send(bytes([byte]))
    ours.close()
    got = list(channel.packets())
    assert got[:2] == [(DATA, b""), (DATA, b"x" * 50)]
    assert got[2][0] == META
    assert understood(got[2][1]) == Resize(80, 24)


def test_the_end_in_the_middle_of_a_packet_is_the_end() -> None:
    for cut in (1, 4, 5, 7):
        ours, theirs = socket.socketpair()
        ours.send(packet(DATA, b"abc")[:cut])
        ours.close()
        assert list(Channel(theirs).packets()) == []


def test_sending_to_nobody_is_no_error() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    Channel(theirs).tell(Ended(0, "bye"))


def test_no_packet() -> None:
    for data in (b"X\0\0\0\0", b"D\xff\xff\xff\xff"):
        with pytest.raises(PacketError):
            header(data)
    for payload in (b"", b"{}", b'{"type":"resize"}', b'{"type":"quit'):
        with pytest.raises(PacketError):
            understood(payload)
