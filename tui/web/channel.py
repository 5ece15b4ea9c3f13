"""The learner's process's end of the socket to the web server. Blocking: a slow browser slows it down."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

from tui.web.packets import HEADER_BYTES, Meta, header, meta


class Channel:
    """See the module. Once the server is gone, what is sent is dropped and :meth:`packets` ends."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(True)
        connection.set_inheritable(False)
        self._connection = connection
        self._reader = connection.makefile("rb")
        self._sending = threading.Lock()

    def send(self, data: bytes) -> None:
        """One packet, whole."""
        with self._sending:
            try:
                self._connection.sendall(data)
            except OSError:  # gone: the end of the packets tells the application
                return

    def tell(self, what: Meta) -> None:
        """One packet that is not data."""
        self.send(meta(what))

    def packets(self) -> Iterator[tuple[bytes, bytes]]:
        """Kind and payload of each packet, until the server closes the socket or ends."""
        while True:
            try:
                head = self._reader.read(HEADER_BYTES)
                if len(head) < HEADER_BYTES:
                    return
                kind, size = header(head)
                payload = self._reader.read(size)
            except OSError:
                return
            if len(payload) < size:
                return
            yield kind, payload
