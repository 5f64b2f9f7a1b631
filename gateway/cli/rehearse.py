"""`frontdesk test`: replay the promises that stand beside the flows, and show the first line that does not hold."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.settings import LogLevel, Settings
from gateway.telemetry import start_logs

if TYPE_CHECKING:
    from rich.text import Text

    from gateway.rehearsal.conversations import Verdict
    from gateway.rehearsal.difference import Piece
    from gateway.rehearsal.play import Failure


def rehearse(
    directory: Annotated[
        Path | None,
        typer.Argument(
            envvar="FLOWS_DIR",
            metavar="DIR",
            help="A folder of flows, one flow, or .txt files; FLOWS_DIR or our own flows when left out.",
        ),
    ] = None,
) -> None:
    """Replay the conversations/*.txt of flows, with the model off. Exit code 1 when a line does not hold."""
    from rich.console import Console  # noqa: PLC0415 - with the whole desk: other commands do without

    from gateway.rehearsal import conversations  # noqa: PLC0415

    # Nothing of the deployment counts here, its settings included: a rehearsal is the same everywhere.
    start_logs(Settings.load({}).model_copy(update={"log_level": LogLevel.ERROR}), out=sys.stderr)
    named = os.environ.get("FLOWS_DIR")
    played = conversations.repertoire(directory, flows=Path(named) if named else None)
    console = Console(highlight=False, soft_wrap=True)
    failed = 0
    for file in played.files:
        verdict = asyncio.run(conversations.rehearse(file, played))
        failed += not verdict.passed
        for line in report(verdict):
            console.print(line)
    if not played.files:
        console.print("There is no conversations/*.txt here.")
    console.print(f"{len(played.files) - failed} passed, {failed} failed")
    if failed:
        raise typer.Exit(1)


def report(verdict: Verdict) -> Iterator[Text]:
    """A line for a file that passed; for one that did not, also where, what was expected and what was said instead."""
    from rich.text import Text  # noqa: PLC0415

    name = "/".join((verdict.file.absolute().parts[-3], verdict.file.name))
    yield Text.assemble(
        ("ok", "green") if verdict.passed else ("FAILED", "bold red"), f" {name}: {verdict.title}".rstrip(": ")
    )
    if verdict.fault is not None:
        yield Text(f"  {verdict.file}:{verdict.fault.line}: {verdict.fault.what}", "red")
    if verdict.failure is not None:
        yield Text(f"  {verdict.file}:{verdict.failure.line.number}: {verdict.failure.line}", "bold")
        yield from _difference(verdict.failure)


def _difference(failure: Failure) -> Iterator[Text]:
    from rich.text import Text  # noqa: PLC0415

    from gateway.rehearsal.difference import difference  # noqa: PLC0415

    if failure.after is not None and failure.after != failure.line:
        yield Text(f"    after       {failure.after}", "dim")
    for sign, words, style in (("- expected", failure.expected, "green"), ("+ got     ", failure.got, "red")):
        first, *more = words.splitlines() or [""]
        yield Text(f"    {sign}  {first}", style)
        yield from (Text(f"    {sign[0]}           {line}", style) for line in more)
    if pieces := difference(failure.expected, failure.got):
        yield Text.assemble("    ~ nearest   ", *(part for piece in pieces for part in _marked(piece)))
    calls = ", ".join(f"{action} came to {outcome}" for action, outcome in failure.calls)
    yield Text(f"    rules of this turn: {' '.join(failure.rules) or 'none'}{f'; {calls}' if calls else ''}", "dim")


def _marked(piece: Piece) -> tuple[tuple[str, str], str]:
    return (str(piece), "" if piece.same else "yellow"), " "
