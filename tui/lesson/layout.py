"""The lesson's document as lines of a given width. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from tui.lesson.document import Commands, Heading, Panel, Question, Section, Title, Upcoming
from tui.lesson.markdown import Fence, Figure, Table, Words, parse_inline
from tui.lesson.shell import highlight
from tui.lines import Line
from tui.wrap import Span, cut, padded, width_of, wrap

STATE_MARKS = {"done": ("✓", "good"), "skipped": ("↷", "skipped"), "todo": ("▸", "active")}
GUTTER_CELLS = 2
GUTTER = Span("▎ ", "gutter")
"""Stands in front of the current step's lines."""
WIDEST_TEXT = 92
"""Longer lines of prose are hard to read."""


def lay_out(sections: Iterable[Section], width: int) -> list[Line]:
    """All lines, the current step's with a bar at the left."""
    lines: list[Line] = []
    for section in sections:
        inner: list[Line] = []
        for item in section.items:
            if inner and inner[-1].spans and not _is_close(item):
                inner.append(Line())  # after a list
            inner.extend(_item(item, min(width - GUTTER_CELLS, WIDEST_TEXT)))
        while inner and not inner[-1].spans:
            inner.pop()
        bar = GUTTER if section.current else Span("  ", "")
        lines.extend(line._replace(spans=(bar, *line.spans)) for line in inner)
        lines.append(Line())
    return lines


def _is_close(item: object) -> bool:
    """Whether it follows the item before it without an empty line."""
    return isinstance(item, Upcoming) or (isinstance(item, Words) and item.tight)


def _item(item: object, width: int) -> list[Line]:
    match item:
        case Title():
            return _title(item, width)
        case Heading():
            return _heading(item, width)
        case Upcoming():
            return [Line((Span(f"· {item.number}  {cut(item.text, width - 8)}", "dim"),))]
        case Commands():
            return [*_commands(item, width), Line()]
        case Question():
            return [*_question(item, width), Line()]
        case Panel():
            return [*_panel(item, width), Line()]
        case _:
            return _block(item, width)


def _title(title: Title, width: int) -> list[Line]:
    lines = [Line(spans) for spans in wrap([Span(title.text, "title")], width)]
    return [*lines, Line((Span("─" * width, "rule"),)), Line()]


def _heading(heading: Heading, width: int) -> list[Line]:
    mark, look = STATE_MARKS[heading.state]
    if heading.state == "todo" and not heading.current:
        mark, look = "·", "dim"
    prefix = f"{mark} {heading.number}  "
    style = "heading active" if heading.current else "heading"
    first, *rest = wrap([Span(heading.text, style)], width - len(prefix))
    number = (Span(f"{mark} ", look), Span(f"{heading.number}  ", style))
    lines = [Line((*number, *first), anchor=heading.anchor)]
    lines.extend(Line((Span(" " * len(prefix)), *more)) for more in rest)
    return [*lines, Line()]


def _block(block: object, width: int) -> list[Line]:
    match block:
        case Words():
            return _words(block, width)
        case Fence():
            return [*_code(block, width), Line()]
        case Table():
            return [*_table(block, width), Line()]
        case Figure():
            caption = [Span("▣ ", "dim"), Span(block.alt, "emphasis dim")]
            return [*(Line(spans) for spans in wrap(caption, width)), Line()]
    raise TypeError(f"no layout for {block!r}")


def _words(words: Words, width: int) -> list[Line]:
    spans: Iterable[Span] = words.spans
    if words.heading:
        spans = [Span(span.text, f"{span.look} subheading".strip()) for span in spans]
    wrapped = wrap(spans, width - width_of([Span(words.first)]))
    lines = []
    for index, line in enumerate(wrapped):
        prefix = words.rest if index else words.first
        lines.append(Line(((Span(prefix, "dim"),) if prefix else ()) + line))
    return lines if words.tight else [*lines, Line()]


def _code(fence: Fence, width: int) -> list[Line]:
    lines: list[Line] = []
    for text in fence.text.split("\n"):
        for spans in _folded(text, "output", width - 2):
            lines.append(Line((Span("  "), *spans)))
    return lines


def _folded(text: str, look: str, width: int) -> list[tuple[Span, ...]]:
    """Preformatted text: its spaces stay, a line that is too long goes on in the next, at a blank if there is one."""
    room = max(8, width)
    lines: list[str] = []
    indent = ""
    while width_of([Span(text)]) > room - len(indent):
        fits = next(end for end in range(len(text), 0, -1) if width_of([Span(text[:end])]) <= room - len(indent))
        blank = text.rfind(" ", fits // 2, fits + 1)
        end = blank if blank > 0 else fits
        lines.append(indent + text[:end])
        text, indent = text[end:].removeprefix(" "), "  "
    lines.append(indent + text)
    return [(Span(line, look),) if line else () for line in lines]


def _commands(commands: Commands, width: int) -> list[Line]:
    """A badge with the terminal's name, a rule, and the commands; what they print is dimmer."""
    name = commands.terminal
    is_docker = name == "docker"
    badge = Span(f" {name} ", "badge" if is_docker else f"badge badge-{name}")
    bar = Span("┃ ", "dim" if is_docker else f"bar badge-{name}")
    indent = Span(" " * len(badge.text))
    room = width - len(badge.text) - 3
    lines: list[Line] = []
    actions = _actions(commands)
    for (kind, text), action in zip(commands.rows, actions, strict=True):
        if kind == "output":
            rows = _folded(text, "output", room)
        else:
            prompt = Span("$ " if kind == "command" else "> ", "prompt")
            first, *rest = wrap(highlight(text), room - 4)
            rows = [(prompt, *first), *((Span("    "), *more) for more in rest)]
        for row in rows:
            lines.append(Line((badge if not lines else indent, Span(" "), bar, *row), action=action))
    return lines


def _actions(commands: Commands) -> list[str | None]:
    """For each row what a click on it does: a command, with its continued lines, goes to its terminal's prompt."""
    actions: list[str | None] = []
    rows = commands.rows
    for index, (kind, _) in enumerate(rows):
        if kind == "command" and commands.terminal != "docker":
            more = itertools.takewhile(lambda row: row[0] == "continued", rows[index + 1 :])
            text = "\n".join([rows[index][1], *(text for _, text in more)])
            actions.append(command_action(commands.terminal, text))
        else:
            actions.append(actions[-1] if kind == "continued" and actions else None)
    return actions


def command_action(terminal: str, text: str) -> str:
    """The screen's action that puts ``text`` at the prompt of ``terminal``."""
    return f"screen.command({terminal!r}, {text!r})"


def _question(question: Question, width: int) -> list[Line]:
    """The question with numbered answers; once the command has been run, which was right."""
    prediction, language = question.prediction, question.language
    words = parse_inline(prediction.question.in_language(language))
    spans = [Span(span.text, f"question {span.look}".strip()) for span in words]
    lines = [
        Line((Span("  " if index else "? ", "question strong"), *spans_))
        for index, spans_ in enumerate(wrap(spans, width - 2))
    ]
    lines[0] = lines[0]._replace(anchor=question.key)
    for index, answer in enumerate(prediction.answers):
        mark, look = f"{index + 1}", "key"
        if question.over:
            if index == prediction.right:
                mark, look = "✓", "good" if question.answer is not None else "dim"
            elif index == question.answer:
                mark, look = "✗", "bad"
            else:
                mark, look = "·", "dim"
        elif index == question.answer:
            mark, look = "▸", "active"
        action = None if question.over else f"screen.answer('{question.key}', {index})"
        text = parse_inline(answer.in_language(language))
        for row, spans_ in enumerate(wrap(text, width - 6)):
            start = Span("      ") if row else Span(f"   {mark}  ", look)
            lines.append(Line((start, *spans_), action=action))
    if question.note:
        held = question.over and question.answer == prediction.right
        for spans_ in wrap([Span(question.note, "good" if held else "dim")], width - 6):
            lines.append(Line((Span("      "), *spans_)))
    return lines


def _panel(panel: Panel, width: int) -> list[Line]:
    """A text with a coloured edge and a label."""
    inner = [line for block in panel.blocks for line in _block_or_commands(block, width - 2)]
    while inner and not inner[-1].spans:
        inner.pop()
    look = "hint" if panel.kind in ("hint", "solution") else "explanation"
    edge = Span("│ ", look)
    head = Line((Span("╭ ", look), Span(panel.label, f"{look} strong")), anchor=panel.anchor)
    body = [line._replace(spans=(edge, *line.spans)) for line in inner]
    return [head, *body, Line((Span("╰", look),), anchor=f"{panel.anchor}/end")]


def _block_or_commands(block: object, width: int) -> list[Line]:
    from tui.lesson.document import commands_of

    commands = commands_of(block) if isinstance(block, Fence) else None
    return [*_commands(commands, width), Line()] if commands else _block(block, width)


def _table(table: Table, width: int) -> list[Line]:
    """Columns as wide as their text where there is room, else wrapped evenly."""
    columns = max(len(row) for row in table.rows)
    natural = [max(width_of(row[i]) for row in table.rows if i < len(row)) for i in range(columns)]
    room = width - 3 * (columns - 1)
    widths = natural if sum(natural) <= room else _shared(natural, room)
    lines: list[Line] = []
    for index, row in enumerate(table.rows):
        cells = [wrap(spans, widths[i]) if spans else [()] for i, spans in enumerate(row)]
        for level in range(max(len(cell) for cell in cells)):
            spans: list[Span] = []
            for i, cell in enumerate(cells):
                text = cell[level] if level < len(cell) else ()
                spans.extend(Span(one.text, f"{one.look} strong".strip()) if index == 0 else one for one in text)
                if i < columns - 1:
                    spans.append(Span(padded("", widths[i] - width_of(text)) + "   "))
            lines.append(Line(tuple(spans)))
        if index == 0:
            lines.append(Line((Span("   ".join("─" * one for one in widths), "rule"),)))
    return lines


def _shared(natural: list[int], room: int) -> list[int]:
    """Narrow columns keep their width; the wide ones share what is left."""
    widths = list(natural)
    while sum(widths) > room and max(widths) > 8:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths
