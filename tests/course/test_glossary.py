"""The glossary: read, put together, searched, found in texts; and every mistake in it told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.course import lint, load_course
from engine.course.model import Term, Text
from engine.course.terms import Mentions, by_id, search
from engine.lab import Lab
from tests.course import glossaries
from tests.course.writing import CHINESE, LESSON, problems_of, write


def written(folder: Path, english: str | None = glossaries.ENGLISH, chinese: str | None = glossaries.CHINESE) -> Path:
    """A course of one lesson with this glossary."""
    write(folder, n01_cable=LESSON, n01_cable_zh=CHINESE)
    for name, text in (("glossary.md", english), ("glossary.zh.md", chinese)):
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


# -- reading ---------------------------------------------------------------------------------------------------


def test_what_is_read(tmp_path: Path) -> None:
    cable, device = load_course(written(tmp_path)).glossary
    assert cable.title == Text("Cable", "网线")
    assert cable.text.en == "It has **two** ends.\n\n```console\n$ ip link list\n```"
    assert (cable.words, cable.words_zh) == (("cable", "veth pair"), ("网线", "veth 对"))
    assert (cable.step, cable.related, cable.commands) == ("cable/create", ("device",), ("ip link list",))
    assert device.words == ("device", "NIC")
    assert device.commands == (), "a command for another machine is not one of the lab"
    assert lint(tmp_path, thorough=True) == ()


def test_a_course_needs_none(tmp_path: Path) -> None:
    assert load_course(written(tmp_path, None, None)).glossary == ()
    assert lint(tmp_path) == ()


def test_one_language_is_enough_to_learn_with(tmp_path: Path) -> None:
    cable = load_course(written(tmp_path, chinese=None)).glossary[0]
    assert cable.text.in_language("zh") == cable.text.en
    (problem,) = lint(tmp_path)
    assert (problem.name, problem.path.name) == ("no-translation", "glossary.md")
    assert "glossary.zh.md" in problem.render("zh")


def test_a_translation_of_nothing(tmp_path: Path) -> None:
    assert problems_of(written(tmp_path, english=None)) == [("orphaned-translation", 0)]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (written(tmp_path) / "glossary.md").write_bytes(b"# G\n\n\xff\n")
    assert problems_of(tmp_path) == [("not-utf8", 3)]


# -- mistakes --------------------------------------------------------------------------------------------------

WRONG = {name: (name, case) for name, case in glossaries.PROBLEMS.items()} | glossaries.MORE_PROBLEMS


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    problem, (english, chinese, line, translated) = WRONG[name]
    found = {(one.name, one.line, one.path.name) for one in lint(written(tmp_path, english, chinese))}
    assert (problem, line, "glossary.zh.md" if translated else "glossary.md") in found
    assert (problem, line) in problems_of(tmp_path)


@pytest.mark.parametrize("name", glossaries.LINTED)
def test_lint_finds(name: str, tmp_path: Path) -> None:
    english, chinese, line, translated = glossaries.LINTED[name]
    (found,) = lint(written(tmp_path, english, chinese))
    assert (found.name, found.line) == (name, line)
    assert found.path.name == ("glossary.zh.md" if translated else "glossary.md")
    assert "{" not in found.render("en") + found.render("zh")
    assert problems_of(tmp_path) == [], "the course can be played all the same"


# -- finding ---------------------------------------------------------------------------------------------------

TERMS = (
    Term(id="nat", title=Text("NAT"), text=Text("Changes addresses."), words=("NAT",), words_zh=("地址转换",)),
    Term(id="mac", title=Text("MAC address"), text=Text(""), words=("MAC address", "hardware address")),
    Term(id="address", title=Text("Address", "地址"), text=Text(""), words=("address",), words_zh=("地址",)),
    Term(id="ip-forward", title=Text("ip_forward"), text=Text(""), words=("ip_forward",)),
    Term(id="loopback", title=Text("Loopback"), text=Text("Also a route."), words=("loopback", "lo")),
    Term(id="route", title=Text("Route", "路由"), text=Text(""), words=("route", "routing table"), words_zh=("路由",)),
)


def mentions(text: str, language: str = "en") -> list[tuple[str, str]]:
    """What is found in a text with code between backticks."""
    pieces = [(piece, bool(index % 2)) for index, piece in enumerate(text.split("`"))]
    whole = text.replace("`", "")
    return [(whole[one.start : one.end], one.term) for one in Mentions(TERMS, language).find(pieces)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Routes and addresses.", [("Routes", "route"), ("addresses", "address")]),
        ("a hardware address", [("hardware address", "mac")]),
        ("a hardware\naddress", [("hardware\naddress", "mac")]),
        ("the routing table", [("routing table", "route")]),
        ("a router rerouted an en-route addressee", []),
        ("natural NAT, NATs", [("NAT", "nat")]),
        ("`ip_forward` is ip_forward, not net.ipv4.ip_forward", [("ip_forward", "ip-forward")] * 2),
        ("`ip route list` and `route`", [("route", "route")]),
        ("`lo`, but not `Lo` or /etc/lo", [("lo", "loopback")]),
        ("hardware `x` address", [("address", "address")]),
        ("", []),
    ],
)
def test_english_words(text: str, found: list[tuple[str, str]]) -> None:
    assert mentions(text) == found


def test_chinese_words() -> None:
    assert mentions("地址转换（NAT）改的是地址，loopback也一样。", "zh") == [
        *(("地址转换", "nat"), ("NAT", "nat"), ("地址", "address"), ("loopback", "loopback")),
    ]
    assert mentions("地址", "en") == []


def test_no_glossary_finds_nothing() -> None:
    assert Mentions((), "en").find([("a route", False)]) == []


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("route", "en", ["route", "loopback"]),
        ("ROUT", "en", ["route", "loopback"]),
        ("hardware", "en", ["mac"]),
        ("地址", "zh", ["address", "nat"]),
        ("nat changes", "en", ["nat"]),
        ("nonsense", "en", []),
    ],
)
def test_search(query: str, language: str, found: list[str]) -> None:
    assert [term.id for term in search(TERMS, query, language)] == found


def test_search_for_nothing_gives_all() -> None:
    assert search(TERMS, "  ", "en") == TERMS
    assert by_id(TERMS, "nat") is TERMS[0]
    assert by_id(TERMS, "nta") is None


# -- the course's own ------------------------------------------------------------------------------------------


def test_each_lesson_leads_to_its_words() -> None:
    course = load_course()
    for language in ("en", "zh"):
        finder = Mentions(course.glossary, language)
        met = {"snat"}  # which only MASQUERADE's entry leads to
        for lesson in course.lessons:
            ends = (
                lesson.intro.in_language(language)
                + lesson.recap.in_language(language)
                + lesson.docker.in_language(language)
            )
            words = " ".join(
                step.body.in_language(language) + step.explanation.in_language(language) for step in lesson.steps
            )
            met |= {one.term for one in finder.find([(words + ends, False)])}
        assert met == {term.id for term in course.glossary}


@pytest.mark.lab
async def test_every_command_of_the_glossary_shows_something() -> None:
    """In the lab as it is when the bridge stands, they all print something and end well."""
    course = load_course()
    end = course.step("bridge/uplink")
    built = course.steps[: course.steps.index(end) + 1]
    commands = [
        one.text for step in built for one in step.commands if not (one.look or one.runs or one.interrupt or one.exit)
    ]
    async with await Lab.start() as lab:
        made = await lab.run("set -e\n" + "\n".join(one for one in commands if one != "^C"), timeout_seconds=60)
        assert made.exit == 0, made.output
        await lab.run("ping -c 1 192.168.0.1", timeout_seconds=20)  # so that there is a neighbour
        for term in course.glossary:
            for command in term.commands:
                shown = await lab.run(command, timeout_seconds=20)
                assert (shown.exit, bool(shown.output.strip())) == (0, True), f"{term.id}: {command}: {shown}"
