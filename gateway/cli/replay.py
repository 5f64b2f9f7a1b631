"""`frontdesk replay` and `frontdesk promote`: a kept conversation on today's flows, and as a conversation file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.looking import past
from gateway.settings import from_environment

if TYPE_CHECKING:
    from gateway.rehearsal.replay import Compared, Difference

READ_IT = (
    "read it before you keep it: what was read into slots is invented now, and contacts, cards and secrets are masked, "
    "but a name that only stood in a sentence is still there"
)

_ID = typer.Argument(metavar="ID", help="A conversation, as `frontdesk conversations` lists it.")


def replay(id: Annotated[str, _ID]) -> None:
    """Take a kept conversation once more with today's flows, and show what differs. Exit code 1 when something does."""
    from gateway.rehearsal.conversations import repertoire  # noqa: PLC0415 - the whole desk: other commands do without
    from gateway.rehearsal.replay import replay as taken_again  # noqa: PLC0415

    kept, settings = past(id), from_environment()
    people = settings.playground or bool(settings.slack_desk_channels)
    compared = asyncio.run(taken_again(kept, repertoire(settings.flows_dir), environ=os.environ, people=people))
    for line in report(compared):
        typer.echo(line)
    if any(one.differences for one in compared):
        raise typer.Exit(1)


def promote(id: Annotated[str, _ID]) -> None:
    """Write a kept conversation as a conversation file to stdout, with invented data in place of the customer's."""
    from gateway.rehearsal.conversations import rehearse_text, repertoire  # noqa: PLC0415
    from gateway.rehearsal.promotion import promoted  # noqa: PLC0415

    kept, played = past(id), repertoire(from_environment().flows_dir)
    text = promoted(kept, {home.flow.name: home.flow for home in played.homes})
    typer.echo(text, nl=False)
    typer.echo(f"frontdesk: {READ_IT}", err=True)
    verdict = asyncio.run(rehearse_text(text, played))
    if verdict.fault is not None:
        typer.echo(f"frontdesk: line {verdict.fault.line} cannot be played: {verdict.fault.what}", err=True)
    elif verdict.failure is not None:
        where = f"line {verdict.failure.line.number}, `{verdict.failure.line}`"
        typer.echo(f"frontdesk: it does not hold with today's flows: {where}", err=True)


def report(compared: Sequence[Compared]) -> Iterator[str]:
    """The turns that differ, with what was said and done then (-) and today (+); then how many there are."""
    differing = [one for one in compared if one.differences]
    for one in differing:
        act = "; ".join(one.exchange.acts) or "time passes"
        yield f"turn {one.exchange.first.turn}  {act}"
        for difference in one.differences:
            yield from _lines(difference)
        yield ""
    yield f"{len(compared)} replayed: {len(compared) - len(differing)} the same, {len(differing)} different"


def _lines(difference: Difference) -> Iterator[str]:
    for sign, text in (("-", difference.was), ("+", difference.now)):
        first, *more = text.splitlines() or ["nothing"]
        yield f"  {sign} {difference.what:<10}{first}"
        yield from (f"  {sign} {'':<10}{line}" for line in more)
