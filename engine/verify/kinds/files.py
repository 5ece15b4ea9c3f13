"""``file``: a file is there, holds a line, or does not; ``resolver``: which name server a namespace's commands get."""

from __future__ import annotations

import difflib
from pathlib import PurePosixPath
from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST
from engine.verify.names import near
from engine.verify.networks import to_address
from engine.verify.scene import Scene
from engine.verify.slips import from_commands
from engine.verify.verdict import Finding
from engine.verify.wording import either, place, quote, say

_NEAR_LINE = 0.75


def file_expected(fields: dict[str, Any]) -> Message:
    path, line = either(fields["path"]), fields.get("line")
    if line is None:
        return say("file.expected-absent", path=path) if fields.get("absent") else say("file.there", path=path)
    if fields.get("absent"):
        return say("file.expected-no-line", path=path, line=either(line))
    return say("file.has-line", path=path, line=either(line))


def file_judge(fields: dict[str, Any], scene: Scene) -> Finding:
    path, line = fields["path"], fields.get("line")
    text = scene.snapshot.files.get(path)
    observed = say("file.none", path=path) if text is None else say("file.there", path=path)
    if line is None:
        if fields.get("absent"):
            return (
                Finding(observed)
                if text is None
                else Finding(observed, "still-there", say("file.hint-still", path=path))
            )
        return Finding(observed) if text is not None else _no_file(fields, scene)
    holds = text is not None and any(_same_line(one, line) for one in text.splitlines())
    if holds:
        observed = say("file.has-line", path=path, line=line)
    elif text is not None:
        observed = say("file.lacks-line", path=path, line=line)
    if fields.get("absent"):
        still = say("file.hint-still-line", path=path, line=line)
        return Finding(observed, "still-there", still) if holds else Finding(observed)
    if holds:
        return Finding(observed)
    if text is None:
        return _no_file(fields, scene)
    return _no_line(fields, scene, text, observed)


def _no_file(fields: dict[str, Any], scene: Scene) -> Finding:
    path, line = fields["path"], fields.get("line")
    observed = say("file.none", path=path)
    there = [name for name, text in scene.snapshot.files.items() if text is not None]
    if found := next((one for one in there if line and _holds(scene, one, line)), None):
        return Finding(observed, "wrong-file", say("file.hint-other-file", line=line, found=found, path=path))
    if found := near(path, there):
        return Finding(observed, "near-name", say("hint.near", found=found, name=path))
    name = PurePosixPath(path).name
    return Finding(observed, *from_commands(scene, (name,), None, "not-there", say("file.hint-none", path=path)))


def _no_line(fields: dict[str, Any], scene: Scene, text: str, observed: Message) -> Finding:
    path, line = fields["path"], fields["line"]
    lines = [one.strip() for one in text.splitlines() if one.strip()]
    for one in lines:
        if one.startswith(("#", ";")) and _same_line(one.lstrip("#; "), line):
            return Finding(observed, "no-line", say("file.hint-comment", line=line, path=path))
    elsewhere = [one for one in scene.snapshot.files if one != path and _holds(scene, one, line)]
    if elsewhere:
        hint = say("file.hint-other-file", line=line, found=elsewhere[0], path=path)
        return Finding(observed, "wrong-file", hint)
    if close := difflib.get_close_matches(line, [one for one in lines if not one.startswith("#")], 1, _NEAR_LINE):
        return Finding(observed, "no-line", say("file.hint-near-line", found=quote(close[0]), line=line))
    hint = say("file.hint-no-line", path=path, line=line)
    return Finding(observed, *from_commands(scene, (PurePosixPath(path).name,), None, "no-line", hint))


def _holds(scene: Scene, path: str, line: str) -> bool:
    return any(_same_line(one, line) for one in (scene.snapshot.files.get(path) or "").splitlines())


def _same_line(one: str, other: str) -> bool:
    """Equal but for blanks: ``net.ipv4.ip_forward = 1`` is ``net.ipv4.ip_forward=1``."""
    return _bare(one) == _bare(other)


def _bare(line: str) -> str:
    return "=".join(" ".join(part.split()) for part in line.split("="))


def resolver_expected(fields: dict[str, Any]) -> Message:
    nameserver, where = either(fields["nameserver"]), place(fields.get("namespace", HOST))
    if fields.get("absent"):
        return say("resolver.expected-absent", nameserver=nameserver, where=where)
    return say("resolver.is", nameserver=nameserver, where=where)


def resolver_judge(fields: dict[str, Any], scene: Scene) -> Finding:
    wanted, namespace = fields["nameserver"], fields.get("namespace", HOST)
    space, where = scene.space(namespace), place(namespace)
    servers = nameservers(space.resolv_conf) if space else ()
    observed = (
        say("resolver.is", nameserver=", ".join(servers), where=where) if servers else say("resolver.none", where=where)
    )
    there = any(to_address(one) == to_address(wanted) for one in servers)
    if fields.get("absent"):
        still = say("resolver.hint-still", nameserver=wanted, where=where)
        return Finding(observed, "still-there", still) if there else Finding(observed)
    if space is None:
        return scene.no_namespace(namespace)
    if there:
        return Finding(observed)
    return Finding(observed, *_resolver_slip(scene, namespace, wanted, space.resolv_conf, servers))


def nameservers(text: str | None) -> tuple[str, ...]:
    """The name servers that a resolv.conf names, in its order; only the first three count (resolv.conf(5))."""
    lines = [line.split() for line in (text or "").splitlines()]
    return tuple(words[1] for words in lines if len(words) > 1 and words[0] == "nameserver")[:3]


def _resolver_slip(
    scene: Scene, namespace: str, wanted: str, text: str | None, servers: tuple[str, ...]
) -> tuple[str, Message]:
    path = "/etc/resolv.conf" if namespace == HOST else f"/etc/netns/{namespace}/resolv.conf"
    own = scene.snapshot.files.get(path)
    if own is None and namespace != HOST:
        misplaced = [one for one in scene.snapshot.files if _holds(scene, one, f"nameserver {wanted}")]
        if stray := next((one for one in misplaced if _is_stray(scene, one, namespace)), None):
            return "wrong-file", say("resolver.hint-file", found=stray, path=path)
    lines = [line.strip() for line in (text or "").splitlines()]
    if bad := next((line for line in lines if wanted in line and line.split()[0] != "nameserver"), None):
        return "wrong-file", say("resolver.hint-line", found=quote(bad), nameserver=wanted)
    if not servers:
        return from_commands(scene, ("resolv.conf",), None, "no-resolver", say("resolver.hint-none", path=path))
    host = scene.space(HOST)
    hint = say("resolver.hint-other", found=", ".join(servers), nameserver=wanted)
    if namespace != HOST and own is None and host and servers == nameservers(host.resolv_conf):
        hint = say("resolver.hint-hosts", found=", ".join(servers), path=path)
    return from_commands(scene, ("resolv.conf",), None, "wrong-nameserver", hint)


def _is_stray(scene: Scene, path: str, namespace: str) -> bool:
    """Whether a file below /etc/netns belongs to no namespace, or is that namespace's under a wrong name."""
    parts = PurePosixPath(path).parts
    if parts[:3] != ("/", "etc", "netns"):
        return False
    return len(parts) != 5 or parts[3] == namespace or scene.space(parts[3]) is None
