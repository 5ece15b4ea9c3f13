"""The glossary's terms in the lesson: marked once, where they are first mentioned, and only in what is read."""

from __future__ import annotations

from engine.course.model import Term, Text
from engine.course.terms import Mentions
from tui.lesson.document import Panel, Section
from tui.lesson.layout import lay_out
from tui.lesson.markdown import parse
from tui.lesson.terms import TermMarker, mark_terms, marked_in
from tui.lines import Line

TERMS = (
    Term(id="veth", title=Text("veth pair"), text=Text(""), words=("veth pair", "veth")),
    Term(id="nat", title=Text("NAT"), text=Text(""), words=("NAT",), words_zh=("地址转换",)),
)


def laid_out(*sections: Section, width: int = 60, language: str = "en") -> list[Line]:
    return lay_out(mark_terms(sections, Mentions(TERMS, language)), width)


def marked(lines: list[Line]) -> list[tuple[str, str | None]]:
    return [(span.text, span.action) for line in lines for span in line.spans if "term" in span.look.split()]


def test_only_the_first_mention_is_marked() -> None:
    lines = laid_out(Section(parse("A **veth pair** is a veth pair.")), Section(parse("NAT, then veth and NAT.")))
    assert marked(lines) == [("veth pair", "screen.glossary('veth')"), ("NAT", "screen.glossary('nat')")]
    assert marked_in(lines) == ["veth", "nat"]


def test_the_text_and_its_looks_stay() -> None:
    text = "Some `code`, a **veth pair**\nand NAT: `NAT`."
    plain = [line.text for line in lay_out([Section(parse(text))], 60)]
    lines = laid_out(Section(parse(text)))
    assert [line.text for line in lines] == plain
    looks = {span.text: span.look for line in lines for span in line.spans}
    assert looks["veth pair"] == "strong term"


def test_a_mention_that_is_wrapped_is_marked_on_both_lines() -> None:
    lines = laid_out(Section(parse("It is about a veth pair and more")), width=20)
    assert marked(lines) == [("veth", "screen.glossary('veth')"), ("pair", "screen.glossary('veth')")]
    assert marked_in(lines) == ["veth"]


def test_headings_commands_and_hints_are_left_alone_and_explanations_are_not() -> None:
    blocks = parse("### veth\n\n```console T1\n$ ip link add type veth\n```\n")
    hint = Panel("hint", "Hint", parse("NAT"), "h")
    explanation = Panel("explanation", "What happened", parse("NAT"), "e")
    assert marked(laid_out(Section((*blocks, hint)))) == []
    assert [text for text, _ in marked(laid_out(Section((*blocks, hint, explanation))))] == ["NAT"]


def test_chinese() -> None:
    assert [text for text, _ in marked(laid_out(Section(parse("先做地址转换，再接veth。")), language="zh"))] == [
        "地址转换",
        "veth",
    ]


def test_without_a_glossary_nothing_is_done() -> None:
    sections = (Section(parse("NAT")),)
    marker = TermMarker()
    assert marker.mark(sections) == sections
    marker.use(TERMS, "en")
    assert marked(lay_out(marker.mark(sections), 60))
    marker.use((), "en")
    assert marker.mark(sections) == sections
