"""The pages, from the templates in ``assets/web``, in the learner's language. None loads anything from outside."""

from __future__ import annotations

import html
import string
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from aiohttp import web

from engine.assets import assets_directory
from engine.messages import Message, render
from tui.web.seat import Ending

_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


def static_files() -> dict[str, Path]:
    """Everything the pages load, by the name they load it by: ours, and what textual-serve brings."""
    ours = assets_directory() / "web"
    found = find_spec("textual_serve")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("textual_serve")
    theirs = Path(found.origin).parent / "static"
    return {
        "page.js": ours / "page.js",
        "page.css": ours / "page.css",
        "icon.svg": ours / "icon.svg",
        "textual.js": theirs / "js" / "textual.js",
        "xterm.css": theirs / "css" / "xterm.css",
        "mono.ttf": theirs / "fonts" / "RobotoMono-VariableFont_wght.ttf",
        "mono-italic.ttf": theirs / "fonts" / "RobotoMono-Italic-VariableFont_wght.ttf",
    }


def file_response(path: Path) -> web.FileResponse:
    """The file, with its type."""
    return web.FileResponse(path, headers={"Content-Type": _TYPES[path.suffix]})


@lru_cache(maxsize=4)
def _template(name: str) -> string.Template:
    return string.Template((assets_directory() / "web" / name).read_text(encoding="utf-8"))


class Pages:
    """``language`` is asked anew for each page: the learner may change it."""

    def __init__(self, language: Callable[[], str]) -> None:
        self._language = language

    def say(self, key: str, **params: object) -> str:
        return render(Message(f"web.{key}", params), self._language())

    def main(self) -> web.Response:
        """The page that holds the screen."""
        words = ("starting", "keys", "gone-title", "gone", "again")
        said = {word.replace("-", "_"): self.say(f"page.{word}") for word in words}
        return self._page("page.html", 200, base="", returning="no", leave="", **said)

    def entrance(self) -> web.Response:
        """Goes on to ``/`` by itself: a page's own step, which the cookie accompanies wherever the link was clicked."""
        return self._page("notice.html", 200, refresh="0; url=/", heading="nsteps", text=self.say("page.starting"))

    def refusal(self, key: str, **params: object) -> web.Response:
        """403, with the reason and what to do."""
        words = {"heading": self.say("refused.title"), "text": self.say(f"refused.{key}", **params)}
        return self._page("notice.html", 403, refresh="", **words)

    def missing(self) -> web.Response:
        """404."""
        words = {"heading": self.say("missing.title"), "text": self.say("missing.text")}
        return self._page("notice.html", 404, refresh="", **words)

    def busy(self) -> dict[str, str]:
        """For the script: another page has the seat."""
        return self._card("busy")

    def ending(self, ending: Ending) -> dict[str, str]:
        """For the script: why the screen is no more."""
        card = self._card(ending.reason)
        return card | {"text": ending.text} if ending.text else card

    def _card(self, name: str) -> dict[str, str]:
        return {"reason": name} | {part: self.say(f"card.{name}.{part}") for part in ("title", "text", "button")}

    def _page(self, name: str, status: int, **words: str) -> web.Response:
        fields = {word: html.escape(text) for word, text in words.items()}
        if "refresh" in fields:
            fields["refresh"] = f'<meta http-equiv="refresh" content="{fields["refresh"]}">' if words["refresh"] else ""
        text = _template(name).substitute(fields, lang=self._language())
        return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
