"""The glossary on the screen: from a word in the lesson, by a key, with a search; and where its entries lead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from engine.course.model import Course, Term, Text
from tests.tui.fakes import FakeSession
from tests.tui.running import Running, running
from tui.screens.glossary import GlossaryScreen, links_of

TERMS = (
    Term(
        id="veth",
        title=Text("veth pair", "veth 对"),
        text=Text("A cable.\n\n```console\n$ ip link show type veth\n```", "一根网线。"),
        words=("veth pair",),
        commands=("ip link show type veth",),
        step="veth/create-pair",
        related=("route", "device"),
    ),
    Term(id="device", title=Text("Device"), text=Text("A place."), words=("device",), step="veth/move-end"),
    Term(id="route", title=Text("Route", "路由"), text=Text("A way, also for a device."), step="addresses/host"),
)


def session(language: str = "en", terms: tuple[Term, ...] = TERMS) -> FakeSession:
    fake = FakeSession(language)
    fake.course = msgspec.structs.replace(fake.course, glossary=terms)
    return fake


@asynccontextmanager
async def opened(language: str = "en", size: tuple[int, int] = (120, 36)) -> AsyncIterator[Running]:
    async with running(session=session(language), size=size) as it:
        await it.press("shift+f2")
        await it.until(lambda: isinstance(it.app.screen, GlossaryScreen), "the glossary")
        yield it


def shown(it: Running) -> str | None:
    screen = it.app.screen
    assert isinstance(screen, GlossaryScreen)
    return screen.term.id if screen.term else None


def test_links() -> None:
    course: Course = session().course
    assert [(link.kind, link.target) for link in links_of(TERMS[0], course, "en")] == [
        *(("step", "veth/create-pair"), ("term", "route"), ("term", "device")),
    ]
    assert links_of(TERMS[2], course, "zh")[0].label == "5.1 给主机一端配地址"


async def close(it: Running, key: str = "escape") -> None:
    await it.press(key)
    await it.until(lambda: it.app.screen is it.main, "the main screen")


async def click_on(it: Running, text: str) -> None:
    await it.sees(text)
    (x, y) = next((row.index(text), y) for y, row in enumerate(it.rows()) if text in row)
    await it.pilot.click(offset=(x + 2, y))


async def test_by_a_key_and_by_a_click_on_a_word() -> None:
    async with opened() as it:
        await it.sees("A cable.")
        assert shown(it) == "veth"
        assert "In what you read" in it.text() and "$ ip link show type veth" in it.text()
        for key in ("escape", "f10"):
            await close(it, key)
            await click_on(it, "devices")
            await it.until(lambda: isinstance(it.app.screen, GlossaryScreen), "the glossary")
            await it.sees("A place.")
            assert shown(it) == "device"
        await close(it, "shift+f2")


async def test_search_and_the_list() -> None:
    async with opened() as it:
        await it.press(*"device")
        await it.until(lambda: shown(it) == "device", "the entry that is called so")
        await it.press("down")
        await it.until(lambda: shown(it) == "route", "the one that speaks of it")
        await it.press(*" nowhere")
        await it.sees("No entry speaks of that")
        assert shown(it) is None
        await it.press("enter", "f3", "tab")  # there is nothing to follow or to try
        assert isinstance(it.app.screen, GlossaryScreen)


async def test_links_lead_to_related_entries_and_to_the_lesson() -> None:
    async with opened() as it:
        await it.sees("▸4.1")
        await it.press("tab")
        await it.sees("▸Route")
        await it.press("enter")
        await it.until(lambda: shown(it) == "route", "the related entry")
        await it.press("shift+tab")  # its only link
        await it.sees("▸5.1")
        await it.press("enter")
        await it.sees("That is still to come: step 5.1")
        await it.press("shift+f2")
        await click_on(it, "·Device")
        await it.until(lambda: shown(it) == "device", "the entry of the link that was clicked")
        await close(it)
        await it.press("shift+f2")
        await it.sees("▸4.1")
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.main and it.main.focused is it.main.lesson, "the lesson")


async def test_its_command_can_be_tried_and_an_earlier_lesson_read() -> None:
    fake = session()
    fake.step = fake.course.step("addresses/host")
    async with running(session=fake) as it:
        await it.press("shift+f2")
        await it.press(*"veth pair")
        await it.sees("A cable.")
        await it.press("f3")
        await it.until(lambda: b"ip link show type veth" in it.shell.written, "the command at the prompt")
        assert not it.shell.written.endswith(b"\r")
        await it.press("shift+f2")
        await it.press(*"veth pair")
        await it.sees("A cable.")
        await it.press("enter")
        await it.sees("to be read. ] comes back")
        await it.sees("Create both ends at once")


async def test_in_chinese_on_a_small_screen() -> None:
    async with opened("zh", (80, 24)) as it:
        await it.sees("一根网线。")
        await it.press(*"路由")
        await it.until(lambda: shown(it) == "route", "the entry")
        await it.sees("出处 ▸5.1")
        await it.press("pagedown", "pageup")
        await it.sees("▸5.1")


async def test_a_course_without_one_says_so() -> None:
    async with running(session=session(terms=())) as it:
        await it.press("shift+f2")
        await it.sees("This course has no glossary.")
