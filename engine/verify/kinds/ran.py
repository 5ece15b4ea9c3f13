"""``ran``: the learner ran a command in this step, and it ended, and showed, as it should.

A command counts however it is wrapped: ``sudo``, ``ip netns exec``, ``ip -n``, ``nsenter``, a shell opened inside the
namespace, ``bash -c``, a pipe, a list. Of several commands one has to fulfil everything. Without ``namespace`` it may
have run anywhere: what it shows is then what counts. ``exit: running`` is a command that still runs in its terminal, or
one in the background whose process is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST
from engine.verify.expressions import readable
from engine.verify.fields import variants
from engine.verify.kinds.files import nameservers
from engine.verify.kinds.sockets import listening, taken
from engine.verify.names import near
from engine.verify.scene import Command, Scene, Use
from engine.verify.slips import error_line, ran_elsewhere
from engine.verify.verdict import Finding
from engine.verify.wording import either, listed, place, quote, say
from engine.verify.wrappers import UNKNOWN

RUNNING, FAILURE = "running", "failure"
_NOT_FOUND = 127
_IN_USE = re.compile(r"address already in use|errno 98", re.I)
_UNRESOLVED = re.compile(r"name resolution|not known|could not resolve|unable to resolve", re.I)
_PORT = re.compile(r"\b(\d{2,5})\b")


def expected(fields: dict[str, Any]) -> Message:
    parts: list[Message] = []
    if words := _list(fields, "words"):
        parts.append(say("ran.with", words=" ".join(words)))
    if "exit" in fields:
        parts.append(_ends(fields["exit"]))
    if shows := _list(fields, "shows"):
        parts.append(say("ran.showing", shows=", ".join(map(readable, shows))))
    what = _expected_program(_list(fields, "program"), fields.get("namespace"))
    return say("ran.expected-how", what=what, how=listed(parts)) if parts else what


def _expected_program(programs: list[str], namespace: object) -> Message:
    if namespace is None:
        return say("ran.expected-anywhere", program=_named(programs)) if programs else say("ran.expected-any")
    if programs:
        return say("ran.expected", program=_named(programs), where=place(namespace))
    return say("ran.expected-any-there", where=place(namespace))


def _named(programs: list[str]) -> object:
    """Each program's name in a code span of its own: *`ss` or `netstat`*."""
    return either([f"`{one}`" for one in programs])


def _ends(exit: object) -> Message:
    if isinstance(exit, list):
        return say("ran.exit", exit=either(exit))
    if exit == RUNNING:
        return say("ran.runs")
    return say("ran.fails") if exit == FAILURE else say("ran.succeeds") if exit == 0 else say("ran.exit", exit=exit)


@dataclass(frozen=True)
class _Try:
    """How near one command came: what it lacks, the most basic first."""

    use: Use
    elsewhere: bool
    wrong_exit: bool
    lacks: tuple[str, ...]
    """The expressions that its output does not show."""

    @property
    def good(self) -> bool:
        return not (self.elsewhere or self.wrong_exit or self.lacks)

    @property
    def faults(self) -> int:
        return self.elsewhere + self.wrong_exit + bool(self.lacks)


def judge(fields: dict[str, Any], scene: Scene) -> Finding:
    tries = [_try(use, fields, scene) for use in scene.uses() if _is_meant(use, fields)]
    good = next((one for one in tries if one.good), None)
    if good:
        return Finding(_observed(good.use))
    done = _of_other_checks(fields, scene)
    candidates = [one for one in tries if id(one.use.run) not in done]
    if not candidates:
        return _not_run(fields, scene, tries)
    unnamed = not fields.get("program") and not fields.get("words")
    best = min(candidates, key=lambda one: not one.use.run.output.strip() if unnamed else one.faults)
    if best.lacks and (unnamed or best.elsewhere) and not best.use.run.output.strip():
        return _not_run(fields, scene, [])
    if best.lacks and unnamed and best.elsewhere and best.use.failed and scene.space(best.use.namespace):
        return _not_run(fields, scene, [])  # it was to change something; nobody has looked yet
    return Finding(_observed(best.use), *_fault(best, fields, scene))


def _of_other_checks(fields: dict[str, Any], scene: Scene) -> set[int]:
    """The commands that other checks of the step asked for, one for each: they are no failed try at this one."""
    done = set()
    for check in scene.checks:
        if check.kind != "ran" or fields in variants(check.fields):
            continue
        for other in variants(check.fields):
            fulfilling = [use for use in scene.uses() if _is_meant(use, other) and _try(use, other, scene).good]
            done |= {id(use.run) for use in fulfilling[-1:]}
    return done


def _is_meant(use: Use, fields: dict[str, Any]) -> bool:
    programs, words = _list(fields, "program"), _list(fields, "words")
    if programs and not any(_same_program(use.invocation.program, one) for one in programs):
        return False
    return all(word in use.run.text for word in words)


def _same_program(program: str, wanted: str) -> bool:
    """``python3.11`` is ``python3``, ``iptables-nft`` is ``iptables``."""
    return wanted in (program, re.sub(r"\.\d+$", "", program), re.sub(r"-(nft|legacy)(?=-|$)", "", program))


def _try(use: Use, fields: dict[str, Any], scene: Scene) -> _Try:
    return _Try(
        use=use,
        elsewhere=fields.get("namespace") is not None and not use.is_in(fields["namespace"]),
        wrong_exit="exit" in fields and not _ended_so(use, fields["exit"], scene),
        lacks=tuple(one for one in _list(fields, "shows") if not re.search(one, use.run.output, re.M)),
    )


def _ended_so(use: Use, exit: object, scene: Scene) -> bool:
    if isinstance(exit, list):
        return any(_ended_so(use, one, scene) for one in exit)
    if exit == RUNNING:
        return use.run.exit is None or _goes_on(use, scene)
    if use.run.exit is None:
        return False
    if exit == FAILURE:
        return use.run.exit != 0 or _complained(use)
    return use.run.exit == exit


def _complained(use: Use) -> bool:
    """Whether a program failed although the line ended well: ``curl there; ls``, ``curl there | tail``."""
    program = re.escape(use.invocation.program)
    return bool(re.search(rf"^{program}: (\(\d+\)|.*fail)", use.run.output, re.M | re.I))


def _goes_on(use: Use, scene: Scene) -> bool:
    """Whether its process is there although its prompt is back: ``&``, ``bg``, ``nohup``."""
    words = use.invocation.words
    return any(
        use.is_in(one.namespace or "?")
        and (there := one.command.split())
        and there[0].rsplit("/", 1)[-1] == use.invocation.program
        and tuple(there[1:]) == words[1:]
        for one in scene.snapshot.processes
    )


def _fault(best: _Try, fields: dict[str, Any], scene: Scene) -> tuple[str, Message]:
    use, namespace = best.use, fields.get("namespace", HOST)
    if best.elsewhere:
        return "ran-elsewhere", ran_elsewhere(use, namespace, scene)
    if best.wrong_exit:
        return _exit_fault(use, fields, scene)
    lacking = readable(best.lacks[0])
    if use.run.exit is None:
        return "not-shown", say("ran.hint-not-yet", command=quote(use.run.text), shows=lacking)
    if _asks_an_old_resolver(use, scene):
        return "not-shown", say("ran.hint-old-shell", where=place(use.namespace))
    if use.failed and (error := error_line(use.run.output)):
        return "not-shown", say("hint.command-said", command=quote(use.run.text), error=quote(error))
    return "not-shown", say("ran.hint-not-shown", command=quote(use.run.text), shows=lacking)


def _asks_an_old_resolver(use: Use, scene: Scene) -> bool:
    """Whether a name was not found in a shell that was opened in a namespace before that got its name server:
    ``ip netns exec`` lays the file over ``/etc/resolv.conf`` once, when it starts."""
    space, host = scene.space(use.namespace), scene.space(HOST)
    in_a_shell = use.invocation.namespace is None and use.run.namespace not in (HOST, UNKNOWN)
    if not (in_a_shell and space and host and _UNRESOLVED.search(use.run.output)):
        return False
    return bool(nameservers(space.resolv_conf)) and nameservers(space.resolv_conf) != nameservers(host.resolv_conf)


def _exit_fault(use: Use, fields: dict[str, Any], scene: Scene) -> tuple[str, Message]:
    command, exit = quote(use.run.text), fields["exit"]
    if use.run.exit is None:
        return "wrong-exit", say("ran.hint-still-runs", command=command)
    if exit == RUNNING:
        if _IN_USE.search(use.run.output) and (hint := _port_taken(use, scene)):
            return "port-taken", hint
        if use.failed:
            return "wrong-exit", _said(use.run)
        return "wrong-exit", say("ran.hint-ended", command=command)
    if exit == FAILURE:
        return "wrong-exit", say("ran.hint-worked", command=command)
    return "wrong-exit", _said(use.run) if exit == 0 else say("ran.hint-exit", command=command, exit=use.run.exit)


def _said(run: Command) -> Message:
    error = error_line(run.output)
    if not error:
        return say("hint.command-failed", command=quote(run.text), exit=run.exit)
    return say("hint.command-said", command=quote(run.text), error=quote(error))


def _port_taken(use: Use, scene: Scene) -> Message | None:
    for port in map(int, _PORT.findall(use.run.text)):
        for one in listening(scene.space(use.namespace), port):
            return taken(one, use.namespace, scene)
    return None


def _not_run(fields: dict[str, Any], scene: Scene, tries: list[_Try]) -> Finding:
    observed = say("ran.nothing") if not scene.commands else say("ran.last", command=quote(scene.commands[-1].text))
    programs, namespace = _list(fields, "program"), fields.get("namespace")
    for use in scene.uses():
        missing = use.run.exit == _NOT_FOUND and near(use.invocation.program, programs)
        if missing:
            return Finding(observed, "not-run", say("ran.hint-typo", found=use.invocation.program, program=missing))
    if elsewhere := next((one.use for one in tries if one.elsewhere), None):
        hint = say("ran.hint-once-more", found=place(elsewhere.namespace), where=place(namespace))
        return Finding(observed, "ran-elsewhere", hint)
    if not programs:
        shows = ", ".join(map(readable, _list(fields, "shows"))) or " ".join(_list(fields, "words"))
        hint = say("ran.hint-any", shows=shows)
        if namespace:
            hint = say("ran.hint-any-there", shows=shows, where=place(namespace))
        return Finding(observed, "not-run", hint)
    for use in scene.uses():
        lacking = [word for word in _list(fields, "words") if word not in use.run.text]
        if lacking and any(_same_program(use.invocation.program, one) for one in programs):
            hint = say("ran.hint-words", command=quote(use.run.text), words=" ".join(lacking))
            return Finding(observed, "not-run", hint)
    hint = say("ran.hint-none", program=_named(programs))
    if namespace:
        hint = say("ran.hint-none-there", program=_named(programs), where=place(namespace))
    return Finding(observed, "not-run", hint)


def _observed(use: Use) -> Message:
    command, where = quote(use.run.text), place(use.namespace)
    if use.run.exit is None:
        return say("ran.observed-running", command=command, where=where)
    return say("ran.observed", command=command, where=where, exit=use.run.exit)


def _list(fields: dict[str, Any], name: str) -> list[str]:
    value = fields.get(name, [])
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
