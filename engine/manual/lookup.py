"""Gets a manual from the lab: the page, else what bash knows of it, else what the program prints when asked for help.

It runs beside the learner's shells, in the lab, with nothing to read and a time limit.
"""

from __future__ import annotations

import shlex

from engine.lab import Lab
from engine.manual.page import Page, read_overstrikes
from engine.manual.subject import Subject

LIMIT_SECONDS = 10.0
_LOCALES = {"zh": "zh_CN"}
_SCRIPT = """
exec </dev/null 2>&1
export MANWIDTH={width} COLUMNS={width} GROFF_NO_SGR=1 MAN_KEEP_FORMATTING=1 PAGER=cat MANPAGER=cat TERM=dumb
program={program} kind=$(type -t -- {program})
manual() {{ man -C /dev/null -M /usr/local/share/man:/usr/share/man:/usr/local/man {locale} "$@"; }}
if [[ -z {short} && $kind != builtin && $kind != keyword ]] && type -p man >/dev/null; then
    for page in {pages}; do
        path=$(manual -w -- "$page" 2>/dev/null)
        if [[ $path == /* && -f ${{path%%$'\\n'*}} ]]; then
            text=$(manual -E UTF-8 -P cat -- "$page" 2>/dev/null)
            if [[ -n $text ]]; then printf 'man %s\\n%s\\n' "$page" "$text"; exit; fi
        fi
    done
fi
if [[ $kind == builtin || $kind == keyword ]]; then
    printf 'builtin help %s\\n' "$program"
    help -- "$program"
elif [[ $(type -P -- "$program") == @(/usr|/bin|/sbin|/opt/lab)/* ]]; then
    printf 'help %s\\n' {asked}
    command {help}
else
    echo none
fi
"""


async def look_up(lab: Lab, subject: Subject, *, width: int, language: str, short: bool = False) -> Page | None:
    """The manual of the subject, ``width`` columns wide; ``None`` where the lab has none.

    ``short``: no manual page, but what the program prints when asked for help.

    Raises ``TimeoutError`` when nothing came in :data:`LIMIT_SECONDS`, and ``LabError`` when the lab is gone.
    """
    locale = f"-L {_LOCALES[language]}" if language in _LOCALES else ""
    script = _SCRIPT.format(
        width=max(40, width),
        program=shlex.quote(subject.program),
        pages=" ".join(shlex.quote(page) for page in subject.pages),
        asked=shlex.quote(" ".join(subject.help)),
        help=shlex.join(subject.help),
        locale=locale,
        short=shlex.quote("short" if short else ""),
    )
    shown = await lab.run(script, timeout_seconds=LIMIT_SECONDS)
    head, _, text = shown.output.partition("\n")
    source, _, title = head.partition(" ")
    if source == "none" or not text.strip():
        return None
    return Page(source=source, title=title, lines=read_overstrikes(text.strip("\n")))
