"""Colours a command line of bash as it is read: programs, options, quoted text, and what joins commands. Pure."""

from __future__ import annotations

import re

from tui.wrap import Span

_TOKEN = re.compile(r"""\s+|'[^']*'?|"(?:\\.|[^"\\])*"?|\|\||&&|>>|[|;&<>()]|(?:\\.|[^\s'"|;&<>()])+""")
_JOINS = frozenset({"|", "||", "&&", ";", "&", "("})
_REDIRECTS = frozenset({">", ">>", "<", ")"})
_PREFIXES = frozenset({"sudo", "then", "do", "else", "if", "while", "time", "exec"})
"""Words after which the program is still to come."""
_ENTERING = re.compile(r"^ip netns exec \S+ $")
"""``ip netns exec NAME`` also has its program still to come."""
_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")


def highlight(text: str) -> list[Span]:
    """The spans of ``text``, in its order and whole."""
    spans: list[Span] = []
    program_next = True
    command = ""
    """What was read of the current command since its last prefix, blanks as one space."""
    for token in _TOKEN.findall(text):
        if token.isspace():
            spans.append(Span(token))
            continue
        if token in _JOINS or token in _REDIRECTS:
            spans.append(Span(token, "operator"))
            if token in _JOINS:
                program_next, command = True, ""
            continue
        command += token + " "
        if token[0] in "'\"":
            look = "quoted"
        elif program_next and not _ASSIGNMENT.match(token):
            look = "program"
            program_next = token in _PREFIXES
            if program_next:
                look, command = "dim", ""
        else:
            look = "option" if token.startswith("-") and len(token) > 1 else "command"
            if _ENTERING.match(command):
                program_next, command = True, ""
        spans.append(Span(token, look))
    return spans
