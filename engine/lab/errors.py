"""What can go wrong with a lab, told to a person."""

from __future__ import annotations

from engine.messages import Message, render


class LabError(Exception):
    """No lab can be made, or it is gone. ``message`` says what happened and what to do; ``str()`` is its English."""

    def __init__(self, key: str, **params: object) -> None:
        self.message = Message(f"lab.{key}", params)
        super().__init__(key)

    @classmethod
    def of(cls, message: Message) -> LabError:
        """The error that says ``message``."""
        error = cls("")
        error.message = message
        return error

    def __str__(self) -> str:
        return render(self.message, "en")
