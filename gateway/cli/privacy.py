"""`frontdesk export` and `frontdesk forget`: what the store has of one person, and that it has nothing any more."""

from __future__ import annotations

import asyncio
import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.looking import look
from gateway.clock import SystemClock
from gateway.settings import LogLevel, Settings, from_environment
from gateway.stores.opening import STORE_FILE, look_into, open_store
from gateway.stores.store import Store
from gateway.telemetry import start_logs

if TYPE_CHECKING:
    from gateway.privacy.persons import Person

TOLD_EVERY = 5000
"""Conversations looked at between two lines that say so."""

_PERSON = typer.Argument(
    metavar="PERSON", help="A conversation's id, channel:person, or the person's number or id alone."
)


def export(person: Annotated[str, _PERSON]) -> None:
    """Print all that the store has of a person, as JSON."""
    typer.echo(look(lambda store, _: _exported(store, person)))


def forget(
    person: Annotated[str, _PERSON],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove all that the store has of a person. It cannot be undone."""
    settings = from_environment()
    start_logs(settings.model_copy(update={"log_level": LogLevel.ERROR}), out=sys.stderr)
    asyncio.run(_forgotten(settings, person, yes=yes))


async def _exported(store: Store, name: str) -> str:
    import msgspec  # noqa: PLC0415

    from gateway.privacy.export import export as exported  # noqa: PLC0415 - with the engine: other commands do without

    found = await exported(store.mailbox, store.records, await _one(store, name))
    return msgspec.json.format(msgspec.json.encode(found)).decode()


async def _forgotten(settings: Settings, name: str, *, yes: bool) -> None:
    from gateway.privacy.forget import Forgetting  # noqa: PLC0415 - with the engine: other commands do without

    if settings.redis is None:
        await (await look_into(settings, SystemClock())).close()  # one that is not there is not to be made
    store = await open_store(settings, settings.data_dir / STORE_FILE, SystemClock())
    try:
        person = await _one(store, name)
        if not yes and not await asyncio.to_thread(_sure, person):
            raise typer.Abort
        forgetting = Forgetting(mailbox=store.mailbox, records=store.records, clock=SystemClock(), by=getpass.getuser())
        theirs = await forgetting.forget(person)
    finally:
        await store.close()
    typer.echo(f"Forgotten: {_count(len(person.conversations), 'conversation')}, {_count(len(theirs.cases), 'case')}.")
    for thread in theirs.threads:
        typer.echo(f"Still in Slack, delete it there: channel {thread.channel}, message {thread.ts}")
    for ticket in theirs.tickets:
        typer.echo(f"Still in the ticket system, delete it there: {ticket}")


async def _one(store: Store, name: str) -> Person:
    """The person who is meant. Raises BadParameter where that is nobody, or could be several."""
    from gateway.privacy.persons import find  # noqa: PLC0415

    found = await find(store.mailbox, store.records, name, _tell)
    if not found:
        remedy = "`frontdesk conversations` lists them"
        raise typer.BadParameter(f"the store knows nobody as {name!r}; {remedy}", param_hint="PERSON")
    if len(found) > 1:
        keys = ", ".join(person.key for person in found)
        raise typer.BadParameter(f"{name!r} may be any of: {keys}; name one of these", param_hint="PERSON")
    return found[0]


def _tell(count: int) -> None:
    if count % TOLD_EVERY == 0:
        typer.echo(f"{count} conversations looked at ...", err=True)


def _sure(person: Person) -> bool:
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is here to ask; add --yes to forget for good", param_hint="--yes")
    ids = ", ".join(person.conversations) or "no conversation"
    return typer.confirm(f"Forget {person.key} ({ids}) for good?")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
