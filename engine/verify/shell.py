"""Reads a bash command line: which simple commands it holds, with words, redirections and here-documents.

Words are split by :mod:`shlex`; what that cannot do is done here: operators, comments, continued lines, command
substitutions and here-documents. A line that bash would refuse gives what can be read of it.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field, replace

_OPERATOR = re.compile(r"&>>|&>|&&|\|\||\|&|;;&?|;&|[;&|()\n]|<<<|<<-?|<&|>&|<>|>>|>\||[<>]")
_ENDS = frozenset({"&&", "||", "|&", "|", "&", ";", ";;", ";;&", ";&", "(", ")", "\n"})
_RESERVED = frozenset({"if", "then", "elif", "else", "fi", "do", "done", "while", "until", "!", "{", "}", "esac"})
_CLAUSES = frozenset({"for", "select", "case", "function"})
_DELIMITER = re.compile(r"[ \t]*(?:'([^']*)'|\"([^\"]*)\"|\\?([\w.-]+))")


@dataclass(frozen=True)
class SimpleCommand:
    """One command with its words, quotes and backslashes taken away."""

    words: tuple[str, ...]
    targets: tuple[str, ...] = ()
    """Files and descriptors that it is redirected to or from."""
    text_input: str | None = None
    """The here-document or here-string on its standard input."""
    piped_from: SimpleCommand | None = None
    background: bool = False


def simple_commands(text: str) -> tuple[SimpleCommand, ...]:
    """Every simple command of ``text`` in order, those of command substitutions after the line they stand in."""
    reader = _Reader(text)
    reader.read()
    inner = [command for script in reader.substitutions for command in simple_commands(script)]
    return (*reader.commands, *inner)


@dataclass
class _Reader:
    text: str
    commands: list[SimpleCommand] = field(default_factory=list)
    substitutions: list[str] = field(default_factory=list)
    _plain: str = ""
    """What was read since the last operator, quotes and all."""
    _words: list[str] = field(default_factory=list)
    _targets: list[str] = field(default_factory=list)
    _input: str | None = None
    _redirects: str | None = None
    """The redirection whose target is the next word."""
    _piped: SimpleCommand | None = None
    """The command whose output the next one reads."""
    _documents: list[tuple[str, int]] = field(default_factory=list)
    """Here-documents that begin on the next line: the delimiter, and the index of the command that reads it."""

    def read(self) -> None:
        at = 0
        while at < len(self.text):
            at = self._step(at)
        self._end("\n")

    def _step(self, at: int) -> int:
        text = self.text
        letter = text[at]
        if letter == "\\":
            self._plain += "" if text[at + 1 : at + 2] == "\n" else text[at : at + 2]
            return at + 2
        if letter == "'":
            end = _find(text, "'", at + 1)
            self._plain += text[at : end + 1]
            return end + 1
        if letter == '"':
            return self._double_quoted(at)
        if letter == "#" and (not self._plain or self._plain[-1].isspace()):
            return _find(text, "\n", at)
        substituted = self._substitution(at)
        if substituted is not None:
            return substituted
        if match := _OPERATOR.match(text, at):
            return self._operator(match.group(), match.end())
        self._plain += letter
        return at + 1

    def _double_quoted(self, at: int) -> int:
        self._plain += '"'
        at += 1
        while at < len(self.text) and self.text[at] != '"':
            if self.text[at] == "\\":
                self._plain += self.text[at : at + 2]
                at += 2
            elif (end := self._substitution(at, quoted=True)) is not None:
                at = end
            else:
                self._plain += self.text[at]
                at += 1
        self._plain += '"'
        return at + 1

    def _substitution(self, at: int, *, quoted: bool = False) -> int | None:
        """Past the command substitution at ``at``, which is noted; ``None`` if there is none."""
        text = self.text
        if text.startswith("$((", at):
            end = _find(text, "))", at)
            self._plain += "0"
            return end + 2
        if text.startswith("$(", at) or (not quoted and text.startswith(("<(", ">("), at)):
            end = _closing(text, at + 2)
            self.substitutions.append(text[at + 2 : end])
        elif text[at] == "`":
            end = _find(text, "`", at + 1)
            self.substitutions.append(text[at + 1 : end])
        else:
            return None
        self._plain += "$_"
        return end + 1

    def _operator(self, operator: str, at: int) -> int:
        if operator in _ENDS:
            self._end(operator)
            return self._here_documents(at) if operator == "\n" else at
        self._plain = re.sub(r"(^|\s)\d+$", r"\1", self._plain)  # the descriptor in ``2>&1``
        self._take_words()
        self._redirects = operator
        if operator in ("<<", "<<-") and (match := _DELIMITER.match(self.text, at)):
            delimiter = next(one for one in match.groups() if one is not None)
            self._documents.append((delimiter, len(self.commands)))
            self._redirects = None
            return match.end()
        return at

    def _here_documents(self, at: int) -> int:
        for delimiter, index in self._documents:
            body = []
            while at < len(self.text):
                end = _find(self.text, "\n", at)
                line, at = self.text[at:end], end + 1
                if line.strip() == delimiter:
                    break
                body.append(line)
            if index < len(self.commands):
                self.commands[index] = replace(self.commands[index], text_input="\n".join(body))
        self._documents = []
        return at

    def _take_words(self) -> None:
        try:
            words = shlex.split(self._plain)
        except ValueError:  # an open quote: bash would wait for more
            words = self._plain.replace('"', "").replace("'", "").split()
        self._plain = ""
        if words and self._redirects is not None:
            target = words.pop(0)
            if self._redirects == "<<<":
                self._input = target
            else:
                self._targets.append(target)
            self._redirects = None
        self._words += words

    def _end(self, operator: str) -> None:
        self._take_words()
        words = self._words
        while words and words[0] in _RESERVED:
            words = words[1:]
        if words and words[0] in _CLAUSES:
            words = []
        command = None
        if words:
            command = SimpleCommand(tuple(words), tuple(self._targets), self._input, self._piped, operator == "&")
            self.commands.append(command)
        self._piped = command if operator in ("|", "|&") else None
        self._words, self._targets, self._input, self._redirects = [], [], None, None


def _find(text: str, what: str, at: int) -> int:
    found = text.find(what, at)
    return len(text) if found < 0 else found


def _closing(text: str, at: int) -> int:
    """Where the parenthesis that is open at ``at`` closes, quotes respected."""
    depth, quoted = 1, ""
    while at < len(text):
        letter = text[at]
        if letter == "\\" and quoted != "'":
            at += 1
        elif quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "'\"":
            quoted = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
            if not depth:
                return at
        at += 1
    return len(text)
