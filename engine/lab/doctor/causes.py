"""From facts to findings: what is there, what is not, why, and the line that mends it. Pure."""

from __future__ import annotations

from engine.lab.doctor.facts import Facts, Finding, Remedy, Tool
from engine.lab.doctor.kernel import kernel_findings
from engine.lab.doctor.tools import install_line
from engine.messages import Message

_OTHER_SYSTEMS = {
    "Windows": ("wsl --install -d Debian",),
    "Darwin": ("limactl start template://debian", "limactl shell debian"),
}
_CONTAINER = 'docker run -it --privileged -v "$PWD:/nsteps" debian:13 /nsteps/nsteps'


def findings(facts: Facts) -> tuple[Finding, ...]:
    """Everything to be said about a machine, in the order in which a person reads it."""
    if facts.system != "Linux":
        return (_not_linux(facts),)
    machine = Message("doctor.what.linux", {"release": facts.release, "distribution": facts.distribution or "Linux"})
    python = Message("doctor.what.python", {"version": facts.python})
    return (
        Finding(id="linux", group="machine", status="found", what=machine),
        Finding(id="python", group="machine", status="found", what=python),
        *(_tool(tool, facts) for tool in facts.tools),
        *kernel_findings(facts),
        *_lab(facts),
    )


def all_well(found: tuple[Finding, ...]) -> bool:
    """Whether a lab starts and nothing that is needed is missing."""
    started = any(one.id == "lab" and one.status == "found" for one in found)
    return started and all(one.status != "missing" for one in found)


def install_everything(facts: Facts) -> str | None:
    """One line that installs all programs that are missing; ``None`` if none is, or if it is not known how."""
    missing = [tool for tool in facts.tools if tool.path is None]
    return install_line(missing, facts.family, root=facts.root) if missing else None


def _not_linux(facts: Facts) -> Finding:
    lines = (*_OTHER_SYSTEMS.get(facts.system, ()), _CONTAINER)
    return Finding(
        id="linux",
        group="machine",
        status="missing",
        what=Message("doctor.what.not-linux", {"system": facts.system}),
        why=Message("doctor.why.not-linux"),
        remedies=tuple(Remedy(line=line) for line in lines),
    )


def _tool(tool: Tool, facts: Facts) -> Finding:
    if tool.path:
        what = Message("doctor.what.tool", {"program": tool.program, "path": tool.path})
        return Finding(id=tool.program, group="programs", status="found", what=what)
    line = install_line([tool], facts.family, root=facts.root)
    return Finding(
        id=tool.program,
        group="programs",
        status="missing" if tool.needed else "optional",
        what=Message("doctor.what.no-tool", {"program": tool.program}),
        why=Message("doctor.why.tool", {"use": Message(f"doctor.tool.{tool.program}")}),
        remedies=(Remedy(line=line),) if line else (),
    )


def _lab(facts: Facts) -> tuple[Finding, ...]:
    if facts.lab is None:
        return ()
    if facts.lab.seconds is not None:
        what = Message("doctor.what.lab", {"seconds": f"{facts.lab.seconds:.2f}"})
        return (Finding(id="lab", group="lab", status="found", what=what),)
    what = Message("doctor.what.no-lab")
    return (Finding(id="lab", group="lab", status="missing", what=what, why=facts.lab.error),)
