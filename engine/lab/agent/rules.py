"""The iptables rules of one network namespace, both variants, as their own ``iptables-save`` prints them."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess

from engine.lab.agent.entrance import Entrance
from engine.lab.agent.legacy import LegacyTables
from engine.lab.agent.netlink import NETLINK_NETFILTER, Asker, Listener
from engine.network.iptables import parse_save
from engine.network.snapshot import Chain, Rule

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NFT_MSG_GETTABLE = (10 << 8) | 1
_NFGENMSG = bytes(4)
_NFNLGRP_NFTABLES = 7
_TIMEOUT_SECONDS = 10


class RuleReader:
    """Reads rules when told to. Made inside the namespace; owns its sockets."""

    def __init__(self, entrance: Entrance, namespace: int, *, legacy: bool) -> None:
        """``legacy``: this lab's ``iptables`` is that variant, and its tables are looked at as well."""
        self._entrance = entrance
        self._namespace = namespace
        self.events: Listener | None = None
        self._tables: Asker | None = None
        try:
            self.events = Listener(NETLINK_NETFILTER, (_NFNLGRP_NFTABLES,))
            self._tables = Asker(NETLINK_NETFILTER)
        except OSError:  # a kernel without nfnetlink has no nftables: legacy is all there can be
            self.close_nft()
        self._legacy = LegacyTables() if legacy else None
        self._seen: dict[str, bytes] = {}
        self._used: set[str] = set()
        """Legacy tables that somebody has changed: others are there only because they were asked for."""
        self.changed = True
        self.chains: tuple[Chain, ...] = ()
        self.rules: tuple[Rule, ...] = ()

    def close_nft(self) -> None:
        if self.events:
            self.events.close()
            self.events = None
        if self._tables:
            self._tables.close()
            self._tables = None

    def close(self) -> None:
        self.close_nft()
        if self._legacy:
            self._legacy.close()

    def poll(self) -> bool:
        """Whether legacy rules have changed since they were last read. nftables announces its own changes."""
        if self._legacy and self._legacy.fingerprint() != self._seen:
            self.changed = True
        return self.changed

    async def read(self, *, counters: bool) -> None:
        """Read the rules if they have changed; with ``counters``, wherever there are any."""
        if not self.poll() and not (counters and self.chains):
            return
        self.changed = False
        commands = []
        if self._has_nft_tables() and (tool := _tool("iptables-nft-save")):
            commands.append(("nft", [tool, "-c"]))
        if self._legacy and (tool := _tool("iptables-legacy-save")):
            self._seen = self._legacy.fingerprint()
            # Without -t it reads the list of tables, which an unprivileged owner may not.
            commands += [("legacy", [tool, "-c", "-t", name]) for name in self._seen]
        texts = await asyncio.gather(*(self._run(command) for _, command in commands))
        chains: list[Chain] = []
        rules: list[Rule] = []
        for (variant, _), text in zip(commands, texts, strict=True):
            some_chains, some_rules = parse_save(text, variant=variant)
            if variant == "nft" or self._is_used(some_chains, some_rules):
                chains += some_chains
                rules += some_rules
        self.chains, self.rules = tuple(chains), tuple(rules)

    def _is_used(self, chains: tuple[Chain, ...], rules: tuple[Rule, ...]) -> bool:
        """Whether a legacy table is, or once was, other than the kernel makes it."""
        if rules or any(chain.policy != "ACCEPT" for chain in chains):
            self._used.update(chain.table for chain in chains)
        return any(chain.table in self._used for chain in chains)

    def _has_nft_tables(self) -> bool:
        if self._tables is None:
            return False
        try:
            return bool(self._tables.dump(_NFT_MSG_GETTABLE, _NFGENMSG))
        except OSError:
            return False

    async def _run(self, command: list[str]) -> str:
        """The output of a tool run in the namespace, without blocking; what it said until then if it hangs."""
        ours, theirs = os.pipe()
        try:
            with self._entrance.inside(self._namespace):
                process = subprocess.Popen(  # noqa: ASYNC220 - returns once it has started; its output is awaited
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=theirs,
                    stderr=subprocess.DEVNULL,
                    env={"PATH": _PATH, "LC_ALL": "C"},
                )
        except OSError:
            os.close(ours)
            return ""
        finally:
            os.close(theirs)
        output = bytearray()
        loop = asyncio.get_running_loop()
        ended = loop.create_future()

        def readable() -> None:
            data = os.read(ours, 64 * 1024)
            output.extend(data)
            if not data and not ended.done():
                loop.remove_reader(ours)
                ended.set_result(None)

        loop.add_reader(ours, readable)
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await ended
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(ours)
            os.close(ours)
            if not ended.done() or ended.cancelled():
                process.kill()
            process.wait()
        return output.decode(errors="replace")


def _tool(name: str) -> str | None:
    """Where a tool is, whatever the caller's PATH says: an ordinary user's often lacks the sbin directories."""
    return shutil.which(name, path=_PATH)
