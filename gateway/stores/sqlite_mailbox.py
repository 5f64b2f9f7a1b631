"""The mailbox in SQLite: each verb is one piece of work for the writer.

I1  `accept` answers only after its transaction is on disk; so does every other verb.
I2  A dedupe key enters an inbox once in SEEN_S: looking, remembering and enqueueing are one transaction.
I3  One valid token per conversation: a grant writes a new one, `commit` and `settle` compare it; versions grow by 1.
I4  Only `commit` shrinks the inbox, by exactly the ids it consumed.
I5  Outbox rows appear with the state of their turn, and leave only when `settle` names them done.
I6  A free conversation has a due time if and only if it has an event, a row or a timer (a parked one: its next event).
    A held one has a lease instead, and `accept` leaves its schedule alone.
I7  The inbox is read in the order of arrival.
I8  Every verb can be asked again: a committed turn, a settled grant and a known event change nothing the second time.
I9  A verb touches one conversation; `claim` and `renew` treat each apart.
I10 Nothing is awaited between reading and writing: a verb is one synchronous function.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec

from engine.errors import LeaseLost
from engine.message import Event
from engine.store import JOURNAL, Accepted, Change, Grant, Settlement, Snapshot
from gateway.stores import sqlite_rows as rows
from gateway.stores.bounds import INBOX_MAX, LEASE_S, MailboxFull
from gateway.stores.sqlite_records import add_entry
from gateway.stores.sqlite_rows import Row
from gateway.stores.sqlite_writer import Moment, Writer

_encode = msgspec.json.Encoder().encode


class SqliteMailbox:
    """`engine.ports.Mailbox` on the embedded store."""

    def __init__(self, writer: Writer) -> None:
        self._run = writer.run

    async def accept(self, event: Event, *, want_grant: bool, delay_s: float = 0.0) -> Accepted:
        """Dedupe and enqueue in one step (C11, C17). Raises MailboxFull beyond INBOX_MAX waiting events."""
        wait_s = None if want_grant and delay_s <= 0 else delay_s
        return await self._run(partial(_accept, event=event, blob=_encode(event), wait_s=wait_s))

    async def claim(self, limit: int) -> list[Grant]:
        """Ended leases first, then the earliest due."""
        return await self._run(partial(_claim, limit=limit))

    async def renew(self, grants: Sequence[Grant]) -> list[Grant]:
        """LEASE_S more for each that still stands, in their order."""
        return await self._run(partial(_renew, grants=grants)) if grants else []

    async def commit(self, grant: Grant, change: Change) -> Grant:
        """One turn in one write. Raises LeaseLost when the token is not the valid one."""
        return await self._run(partial(_commit, grant=grant, change=change))

    async def settle(self, grant: Grant, settlement: Settlement, *, keep: bool) -> Grant | None:
        """Outcomes in, next work out. Raises LeaseLost when another holder has it; asked again, it says the same."""
        return await self._run(partial(_settle, grant=grant, settlement=settlement, keep=keep))

    async def release(self, grant: Grant, *, again_at: datetime | None = None) -> None:
        """Free it with its attempts counted; nothing happens when it is not held under this token."""
        await self._run(partial(_release, grant=grant, again_at=again_at))

    async def park(self, grant: Grant) -> None:
        """Free it with no due time; its next event starts the count of attempts anew (F27)."""
        await self._run(partial(_park, grant=grant))

    async def erase(self, conversation: str) -> bool:
        """All its rows, and the bytes they took in the file. False while a lease on it stands (X62)."""
        return await self._run(partial(_erase, key=conversation))

    async def peek(self, conversation: str) -> Snapshot | None:
        """The stored conversation; `due` is None while it is held."""
        return await self._run(partial(_peek, key=conversation))

    async def conversations(self, after: str = "", limit: int = 100) -> list[str]:
        """Keys in code point order, after `after`."""
        return await self._run(partial(_conversations, after=after, limit=limit))


def _accept(db: sqlite3.Connection, moment: Moment, *, event: Event, blob: bytes, wait_s: float | None) -> Accepted:
    keys = (event.id, *event.guards)
    row, waiting, last = rows.load(db, event.conversation), 0, 0
    if row is None:
        if event.address is None or not event.addressed:
            return Accepted(fresh=True, taken=False)
        row = rows.found(db, event.conversation)
    elif rows.seen(db, row.id, keys, moment):
        return Accepted(fresh=False)
    else:
        waiting, last = rows.queue(db, row.id)
    if waiting >= INBOX_MAX:
        raise MailboxFull(waiting)
    rows.remember(db, row.id, keys, moment)
    rows.append(db, row.id, last + 1, (event.id, blob))
    if rows.held(row, moment):
        return Accepted(fresh=True)
    if wait_s is None:
        return Accepted(fresh=True, grant=rows.take(db, row, moment))
    if row.held_until is None:  # an ended lease is claimable as it is, and only a new holder may end it
        rows.schedule(db, row, _earliest(row.due, moment.now + wait_s), attempts=row.attempts)
    return Accepted(fresh=True)


def _claim(db: sqlite3.Connection, moment: Moment, *, limit: int) -> list[Grant]:
    rows.forget_old_keys(db, moment)
    return [rows.take(db, row, moment) for row in rows.runnable(db, moment, limit)]


def _renew(db: sqlite3.Connection, moment: Moment, *, grants: Sequence[Grant]) -> list[Grant]:
    until = moment.real + LEASE_S
    query = "UPDATE conversation SET held_until = ? WHERE key = ? AND token = ? AND held_until IS NOT NULL"
    return [
        msgspec.structs.replace(grant, held_until=until)
        for grant in grants
        if db.execute(query, (until, grant.conversation, grant.token)).rowcount
    ]


def _commit(db: sqlite3.Connection, _: Moment, *, grant: Grant, change: Change) -> Grant:
    row = _under_token(db, grant)
    version = grant.version + 1
    if row.version == version:
        return rows.standing(db, row)
    if row.version != grant.version or row.held_until is None:
        raise LeaseLost(f"version {row.version} is stored, the turn was made on {grant.version}")
    db.executemany("DELETE FROM inbox WHERE conversation = ? AND id = ?", [(row.id, id) for id in change.consumed])
    db.executemany(
        "INSERT INTO outbox VALUES (?, ?, ?, ?, ?)",
        [(row.id, version, place, id, blob) for place, (id, blob) in enumerate(change.outbox)],
    )
    if change.entry is not None:
        add_entry(db, JOURNAL, grant.conversation, change.entry)
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (row.id, change.state))
    timer = _seconds(change.timer)
    db.execute("UPDATE conversation SET version = ?, attempts = 0, timer = ? WHERE id = ?", (version, timer, row.id))
    return rows.standing(db, row._replace(version=version, attempts=0, timer=timer), change.state)


def _settle(
    db: sqlite3.Connection, moment: Moment, *, grant: Grant, settlement: Settlement, keep: bool
) -> Grant | None:
    row = _under_token(db, grant)
    if row.held_until is None:
        return None
    for event, blob in [(event, _encode(event)) for event in settlement.events]:
        keys = (event.id, *event.guards)
        if not rows.seen(db, row.id, keys, moment):
            rows.remember(db, row.id, keys, moment)
            _, last = rows.queue(db, row.id)
            rows.append(db, row.id, last + 1, (event.id, blob))
    db.executemany("DELETE FROM outbox WHERE conversation = ? AND id = ?", [(row.id, id) for id in settlement.done])
    db.executemany(
        "UPDATE outbox SET blob = ? WHERE conversation = ? AND id = ?",
        [(blob, row.id, id) for id, blob in settlement.again],
    )
    if keep:
        return rows.standing(db, row)
    due = _next_due(db, row, moment, settlement.due)
    # A grant that ends in order is no failure, even if it only tried a row that must wait: attempts start anew (F8).
    if due is not None and due <= moment.now:
        return rows.extend(db, row._replace(doubtful=0), moment, attempts=1)
    rows.schedule(db, row, due, attempts=0)
    if row.doubtful:
        db.execute("UPDATE conversation SET doubtful = 0 WHERE id = ?", (row.id,))
    return None


def _release(db: sqlite3.Connection, moment: Moment, *, grant: Grant, again_at: datetime | None) -> None:
    row = rows.load(db, grant.conversation)
    if row is not None and _holds(grant, row):
        due = _seconds(again_at) if again_at else _next_due(db, row, moment, None)
        rows.schedule(db, row, due, attempts=row.attempts)


def _park(db: sqlite3.Connection, _: Moment, *, grant: Grant) -> None:
    row = rows.load(db, grant.conversation)
    if row is not None and _holds(grant, row):
        rows.schedule(db, row, None, attempts=0)


def _erase(db: sqlite3.Connection, moment: Moment, *, key: str) -> bool:
    row = rows.load(db, key)
    if row is None or rows.held(row, moment):
        return row is None
    rows.erase(db, row.id)
    return True


def _peek(db: sqlite3.Connection, _: Moment, *, key: str) -> Snapshot | None:
    row = rows.load(db, key)
    return row and Snapshot(
        conversation=key,
        version=row.version,
        state=rows.read_state(db, row.id),
        inbox=rows.read_inbox(db, row.id),
        outbox=rows.read_outbox(db, row.id),
        timer=rows.instant(row.timer),
        due=rows.instant(row.due),
        attempts=row.attempts,
    )


def _conversations(db: sqlite3.Connection, _: Moment, *, after: str, limit: int) -> list[str]:
    found = db.execute("SELECT key FROM conversation WHERE key > ? ORDER BY key LIMIT ?", (after, limit))
    return [key for (key,) in found.fetchall()]


def _under_token(db: sqlite3.Connection, grant: Grant) -> Row:
    row = rows.load(db, grant.conversation)
    if row is None or row.token != grant.token:
        raise LeaseLost("another holder has this conversation now; nothing was written")
    return row


def _holds(grant: Grant, row: Row) -> bool:
    return row.token == grant.token and row.held_until is not None


def _next_due(db: sqlite3.Connection, row: Row, moment: Moment, row_due: datetime | None) -> float | None:
    events, replies = rows.waiting(db, row.id)
    if events or (replies and row_due is None):
        return moment.now
    return _earliest(_seconds(row_due), row.timer)


def _earliest(one: float | None, other: float | None) -> float | None:
    return one if other is None else other if one is None else min(one, other)


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
