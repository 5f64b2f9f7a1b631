"""`frontdesk flows diff`: what a changed folder of flows would do to the conversations under way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.looking import look
from gateway.settings import Settings
from gateway.stores.store import Store

app = typer.Typer(no_args_is_help=True, help="The flows beside the conversations under way.")


@app.callback()
def flows() -> None:
    """The flows beside the conversations under way."""


@app.command()
def diff(
    directory: Annotated[
        Path | None, typer.Argument(envvar="FLOWS_DIR", metavar="DIR", help="The flows to come; FLOWS_DIR or our own.")
    ] = None,
) -> None:
    """Tell how many live conversations these flows would map, migrate or let fall back, and what would be lost."""

    async def told_of(store: Store, _: Settings) -> list[str]:
        from engine.book import Book  # noqa: PLC0415 - with the engine: other commands do without
        from engine.errors import FlowError  # noqa: PLC0415
        from gateway.definitions import kept  # noqa: PLC0415
        from gateway.flowfolder import read_folder  # noqa: PLC0415
        from gateway.outlook import forecast, told  # noqa: PLC0415
        from gateway.past import conversations  # noqa: PLC0415

        folder = read_folder(directory, os.environ, unset_ok=True)
        errors = tuple(problem for problem in folder.problems if not problem.warning)
        if errors:
            raise FlowError(errors)
        book = Book(folder.flows, folder.desk)
        live = [one async for one in conversations(store) if one.stack]
        return list(told(forecast(live, book, await kept(store.records)), book))

    for line in look(told_of):
        typer.echo(line)
