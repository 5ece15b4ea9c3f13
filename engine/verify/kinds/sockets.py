"""``listener``: somebody listens on a port in a namespace; ``process``: a program runs in it."""

from __future__ import annotations

import re
from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST, Listener, Namespace
from engine.verify.scene import Scene, Use
from engine.verify.slips import failure, from_commands, is_elsewhere, ran_elsewhere
from engine.verify.verdict import Finding
from engine.verify.wording import either, place, quote, say
from engine.verify.wrappers import EACH, UNKNOWN

_IN_USE = re.compile(r"address already in use|errno 98|already in use", re.I)
_LOWEST_USER_PORT = 1024


def listener_expected(fields: dict[str, Any]) -> Message:
    where, port = place(fields.get("namespace", HOST)), either(fields["port"])
    if fields.get("absent"):
        return say("listener.expected-absent", port=port, where=where)
    if process := fields.get("process"):
        return say("listener.expected-process", process=either(process), port=port, where=where)
    return say("listener.expected", port=port, where=where)


def listener_judge(fields: dict[str, Any], scene: Scene) -> Finding:
    port, namespace = int(fields["port"]), fields.get("namespace", HOST)
    space, where = scene.space(namespace), place(namespace)
    here = listening(space, port, fields.get("protocol", "tcp")) if space else []
    fitting = [one for one in here if _fits(one, fields, scene)]
    none = say("listener.none", port=port, where=where)
    if fields.get("absent"):
        if not fitting:
            return _nobody(port, namespace, scene) or Finding(none)
        observed = _observed(fitting[0], namespace, scene)
        return Finding(
            observed, "still-there", say("listener.hint-still", who=who(fitting[0], scene), port=port, where=where)
        )
    if space is None:
        return scene.no_namespace(namespace)
    if fitting:
        return Finding(_observed(fitting[0], namespace, scene))
    if here:
        return Finding(_observed(here[0], namespace, scene), "port-taken", taken(here[0], namespace, scene))
    return Finding(none, *_not_listening(fields, scene, space))


def _nobody(port: int, namespace: str, scene: Scene) -> Finding | None:
    """A server whose namespace has lost its name (``ip netns delete``) lives on where nobody can look: it is told by
    its command line, which names the port. ``None``: there is none."""
    if scene.space(namespace) is not None:
        return None
    for one in scene.snapshot.processes:
        words = one.command.split()
        if one.namespace is None and str(port) in words:
            what = say("listener.who", process=words[0].rsplit("/", 1)[-1], pid=one.pid)
            observed = say("process.there", command=quote(one.command), where=place(UNKNOWN))
            return Finding(observed, "still-there", say("listener.hint-nameless", who=what, pid=one.pid))
    return None


def _not_listening(fields: dict[str, Any], scene: Scene, space: Namespace) -> tuple[str, Message]:
    port, protocol, where = int(fields["port"]), fields.get("protocol", "tcp"), place(space.name)
    others = [one for one in space.listeners if one.protocol == protocol and one.port >= _LOWEST_USER_PORT]
    if found := next((one for one in others if _fits(one, fields, scene)), None):
        return "wrong-port", say("listener.hint-port", who=who(found, scene), found=found.port, port=port)
    for use in scene.uses():
        if not _starts(use, fields):
            continue
        for one in listening(scene.space(use.namespace), port, protocol):
            if use.failed and _IN_USE.search(use.run.output):
                if not is_elsewhere(use, space.name):
                    return "port-taken", taken(one, use.namespace, scene)
                where_taken = place(use.namespace)
                hint = say(
                    "listener.hint-taken-elsewhere", who=who(one, scene), port=port, found=where_taken, where=where
                )
                return "port-taken", hint
            if is_elsewhere(use, space.name) and not use.failed:
                hint = say("listener.hint-elsewhere", who=who(one, scene), found=place(use.namespace), where=where)
                return "wrong-place", hint
        if use.failed and scene.space(use.namespace) is None and use.namespace not in (EACH, UNKNOWN):
            return "not-listening", ran_elsewhere(use, space.name, scene)
        if use.failed:
            return "not-listening", failure(use.run)
        break
    return from_commands(
        scene, (str(port),), space.name, "not-listening", say("listener.hint-none", port=port, where=where)
    )


def _starts(use: Use, fields: dict[str, Any]) -> bool:
    """Whether a command looks like one that was to open that port."""
    process = str(fields.get("process", "")).split(" ")[0]
    return bool(process and use.invocation.program.startswith(process)) or use.mentions(str(fields["port"]))


def listening(space: Namespace | None, port: int, protocol: str = "tcp") -> list[Listener]:
    """Who has that port in ``space``."""
    return [one for one in space.listeners if one.port == port and one.protocol == protocol] if space else []


def taken(one: Listener, namespace: str, scene: Scene) -> Message:
    """*Something else already listens on 8080: python3 (pid 23) on the host.*"""
    return say("listener.hint-taken", port=one.port, who=who(one, scene), where=place(namespace))


def who(one: Listener, scene: Scene) -> object:
    """The process behind a socket: *python3 (pid 23)*."""
    name = (one.process or "").split(" ")[0].rsplit("/", 1)[-1]
    if not name and (process := scene.process(one.pid)):
        name = process.command.split(" ")[0].rsplit("/", 1)[-1]
    if not name:
        return say("listener.somebody")
    return say("listener.who", process=name, pid=one.pid) if one.pid is not None else name


def _fits(one: Listener, fields: dict[str, Any], scene: Scene) -> bool:
    wanted = fields.get("process")
    if not wanted:
        return True
    process = scene.process(one.pid)
    return runs(one.process or "", wanted) or bool(process and runs(process.command, wanted))


def _observed(one: Listener, namespace: str, scene: Scene) -> Message:
    return say("listener.there", who=who(one, scene), port=one.port, where=place(namespace))


def process_expected(fields: dict[str, Any]) -> Message:
    where, command = place(fields.get("namespace", HOST)), either(fields["command"])
    if fields.get("absent"):
        return say("process.expected-absent", command=command, where=where)
    return say("process.there", command=command, where=where)


def process_judge(fields: dict[str, Any], scene: Scene) -> Finding:
    command, namespace = fields["command"], fields.get("namespace", HOST)
    where = place(namespace)
    found = [one for one in scene.snapshot.processes if runs(one.command, command)]
    here = [one for one in found if one.namespace == namespace]
    none = say("process.none", command=command, where=where)
    if fields.get("absent"):
        if not here:
            return Finding(none)
        observed = say("process.there", command=quote(here[0].command), where=where)
        return Finding(
            observed, "still-there", say("process.hint-still", command=command, pid=here[0].pid, where=where)
        )
    if scene.space(namespace) is None:
        return scene.no_namespace(namespace)
    if here:
        return Finding(say("process.there", command=quote(here[0].command), where=where))
    name = command.split(" ")[0]
    for use in scene.uses():
        if not use.invocation.program.startswith(name):
            continue
        if is_elsewhere(use, namespace) and (
            other := next((one for one in found if one.namespace == use.namespace), None)
        ):
            what = say("listener.who", process=name, pid=other.pid)
            return Finding(
                none, "wrong-place", say("process.hint-elsewhere", who=what, found=place(use.namespace), where=where)
            )
    return Finding(
        none,
        *from_commands(scene, (name,), namespace, "not-there", say("process.hint-none", command=command, where=where)),
    )


def runs(command_line: str, wanted: str) -> bool:
    """Whether a command line begins with ``wanted``, its directory and version aside, or holds it as a word."""
    words, asked = command_line.split(), wanted.split()
    if not words or not asked:
        return False
    program = words[0].rsplit("/", 1)[-1]
    begins = [program, *words[1:]][1 : len(asked)] == asked[1:]
    if begins and asked[0] in (words[0], program, re.sub(r"[\d.]+$", "", program), re.sub(r"\.\d+$", "", program)):
        return True
    return len(asked) == 1 and wanted in words
