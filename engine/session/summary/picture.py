"""A summary as a picture: one page of SVG, readable in light and dark, equal for equal figures."""

from __future__ import annotations

import unicodedata
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.messages import Message, render
from engine.session.summary.data import LessonSummary, Summary, duration, prediction_words, step_words

WIDTH = 880
MARGIN = 48
TILE_HEIGHT = 76
GAP = 16
ROW = 46
COLUMNS = 2
SANS = (
    "system-ui,-apple-system,'Segoe UI','Noto Sans','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',"
    "'WenQuanYi Zen Hei','DejaVu Sans',sans-serif"
)
COLOURS = {
    # class: property, light, dark
    "ground": ("fill", "#ffffff", "#0d1117"),
    "frame": ("stroke", "#d1d9e0", "#343b45"),
    "tile": ("fill", "#f6f8fa", "#161b22"),
    "text": ("fill", "#1f2328", "#e6edf3"),
    "quiet": ("fill", "#59636e", "#9ba4ae"),
    "accent": ("fill", "#0860c4", "#6cb0ff"),
    "track": ("fill", "#d8dee4", "#30363d"),
    "bar": ("fill", "#1a7f37", "#3fb950"),
    "done": ("fill", "#1a7f37", "#3fb950"),
    "part": ("fill", "#9a6700", "#d29922"),
}
_RULES = (
    f"text{{font:14px {SANS}}}"
    ".title{font-size:27px;font-weight:700}"
    ".name{font-size:20px;font-weight:600}"
    ".label{font-size:12px}"
    ".figure{font-size:15px;font-weight:600}"
    ".lesson{font-size:15px;font-weight:600}"
    ".end{text-anchor:end}"
    ".frame{fill:none;stroke-width:1.5}"
)


def as_svg(summary: Summary, language: str, *, name: str | None = None) -> str:
    """The picture; ``name`` is whose it is."""
    return _Page(summary, language, name).draw()


class _Page:
    def __init__(self, summary: Summary, language: str, name: str | None) -> None:
        self.summary = summary
        self.language = language
        self.name = name
        self.parts: list[str] = []

    def say(self, key: str, **params: Any) -> str:
        return self.tell(Message(f"teaching.summary.{key}", params))

    def tell(self, message: Message) -> str:
        return render(message, self.language)

    def draw(self) -> str:
        y = self._head(MARGIN + 26)
        y = self._tiles(y + 22)
        y = self._lessons(y + 40)
        height = y + 52
        self._text("quiet label", MARGIN, height - 34, self.say("foot-plain"), WIDTH - 2 * MARGIN)
        title = self.say("title")
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
                f'height="{height:g}" role="img" aria-label={quoteattr(title)}>',
                f"<title>{escape(title)}</title>",
                f"<style>\n{_style()}\n</style>",
                f'<rect class="ground" width="{WIDTH}" height="{height:g}" rx="14"/>',
                f'<rect class="frame" x="12" y="12" width="{WIDTH - 24}" height="{height - 24:g}" rx="10"/>',
                *self.parts,
                "</svg>",
                "",
            ]
        )

    def _head(self, y: float) -> float:
        summary = self.summary
        self._text("text title", MARGIN, y, self.say("title"), WIDTH - 2 * MARGIN)
        if self.name:
            y += 34
            self._text("accent name", MARGIN, y, self.name, WIDTH - 2 * MARGIN)
        y += 28
        if summary.finished_on:
            words = self.say("finished-on", day=summary.finished_on)
        else:
            words = self.say("finished") if summary.finished else self.say("so-far", percent=summary.percent)
        self._text("quiet", MARGIN, y, words, WIDTH - 2 * MARGIN)
        y += 18
        whole = WIDTH - 2 * MARGIN
        self.parts.append(_rect("track", MARGIN, y, whole, 6, 3))
        if summary.percent:
            self.parts.append(_rect("bar", MARGIN, y, whole * summary.percent / 100, 6, 3))
        return y + 6

    def _tiles(self, y: float) -> float:
        summary = self.summary
        tiles = (
            (self.say("steps"), self.tell(step_words(summary.done, summary.skipped, summary.steps))),
            (self.say("time"), self.tell(duration(summary.seconds))),
            (self.say("predictions"), self.tell(prediction_words(summary.predictions))),
            (self.say("hints"), str(summary.hints)),
        )
        shares = (1.4, 0.85, 1.2, 0.55)
        room = WIDTH - 2 * MARGIN - GAP * (len(tiles) - 1)
        x = float(MARGIN)
        for (label, figure), share in zip(tiles, shares, strict=True):
            width = room * share / sum(shares)
            self.parts.append(_rect("tile", x, y, width, TILE_HEIGHT, 8))
            self._text("quiet label", x + 14, y + 27, label, width - 28)
            self._text("text figure", x + 14, y + 54, figure, width - 28)
            x += width + GAP
        return y + TILE_HEIGHT

    def _lessons(self, y: float) -> float:
        self._text("quiet label", MARGIN, y, self.say("lessons"), WIDTH - 2 * MARGIN)
        lessons = self.summary.lessons
        rows = -(-len(lessons) // COLUMNS)
        width = (WIDTH - 2 * MARGIN - 2 * GAP) / COLUMNS
        for index, lesson in enumerate(lessons):
            column, row = divmod(index, rows)
            self._lesson(lesson, MARGIN + column * (width + 2 * GAP), y + 16 + row * ROW, width)
        return y + 16 + rows * ROW

    def _lesson(self, lesson: LessonSummary, x: float, y: float, width: float) -> None:
        begun = bool(lesson.done + lesson.skipped)
        mark, look = ("✓", "done") if lesson.finished else (("◐", "part") if begun else ("○", "quiet"))
        self._text(look, x, y + 20, mark)
        self._text("quiet end", x + 42, y + 20, str(lesson.number))
        title = lesson.title.in_language(self.language)
        self._text("text lesson" if begun else "quiet lesson", x + 54, y + 20, title, width - 130)
        if begun and lesson.seconds >= 60:
            self._text("quiet end label", x + width, y + 20, self.tell(duration(lesson.seconds)), 72)

    def _text(self, look: str, x: float, y: float, words: str, room: float | None = None) -> None:
        """One line; words that would be wider than ``room`` are drawn closer together."""
        size = 27 if "title" in look else 20 if "name" in look else 12 if "label" in look else 15
        squeeze = ""
        if room is not None and _width(words) * size > room:
            squeeze = f' textLength="{room:g}" lengthAdjust="spacingAndGlyphs"'
        self.parts.append(f'<text class="{look}" x="{x:g}" y="{y:g}"{squeeze}>{escape(words)}</text>')


def _width(words: str) -> float:
    """About how wide, in font sizes."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WF" else 0.62 for one in words)


def _rect(look: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    return f'<rect class="{look}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"/>'


def _style() -> str:
    light = "".join(f".{name}{{{kind}:{value}}}" for name, (kind, value, _) in COLOURS.items())
    dark = "".join(f".{name}{{{kind}:{value}}}" for name, (kind, _, value) in COLOURS.items())
    return f"{_RULES}\n{light}\n@media (prefers-color-scheme:dark){{{dark}}}"
