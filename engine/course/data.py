"""The YAML in a lesson's comments: read with the line of every key, validated against a type, every mistake told."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
import yaml

from engine.course.problems import Problems
from engine.messages import Message

T = TypeVar("T")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUE = {"yes", "true", "on", "y"}
_PATH = re.compile(r" - at `\$(.*)`$")
_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_TYPE = re.compile(r"Expected `(\w+)")

Where = tuple[str | int, ...]


class Marked:
    """Plain data from YAML and, on demand, the line of any part of it."""

    def __init__(self, node: yaml.Node, first_line: int, *, words: bool) -> None:
        self._node = node
        self._first_line = first_line
        self.data: Any = _plain(node, words)

    def line(self, path: Where = (), *, of_key: bool = True) -> int:
        """The line of the part at ``path`` (of its key, in a mapping), or of the nearest part that is there."""
        node, mark = self._node, self._node.start_mark
        for part in path:
            if isinstance(node, yaml.MappingNode):
                pair = next(((key, value) for key, value in node.value if key.value == part), None)
                if pair is None:
                    break
                node, mark = pair[1], (pair[0] if of_key else pair[1]).start_mark
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                mark = node.start_mark
            else:
                break
        return self._first_line + int(mark.line)


def read_yaml(text: str, first_line: int, problems: Problems, *, words: bool = False) -> Marked | None:
    """The data in ``text``, whose first line is ``first_line`` of the file; ``None``, and a problem, if it is broken.

    With ``words`` every scalar is kept as it is written (an answer ``No`` is a word, not a truth value).
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
        if node is None:
            problems.add(first_line, "empty-yaml")
            return None
        clean = _check(node, first_line, problems, set())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        detail = (error.problem or error.context or "").strip()
        problems.add(first_line + (int(mark.line) if mark else 0), "broken-yaml", detail=detail)
        return None
    except yaml.YAMLError as error:
        problems.add(first_line, "broken-yaml", detail=str(error).splitlines()[0])
        return None
    return Marked(node, first_line, words=words) if clean else None


def _check(node: yaml.Node, first_line: int, problems: Problems, seen: set[int]) -> bool:
    """Whether the tree can be turned into plain data: no key twice, no key that is no word, no aliases."""
    if id(node) in seen:
        problems.add(first_line + int(node.start_mark.line), "yaml-alias")
        return False
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        each = [_check(one, first_line, problems, seen) for one in node.value]  # all of them: each tells its own
        return all(each)
    if not isinstance(node, yaml.MappingNode):
        return True
    clean = True
    keys: set[str] = set()
    for key, value in node.value:
        at = first_line + int(key.start_mark.line)
        if not isinstance(key, yaml.ScalarNode):
            problems.add(at, "key-no-word")
            clean = False
            continue
        if key.value in keys:
            problems.add(at, "key-twice", key=key.value)
            clean = False
        keys.add(key.value)
        clean &= _check(value, first_line, problems, seen)
    return clean


def _plain(node: yaml.Node, words: bool) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value, words) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, words) for one in node.value]
    text = node.value
    if words:
        return text
    kind = node.tag.rpartition(":")[2]
    try:
        if kind == "int":
            return int(text.replace("_", ""), 10 if len(text) == 1 or not text.startswith("0") else 0)
        if kind == "float":
            return float(text.replace("_", ""))
    except ValueError:  # 0o, base 60 and other rarities: as written
        return text
    if kind == "bool":
        return text.lower() in _TRUE
    return None if kind == "null" else text


def convert(marked: Marked, kind: type[T], problems: Problems, base: Where = ()) -> T | None:
    """The mapping at ``base`` as the struct ``kind``; ``None``, and every wrong field told, if it is not one."""
    data = marked.data
    for part in base:
        data = data[part]
    if not isinstance(data, dict):
        problems.add(marked.line(base), "wrong-type", field=_name(base), expected=_TYPES["object"])
        return None
    fields = _fields(kind)  # type: ignore[arg-type]  # a class is hashable
    clean = True
    for name in data.keys() - fields.keys():
        problems.add(marked.line((*base, name)), "unknown-field", field=name, near=near(name, fields))
        clean = False
    values: dict[str, Any] = {}
    for name, one in fields.items():
        if name not in data:
            if one.required:
                problems.add(marked.line(base), "missing-field", field=name)
                clean = False
            continue
        try:
            values[one.name] = msgspec.convert(data[name], type=one.type, strict=False)
        except msgspec.ValidationError as error:
            _tell(str(error), marked, (*base, name), problems)
            clean = False
    return kind(**values) if clean else None


@lru_cache(maxsize=16)
def _fields(kind: Any) -> dict[str, msgspec.structs.FieldInfo]:
    """The fields of a struct by the name that they have in YAML."""
    return {one.encode_name: one for one in msgspec.structs.fields(kind)}


_TYPES = {name: Message(f"course.type.{name}", {}) for name in ("str", "int", "bool", "array", "object", "filled")}


def _tell(text: str, marked: Marked, path: Where, problems: Problems) -> None:
    """Note in people's words what msgspec found wrong with the value at ``path``."""
    if found := _PATH.search(text):
        path += tuple(name or int(index) for name, index in _PART.findall(found.group(1)))
    wanted = _TYPE.match(text)
    kind = wanted.group(1) if wanted else ""
    if "of length" in text:
        kind = "filled"
    expected = _TYPES.get(kind) or Message("course.type.other", {"detail": text.split(" - at ")[0]})
    problems.add(marked.line(path), "wrong-type", field=_name(path), expected=expected)


def _name(path: Where) -> str:
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)


def near(name: str, names: Iterable[str]) -> Message:
    """*Did you mean …?* if one of ``names`` is like ``name``, else the list of them."""
    choices = sorted(set(names))
    close = difflib.get_close_matches(name.lower(), choices, n=1, cutoff=0.6)
    if close:
        return Message("course.did-you-mean", {"name": close[0]})
    return Message("course.one-of", {"names": ", ".join(choices)})
