"""``nsteps doctor``: what a lab needs, found or not, and the line that mends each thing."""

from __future__ import annotations

import asyncio
import sys
from itertools import groupby

import click

from engine.lab.doctor import Facts, Finding, all_well, examine, findings, install_everything
from engine.messages import Message
from tui.commands import options
from tui.commands.options import EXIT_NOT_PASSED, Context, print_json

_MARKS = {"found": ("✓", "green"), "missing": ("✗", "red"), "optional": ("–", "yellow")}


@click.command(name="doctor", help=options._help("help.doctor"))
@options.common
@click.pass_context
def command(context: click.Context, lessons: str | None, lang: str | None, as_json: bool) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    try:
        facts = asyncio.run(examine())
    except KeyboardInterrupt:
        sys.exit(130)
    found = findings(facts)
    if as_json:
        print_json(_as_data(facts, found, here))
    else:
        _print(facts, found, here)
    sys.exit(0 if all_well(found) else EXIT_NOT_PASSED)


def _as_data(facts: Facts, found: tuple[Finding, ...], here: Context) -> dict[str, object]:
    return {
        "ok": all_well(found),
        "system": facts.system,
        "release": facts.release,
        "distribution": facts.distribution,
        "container": facts.container,
        "root": facts.root,
        "lab_seconds": facts.lab.seconds if facts.lab else None,
        "install": install_everything(facts),
        "findings": [
            {
                "id": one.id,
                "group": one.group,
                "status": one.status,
                "what": here.tell(one.what),
                "why": here.tell(one.why) if one.why else None,
                "remedies": [
                    {"line": remedy.line, "note": here.tell(remedy.note) if remedy.note else None}
                    for remedy in one.remedies
                ],
            }
            for one in found
        ],
    }


def _print(facts: Facts, found: tuple[Finding, ...], here: Context) -> None:
    for group, members in groupby(found, key=lambda one: one.group):
        click.secho(here.tell(Message(f"doctor.group.{group}")), bold=True)
        for one in members:
            _print_finding(one, here)
    missing = sum(one.status == "missing" for one in found)
    line = install_everything(facts)
    click.echo()
    if line:
        click.echo(here.tell(Message("doctor.all-at-once")))
        click.secho(f"    {line}", bold=True)
    if all_well(found):
        click.secho(here.tell(Message("doctor.ready")), fg="green")
    else:
        click.secho(here.tell(Message("doctor.not-ready", {"count": missing})), fg="red")


def _print_finding(one: Finding, here: Context) -> None:
    sign, colour = _MARKS[one.status]
    note = "" if one.status == "found" else f" ({here.tell(Message(f'doctor.{one.status}-note'))})"
    click.echo(f"  {click.style(sign, fg=colour)} {here.tell(one.what)}{note}")
    if one.why:
        click.echo(f"      {here.tell(one.why)}")
    for remedy in one.remedies:
        after = f"    # {here.tell(remedy.note)}" if remedy.note else ""
        click.secho(f"        {remedy.line}", bold=True, nl=False)
        click.secho(after, dim=True)
