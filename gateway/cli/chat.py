"""`frontdesk chat`: talk to the desk in the terminal, without keys and without a server."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.clock import SystemClock
from gateway.settings import LogLevel, Settings, from_environment
from gateway.telemetry import start_logs

if TYPE_CHECKING:
    from channels.console import ConsoleChannel
    from gateway.worker import Worker

INDENT = "  "


def chat(
    flow: Annotated[str | None, typer.Option(help="Begin with this flow.", metavar="NAME")] = None,
) -> None:
    """Talk to the desk in the terminal, as somebody it has not met."""
    from gateway.wiring import open_chat  # noqa: PLC0415 - the whole desk: other commands do without

    settings = from_environment()
    opener = _title(flow, settings) if flow else None
    start_logs(settings.model_copy(update={"log_level": LogLevel.WARNING}), out=sys.stderr)
    # A new person each time: the store remembers which lines of a session it has heard.
    session = secrets.token_hex(4)
    with asyncio.Runner() as runner:
        console, worker, closing = runner.run(open_chat(settings, _write, session=session))
        try:
            # Reading between the runs, in the main thread: Ctrl+C then ends the talk and never leaves a reader behind.
            for line in lines(opener):
                runner.run(_say(line, console, worker))
        finally:
            runner.run(closing.aclose())


def lines(opener: str | None) -> Iterator[str]:
    """What is typed, without empty lines, until Ctrl+D or Ctrl+C; the opener as if it had been typed first."""
    typer.echo("You are talking to the desk. Ctrl+D ends it.\n")
    if opener:
        typer.echo(f"> {opener}")
        yield opener
    while True:
        try:
            line = input("> ")
        except (EOFError, KeyboardInterrupt):
            typer.echo()
            return
        if line.strip():
            yield line


async def _say(line: str, console: ConsoleChannel, worker: Worker) -> None:
    """Everything that became due since the last line, then what this one leads to."""
    await worker.sweep_due()
    for event in console.parse(console.heard(line, SystemClock().now())):
        await worker.take(event)
    await worker.finished()


def _title(flow: str, settings: Settings) -> str:
    from gateway.core import homes_of  # noqa: PLC0415

    titles = {home.flow.name: home.flow.title for home in homes_of(settings, os.environ)[1]}
    if flow not in titles:
        raise typer.BadParameter(f"there is no flow {flow!r}; there are: {', '.join(titles)}", param_hint="--flow")
    return titles[flow]


def _write(reply: str) -> None:
    typer.echo(textwrap.indent(reply, INDENT) + "\n")
