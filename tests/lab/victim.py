"""A program that makes labs and works in them until it is killed. ``test_death.py`` kills it."""

from __future__ import annotations

import asyncio

from engine.lab import Lab


async def main() -> None:
    """See the module."""
    while True:
        async with await Lab.start() as lab:
            shell = await lab.shell("T1")
            shell.write(b"(setsid sleep 1000 &); ip netns add a; ip netns exec a python3 -m http.server\r")
            others = await asyncio.gather(Lab.start(), Lab.start())
            await asyncio.gather(lab.refresh(), lab.shell("T2"), lab.run("sleep 1000 & sleep 0.01"))
            for other in others:
                await other.close()


asyncio.run(main())
