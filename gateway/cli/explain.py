"""`frontdesk conversations` and `frontdesk explain`: which there are, and why each turn of one did what it did."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.looking import look, past
from gateway.settings import Settings
from gateway.stores.store import Store


def conversations() -> None:
    """List the conversations of the store, a line each: how far it is, where it stands, who has it."""
    for line in look(_listed):
        typer.echo(line)


def explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="A conversation, as `frontdesk conversations` lists it.")],
) -> None:
    """Tell why each turn of a conversation did what it did: rules, readings, answers of systems, walk, reply."""
    from gateway.explanation import explained  # noqa: PLC0415 - with the engine: other commands do without

    for line in explained(past(id)):
        typer.echo(line)


async def _listed(store: Store, _: Settings) -> list[str]:
    from gateway.explanation import standing  # noqa: PLC0415
    from gateway.past import conversations  # noqa: PLC0415

    return [standing(one) async for one in conversations(store)] or ["There is no conversation in this store."]
