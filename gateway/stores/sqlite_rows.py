"""One conversation's rows, read and written inside a transaction of the writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from secrets import token_hex
from typing import NamedTuple

from engine.store import Grant
from gateway.stores.bounds import LEASE_S, SEEN_MAX, SEEN_S
from gateway.stores.sqlite_writer import Moment

_PRUNED_AT_ONCE = 500

Rows = tuple[tuple[str, bytes], ...]


class Row(NamedTuple):
    """A conversation's place in the schedule. Free: `held_until` is None and `due` may be set; held: the reverse."""

    id: int
    key: str
    version: int
    attempts: int
    token: str
    held_until: float | None
    due: float | None
    timer: float | None
    doubtful: int


_ROW = f"SELECT {', '.join(Row._fields)} FROM conversation "  # noqa: S608 - names of our own columns
_BY_KEY = _ROW + "WHERE key = ?"
_ENDED = _ROW + "WHERE held_until <= ? ORDER BY held_until LIMIT ?"
_DUE = _ROW + "WHERE due <= ? ORDER BY due LIMIT ?"


def load(db: sqlite3.Connection, key: str) -> Row | None:
    """The conversation, or None."""
    found = db.execute(_BY_KEY, (key,)).fetchone()
    return found and Row._make(found)


def found(db: sqlite3.Connection, key: str) -> Row:
    """A new conversation: free, and with nothing to do."""
    made = db.execute("INSERT INTO conversation (key) VALUES (?)", (key,))
    return Row(made.lastrowid or 0, key, 0, 0, "", None, None, None, 0)


def runnable(db: sqlite3.Connection, moment: Moment, limit: int) -> list[Row]:
    """Conversations that may be granted: ended leases, which were due before they were granted, then by due time."""
    ended = [Row._make(row) for row in db.execute(_ENDED, (moment.real, limit)).fetchall()]
    due = db.execute(_DUE, (moment.now, limit - len(ended))).fetchall()
    return [*ended, *map(Row._make, due)]


def held(row: Row, moment: Moment) -> bool:
    """Somebody holds it, and the lease has not ended."""
    return row.held_until is not None and row.held_until > moment.real


def schedule(db: sqlite3.Connection, row: Row, due: float | None, *, attempts: int) -> None:
    """Free it, due at `due` (None: at its next event)."""
    db.execute("UPDATE conversation SET held_until = NULL, due = ?, attempts = ? WHERE id = ?", (due, attempts, row.id))


def take(db: sqlite3.Connection, row: Row, moment: Moment) -> Grant:
    """Hand it to a new holder; rows that an earlier one left behind without settling become doubtful (F0)."""
    doubtful = row.doubtful if row.held_until is None else row.version
    row = row._replace(token=token_hex(16), doubtful=doubtful)
    return extend(db, row, moment, attempts=row.attempts + 1)


def extend(db: sqlite3.Connection, row: Row, moment: Moment, *, attempts: int) -> Grant:
    """A lease from now on, under the row's token."""
    row = row._replace(held_until=moment.real + LEASE_S, attempts=attempts)
    db.execute(
        "UPDATE conversation SET token = ?, held_until = ?, due = NULL, attempts = ?, doubtful = ? WHERE id = ?",
        (row.token, row.held_until, attempts, row.doubtful, row.id),
    )
    return standing(db, row)


def standing(db: sqlite3.Connection, row: Row, state: bytes | None = None) -> Grant:
    """The grant as it stands; `state` saves reading it back."""
    if state is None:
        state = read_state(db, row.id)
    return Grant(
        conversation=row.key,
        token=row.token,
        version=row.version,
        state=state,
        inbox=read_inbox(db, row.id),
        outbox=read_outbox(db, row.id),
        attempts=row.attempts,
        held_until=row.held_until or 0.0,
        repeated=row.doubtful > 0 and _left_of(db, row),
    )


def read_state(db: sqlite3.Connection, id: int) -> bytes:
    """The state, b"" before the first turn."""
    found = db.execute("SELECT blob FROM state WHERE conversation = ?", (id,)).fetchone()
    return found[0] if found else b""


def read_inbox(db: sqlite3.Connection, id: int) -> Rows:
    """Waiting events in the order in which they came (I7)."""
    return tuple(db.execute("SELECT id, blob FROM inbox WHERE conversation = ? ORDER BY place", (id,)).fetchall())


def read_outbox(db: sqlite3.Connection, id: int) -> Rows:
    """Waiting rows in the order of their turns."""
    rows = db.execute("SELECT id, blob FROM outbox WHERE conversation = ? ORDER BY version, place", (id,))
    return tuple(rows.fetchall())


def waiting(db: sqlite3.Connection, id: int) -> tuple[bool, bool]:
    """Do events, and do rows wait?"""
    found: tuple[int, int] = db.execute(
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE conversation = ?1),"
        " EXISTS (SELECT 1 FROM outbox WHERE conversation = ?1)",
        (id,),
    ).fetchone()
    return bool(found[0]), bool(found[1])


def queue(db: sqlite3.Connection, id: int) -> tuple[int, int]:
    """How many events wait, and the place of the last."""
    found: tuple[int, int] = db.execute(
        "SELECT count(*), coalesce(max(place), 0) FROM inbox WHERE conversation = ?", (id,)
    ).fetchone()
    return found


def append(db: sqlite3.Connection, id: int, place: int, event: tuple[str, bytes]) -> None:
    """Put an event in the inbox."""
    db.execute("INSERT INTO inbox VALUES (?, ?, ?, ?)", (id, place, *event))


def seen(db: sqlite3.Connection, id: int, keys: Iterable[str], moment: Moment) -> bool:
    """One of the keys came before, less than SEEN_S ago (I2)."""
    since = moment.now - SEEN_S
    return any(
        db.execute("SELECT 1 FROM seen WHERE conversation = ? AND key = ? AND at > ?", (id, key, since)).fetchone()
        for key in keys
    )


def remember(db: sqlite3.Connection, id: int, keys: Iterable[str], moment: Moment) -> None:
    """Keep the keys, and at most SEEN_MAX of this conversation."""
    db.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", [(id, key, moment.now) for key in keys])
    (kept,) = db.execute("SELECT count(*) FROM seen WHERE conversation = ?", (id,)).fetchone()
    if kept > SEEN_MAX:
        db.execute(
            "DELETE FROM seen WHERE conversation = ?1 AND key IN"
            " (SELECT key FROM seen WHERE conversation = ?1 ORDER BY at LIMIT ?2)",
            (id, SEEN_MAX // 2),
        )


def forget_old_keys(db: sqlite3.Connection, moment: Moment) -> None:
    """Drop some of the keys whose time is over; asked often, it keeps up with any inflow."""
    db.execute(
        "DELETE FROM seen WHERE (conversation, key) IN"
        " (SELECT conversation, key FROM seen WHERE at <= ? ORDER BY at LIMIT ?)",
        (moment.now - SEEN_S, _PRUNED_AT_ONCE),
    )


def erase(db: sqlite3.Connection, id: int) -> None:
    """Every row of a conversation."""
    for table in ("state", "inbox", "outbox", "seen"):
        db.execute(f"DELETE FROM {table} WHERE conversation = ?", (id,))  # noqa: S608 - our own tables
    db.execute("DELETE FROM conversation WHERE id = ?", (id,))


def instant(seconds: float | None) -> datetime | None:
    """POSIX seconds as an aware UTC time."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _left_of(db: sqlite3.Connection, row: Row) -> bool:
    left = db.execute("SELECT 1 FROM outbox WHERE conversation = ? AND version <= ?", (row.id, row.doubtful)).fetchone()
    return left is not None
