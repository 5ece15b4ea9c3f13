"""Look at this machine, try what a lab is made of, and start a real lab."""

from __future__ import annotations

import asyncio
import platform
import time

import msgspec

from engine.lab.doctor import machine, tools
from engine.lab.doctor.facts import Facts, LabTrial
from engine.messages import Message

LAB_TIMEOUT_SECONDS = 60.0


async def examine() -> Facts:
    """Everything about this machine that a lab depends on. Takes about a second; changes nothing."""
    system = platform.system()
    if system != "Linux":
        return Facts(system=system, release=platform.release())
    from engine.lab.doctor import trials  # they need what only Linux has
    from engine.lab.linux import is_real_root

    name, family = machine.distribution()
    found = tuple(msgspec.structs.replace(tool, path=tools.find(tool)) for tool in tools.listed_tools())
    return Facts(
        system=system,
        release=platform.release(),
        python=platform.python_version(),
        distribution=name,
        family=family,
        root=is_real_root(),
        container=machine.container(),
        chroot=machine.in_chroot(),
        filtered=machine.filtered(),
        sysctls=machine.sysctls(),
        tools=found,
        trials=trials.run_all(bwrap=any(tool.program == "bwrap" and tool.path for tool in found)),
        lab=await start_lab(),
    )


async def start_lab() -> LabTrial:
    """Start a real lab up to its first prompt, as a learner would get it, and end it."""
    from engine.lab import Lab, LabError

    began = time.monotonic()
    try:
        async with asyncio.timeout(LAB_TIMEOUT_SECONDS), await Lab.start() as lab:
            shell = await lab.shell("T1")
            await shell.wait_prompt()
            return LabTrial(seconds=time.monotonic() - began)
    except LabError as error:
        return LabTrial(error=error.message)
    except TimeoutError:
        return LabTrial(error=Message("doctor.lab.timeout", {"seconds": f"{LAB_TIMEOUT_SECONDS:.0f}"}))
