"""The line a seat leaves behind: what was done, and how to go on alone."""

from __future__ import annotations

from tui.classroom.link import Seat
from tui.classroom.words import sayer


def goodbye(seat: Seat) -> str:
    """When the room has closed, or the learner has left."""
    session = seat.session
    say = sayer(lambda: session.language)
    key = "closed" if seat.state.closed else "left"
    title = session.step.title.in_language(session.language)
    text = say(f"goodbye.{key}", number=session.step.number, title=title, percent=session.percent)
    if seat.state.closed:
        text += "\n\n" + say("goodbye.alone", step=session.step.id)
    return text
