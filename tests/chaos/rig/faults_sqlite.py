"""Faults planted in the embedded store, by changing functions of its mailbox."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from msgspec.structs import replace

from engine.message import Event
from engine.store import Accepted, Change, Grant
from gateway.stores import sqlite_mailbox as sqlite
from gateway.stores import sqlite_rows as rows
from gateway.stores.sqlite_mailbox import SqliteMailbox
from gateway.stores.sqlite_writer import Moment

GAP_S = 0.05
ANSWERS_LOST = 0.03
"""Share of the store's answers that are lost, so that the same is asked again, as a client of a remote store does."""
LOSSY = ("accept", "claim", "renew", "commit", "settle", "release")

_commit, _accept = sqlite._commit, sqlite._accept


def lose_answers() -> None:
    """Some of what is asked is asked again, because its answer was lost: the embedded store has no wire to cut."""
    for verb in LOSSY:
        _instead(SqliteMailbox, verb, _lossy(getattr(SqliteMailbox, verb)))


def _lossy(verb: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    chance = random.Random()

    async def asked(*arguments: Any, **more: Any) -> Any:
        if chance.random() < ANSWERS_LOST:
            await verb(*arguments, **more)
        return await verb(*arguments, **more)

    return asked


def _instead(where: object, name: str, what: object) -> None:
    setattr(where, name, what)


def no_fencing() -> None:
    """A turn is committed whoever holds the conversation now, and whatever was committed meanwhile (I3)."""

    def commit(db: sqlite3.Connection, moment: Moment, *, grant: Grant, change: Change) -> Grant:
        row = rows.load(db, grant.conversation)
        assert row is not None
        if row.held_until is None:
            rows.extend(db, row, moment, attempts=row.attempts)
        return _commit(db, moment, grant=replace(grant, token=row.token, version=row.version), change=change)

    _instead(sqlite, "_commit", commit)


def dedupe_apart() -> None:
    """An event's id is remembered in one step, and the event enters the inbox in the next (I2)."""

    def remember(db: sqlite3.Connection, moment: Moment, *, event: Event) -> bool:
        row = rows.load(db, event.conversation) or rows.found(db, event.conversation)
        if rows.seen(db, row.id, (event.id,), moment):
            return False
        rows.remember(db, row.id, (event.id,), moment)
        return True

    def enqueue(db: sqlite3.Connection, moment: Moment, *, event: Event, **more: Any) -> Accepted:
        row = rows.load(db, event.conversation)
        assert row is not None
        db.execute("DELETE FROM seen WHERE conversation = ? AND key = ?", (row.id, event.id))
        return _accept(db, moment, event=event, **more)

    async def accept(self: SqliteMailbox, event: Event, *, want_grant: bool, delay_s: float = 0.0) -> Accepted:
        if event.address is not None and not await self._run(partial(remember, event=event)):
            return Accepted(fresh=False)
        await asyncio.sleep(GAP_S)
        return await real(self, event, want_grant=want_grant, delay_s=delay_s)

    real = SqliteMailbox.accept
    _instead(sqlite, "_accept", enqueue)
    _instead(SqliteMailbox, "accept", accept)


def accept_reschedules() -> None:
    """A conversation that somebody works on becomes due when its next event comes (I6)."""

    def accept(db: sqlite3.Connection, moment: Moment, *, event: Event, **more: Any) -> Accepted:
        before = rows.load(db, event.conversation)
        accepted = _accept(db, moment, event=event, **more)
        if accepted.fresh and before is not None and rows.held(before, moment):
            rows.schedule(db, before, moment.now, attempts=before.attempts)
        return accepted

    _instead(sqlite, "_accept", accept)


def commit_repeats() -> None:
    """A commit that is asked for twice is made twice (I8)."""

    def commit(db: sqlite3.Connection, moment: Moment, *, grant: Grant, change: Change) -> Grant:
        row = rows.load(db, grant.conversation)
        assert row is not None
        return _commit(db, moment, grant=replace(grant, version=row.version), change=change)

    _instead(sqlite, "_commit", commit)


def rows_later() -> None:
    """The state is committed in one step, and its outbox rows in the next (I5)."""

    def add(db: sqlite3.Connection, _: Moment, *, grant: Grant, change: Change) -> Grant:
        row = rows.load(db, grant.conversation)
        assert row is not None
        written = [(row.id, row.version, place, id, blob) for place, (id, blob) in enumerate(change.outbox)]
        db.executemany("INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?)", written)
        return rows.standing(db, row)

    async def commit(self: SqliteMailbox, grant: Grant, change: Change) -> Grant:
        committed = await real(self, grant, replace(change, outbox=()))
        await asyncio.sleep(GAP_S)
        return await self._run(partial(add, grant=committed, change=change))

    real = SqliteMailbox.commit
    _instead(SqliteMailbox, "commit", commit)
