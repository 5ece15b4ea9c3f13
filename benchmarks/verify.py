"""``nsteps verify`` against a plain shell script that runs the same commands and probes in the same number of labs.

    python benchmarks/verify.py [LESSON…]

Both are measured in one run, one after the other. The script gets its labs ready-made and knows nothing of checks:
it types nothing, reads nothing, judges nothing. The ratio is the price of proving. Aim: at most 1.5.
"""

from __future__ import annotations

import asyncio
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.course import load_course
from engine.course.model import Check, Command, Course, Step
from engine.lab import Lab
from engine.session.performer import INTERRUPT, SILENCE_SECONDS, _lines_before_interrupt
from engine.session.progress import live
from engine.session.proof import LABS_AT_ONCE, prove
from engine.session.replay import entries_before
from engine.verify import PROBE_KINDS

PRELUDE = """
sudo() { "$@"; }
up() { until [ "$(listening)" != "$1" ] || ! kill -0 $2 2>/dev/null; do sleep 0.01; done; }
seen() {
    for i in $(seq 1000); do
        [ $(wc -l </tmp/shown) -ge $2 ] && break
        kill -0 $1 2>/dev/null || break
        sleep 0.01
    done
    kill -0 $1 2>/dev/null && sleep $3
    kill -TERM $1 2>/dev/null
    wait $1 2>/dev/null
}
listening() { ss -ltnH; ip -all netns exec ss -ltnH 2>/dev/null; }
"""


def command_lines(command: Command) -> str:
    """One reference command as a script does it."""
    terminal = command.terminal
    if command.text == INTERRUPT:
        return f"kill ${terminal} 2>/dev/null; wait ${terminal} 2>/dev/null"
    if command.runs:
        return f'before=$(listening); {command.text} >/dev/null 2>&1 & {terminal}=$!; up "$before" ${terminal}'
    if command.interrupt:
        lines = len(_lines_before_interrupt(command)) or 1
        silence = SILENCE_SECONDS if command.exit != 0 else 0
        return f"stdbuf -oL bash -c {shlex.quote(command.text)} >/tmp/shown 2>&1 & seen $! {lines} {silence}"
    return f"{{ {command.text}\n}} >/dev/null 2>&1 </dev/null"


def probe_lines(checks: Sequence[Check]) -> str:
    """The probes of a step's checks, side by side."""
    lines = [f"{{ {_probe(check)}\n}} >/dev/null 2>&1 & probes+=($!)" for check in checks if check.kind in PROBE_KINDS]
    return "\n".join(["probes=()", *lines, 'wait "${probes[@]}"']) if lines else ""


def _probe(check: Check) -> str:
    fields = check.fields
    match check.kind:
        case "ping":
            tool = f"ping -c 1 -W 1 {fields['to']}"
        case "curl":
            tool = f"curl -s -m 1 {shlex.quote(str(fields['url']))}"
        case "dig":
            server = f"@{fields['server']} " if "server" in fields else ""
            tool = f"dig +time=1 +tries=1 {server}{fields['name']}"
        case _:
            tool = f"timeout 1 bash -c '</dev/tcp/{fields['to']}/{fields['port']}'"
    space = fields.get("namespace", "host")
    return tool if space == "host" else f"ip netns exec {space} {tool}"


def before_lines(course: Course, step: Step) -> str:
    """What brings a lab to just before the step."""
    entries = live(entries_before(course, step))
    return "\n".join(
        command_lines(Command(text=one.text, terminal=one.terminal, runs=one.runs))
        for one in sorted(entries, key=lambda one: one.runs)
    )


def scripts(course: Course, steps: Sequence[Step]) -> list[str]:
    """The course itself, then one script for each other right way and each mistake."""
    main = [PRELUDE, before_lines(course, steps[0])]
    found = []
    for step in steps:
        main += [probe_lines(step.checks), *map(command_lines, step.commands), probe_lines(step.checks)]
        for one in (*step.accepted, *step.mistakes):
            body = [command_lines(command) for command in one.commands]
            found.append("\n".join([PRELUDE, before_lines(course, step), *body, probe_lines(step.checks)]))
    return ["\n".join(main), *found]


async def run_scripts(texts: Sequence[str]) -> float:
    """Seconds for all of them, as many at once as the proof runs."""
    limit = asyncio.Semaphore(LABS_AT_ONCE)

    async def one(text: str, first: bool) -> None:
        if first:  # the course's own lab does not wait for a place, there as here
            async with await Lab.start() as lab:
                await lab.run(text, timeout_seconds=300)
            return
        async with limit, await Lab.start() as lab:
            await lab.run(text, timeout_seconds=45)

    started = time.monotonic()
    await asyncio.gather(*(one(text, not index) for index, text in enumerate(texts)))
    return time.monotonic() - started


async def main() -> None:
    """Measure and print."""
    course = load_course()
    wanted = sys.argv[1:]
    lessons = [lesson for lesson in course.lessons if not wanted or lesson.id in wanted]
    steps = [step for lesson in lessons for step in lesson.steps]
    async with await Lab.start() as lab:  # both find everything warm
        await lab.refresh()
    texts = scripts(course, steps)
    plain = await run_scripts(texts)
    proof = await prove(course, lessons)
    print(f"labs                 {len(texts)}")
    print(f"plain shell script   {plain:6.1f} s")
    print(f"nsteps verify        {proof.seconds:6.1f} s   {'proved' if proof.passed else 'NOT PROVED'}")
    print(f"ratio                {proof.seconds / plain:6.2f}     (aim: at most 1.5)")


if __name__ == "__main__":
    asyncio.run(main())
