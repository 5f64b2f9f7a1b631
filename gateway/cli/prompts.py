"""`frontdesk prompts diff`: what changed in the words that a model is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.errors import FlowError, SettingsError, StoreAway
from gateway.cli.looking import look
from gateway.settings import Settings
from gateway.stores.store import Store

if TYPE_CHECKING:
    from collections import Counter

    from engine.prompts import Prompts
    from gateway.promptdiff import Change, Used

CHANGED = 1
"""Exit code: something differs, as for `diff`."""
WRONG = 2
"""Exit code: a folder cannot be read."""

app = typer.Typer(no_args_is_help=True, help="The words that a model is told.")


@app.callback()
def prompts() -> None:
    """The words that a model is told."""


@app.command()
def diff(
    a: Annotated[
        Path | None,
        typer.Argument(envvar="FLOWS_DIR", metavar="A", help="The prompts to come; FLOWS_DIR's or our own."),
    ] = None,
    b: Annotated[Path | None, typer.Argument(metavar="B", help="With it: from the prompts of A to those of B.")] = None,
) -> None:
    """Tell what changed since the kept turns, or from one folder to another. Exit code 1 when something did."""
    try:
        now, then = _prompts(b or a), _prompts(a) if b else None
    except FlowError as broken:
        for problem in broken.problems:
            typer.echo(f"frontdesk: {problem}", err=True)
        raise typer.Exit(WRONG) from None
    changes = _since(now) if then is None else _between(then, now)
    from gateway.promptdiff import told  # noqa: PLC0415 - with the engine: other commands do without

    for line in told(changes):
        typer.echo(line)
    if changes:
        raise typer.Exit(CHANGED)


def _prompts(directory: Path | None) -> Prompts:
    """The parts in a folder of flows, or ours. Raises FlowError."""
    from gateway.flowfolder import read_folder  # noqa: PLC0415
    from gateway.promptfolder import read_prompts  # noqa: PLC0415

    folder = read_folder(directory, os.environ, unset_ok=True)
    errors = tuple(problem for problem in folder.problems if not problem.warning)
    if errors:
        raise FlowError(errors)
    return read_prompts(folder.root, folder.folders)


def _since(now: Prompts) -> list[Change]:
    from gateway.promptdiff import since  # noqa: PLC0415

    async def found(store: Store, _: Settings) -> list[Change]:
        from gateway.keptprompts import kept_text  # noqa: PLC0415

        counted = await _used(store)
        texts = {version: await kept_text(store.records, version) for _, _, version in counted}
        return since(counted, {version: text for version, text in texts.items() if text is not None}, now)

    return look(found)


def _between(then: Prompts, now: Prompts) -> list[Change]:
    """Two folders need no store; where there is one, it says how many turns used the old parts."""
    from gateway.promptdiff import between  # noqa: PLC0415

    try:
        counted = look(lambda store, _: _used(store))
    except (SettingsError, StoreAway):
        counted = None
    return between(then, now, counted)


async def _used(store: Store) -> Counter[Used]:
    from gateway.past import pasts  # noqa: PLC0415
    from gateway.promptdiff import used  # noqa: PLC0415

    counted = used(())
    async for past in pasts(store):
        counted += used(past.turns)
    return counted
