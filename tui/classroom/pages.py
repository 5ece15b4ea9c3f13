"""The pages of a room, in the language of each browser. None loads anything from outside."""

from __future__ import annotations

import html
import string
from functools import lru_cache
from pathlib import Path

from aiohttp import web

from engine.assets import assets_directory
from engine.course.model import LANGUAGES
from engine.messages import Message, render
from tui.web.pages import static_files as web_files

LANGUAGE_COOKIE = "nsteps-language"


def static_files() -> dict[str, Path]:
    """Everything the pages load, by the name they load it by."""
    ours = assets_directory() / "classroom"
    return web_files() | {name: ours / name for name in ("join.js", "join.css")}


@lru_cache(maxsize=8)
def _template(folder: str, name: str) -> string.Template:
    return string.Template((assets_directory() / folder / name).read_text(encoding="utf-8"))


def language_of(request: web.Request, usual: str | None) -> str:
    """What this browser was told to speak, else what the room speaks, else what the browser prefers."""
    chosen = request.query.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    if usual:
        return usual
    for wanted in request.headers.get("Accept-Language", "").lower().split(","):
        short = wanted.split(";")[0].strip()[:2]
        if short in LANGUAGES:
            return short
    return LANGUAGES[0]


class Pages:
    """For one request."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **params: object) -> str:
        return self.tell(Message(f"classroom.{key}", params))

    def tell(self, message: Message) -> str:
        return render(message, self.language)

    def join(self, *, names: bool) -> web.Response:
        """Where a code (and a name) is given for a seat."""
        words = ("title", "intro", "code", "name", "enter", "unreachable", "terminal", "other-language")
        said = {word.replace("-", "_"): self.say(f"join.{word}") for word in words}
        other = next(one for one in LANGUAGES if one != self.language)
        return self._page("classroom", "join.html", 200, names="" if names else "hidden", other=other, **said)

    def screen(self, base: str) -> web.Response:
        """The page that holds a screen; ``base`` is what its addresses begin with."""
        words = ("starting", "keys", "gone-title", "gone", "again")
        said = {word.replace("-", "_"): self.say(f"page.{word}") for word in words}
        leave = "" if base else self.say("page.leave")
        return self._page("web", "page.html", 200, base=base, returning="yes", leave=leave, **said)

    def entrance(self, url: str) -> web.Response:
        """Goes on to ``url`` by itself: a page's own step, which the cookie accompanies wherever a link was clicked."""
        words = {"heading": "nsteps", "text": self.say("page.starting")}
        return self._page("web", "notice.html", 200, refresh=f"0; url={url}", **words)

    def refusal(self, key: str, **params: object) -> web.Response:
        """403, with the reason and what to do."""
        words = {"heading": self.say("refused.title"), "text": self.say(f"refused.{key}", **params)}
        return self._page("web", "notice.html", 403, refresh="", **words)

    def failure(self, text: str, status: int = 503) -> web.Response:
        words = {"heading": self.say("refused.title"), "text": text}
        return self._page("web", "notice.html", status, refresh="", **words)

    def missing(self) -> web.Response:
        """404."""
        words = {"heading": self.say("missing.title"), "text": self.say("missing.text")}
        return self._page("web", "notice.html", 404, refresh="", **words)

    def card(self, name: str, text: str = "") -> dict[str, str]:
        """For the script: why there is no screen, and what the button says."""
        told = {"reason": name} | {part: self.say(f"card.{name}.{part}") for part in ("title", "text", "button")}
        if text and name == "closed":  # how to go on alone, and that the page comes back
            text = f"{text}\n\n{told['text']}"
        return told | ({"text": text} if text else {})

    def remember(self, request: web.Request, response: web.StreamResponse, *, secure: bool) -> None:
        """Keep the language if it has just been chosen."""
        if request.query.get("lang") == self.language:
            response.set_cookie(LANGUAGE_COOKIE, self.language, samesite="Strict", path="/", secure=secure)

    def _page(self, folder: str, page: str, status: int, /, **words: str) -> web.Response:
        fields = {word: html.escape(text) for word, text in words.items()}
        if fields.get("refresh"):
            fields["refresh"] = f'<meta http-equiv="refresh" content="{fields["refresh"]}">'
        text = _template(folder, page).substitute(fields, lang=self.language)
        return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
