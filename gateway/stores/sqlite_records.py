"""Records in SQLite: versioned values and append-only entries, by kind and key."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable
from functools import partial

from engine.store import Entry, Record
from gateway.stores.sqlite_writer import Moment, Writer

_LAST_CHARACTER = "\U0010ffff"
_CREATE = "INSERT INTO record VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING"
_STORE = (
    "INSERT INTO record VALUES (?, ?, 1, ?)"
    " ON CONFLICT (kind, key) DO UPDATE SET version = version + 1, blob = excluded.blob"
)
_REPLACE = "UPDATE record SET version = version + 1, blob = ? WHERE kind = ? AND key = ? AND version = ?"
_APPEND = "INSERT INTO entry (kind, key, id, blob) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_OLDEST = "SELECT seq, id, blob FROM entry WHERE kind = ? AND key = ? AND seq > ? ORDER BY seq LIMIT ?"
_NEWEST = "SELECT seq, id, blob FROM entry WHERE kind = ? AND key = ? AND seq > ? ORDER BY seq DESC LIMIT ?"


def add_entry(db: sqlite3.Connection, kind: str, key: str, entry: tuple[str, bytes]) -> sqlite3.Cursor:
    """Append under `key`, once per id; nothing is changed for one that is known."""
    return db.execute(_APPEND, (kind, key, *entry))


class SqliteRecords:
    """`engine.ports.Records` on the embedded store. Each verb is one transaction, on disk before it answers."""

    def __init__(self, writer: Writer) -> None:
        self._run = writer.run

    async def get(self, kind: str, key: str) -> Record | None:
        """The record, or None."""
        return await self._run(partial(_get, kind=kind, key=key))

    async def put(self, kind: str, key: str, blob: bytes, *, expect: int | None = None) -> bool:
        """Store it; with `expect` only if the stored version equals it (0: must not exist yet)."""
        return await self._run(partial(_put, kind=kind, key=key, blob=blob, expect=expect))

    def add(self, kind: str, key: str, id: str, blob: bytes) -> Awaitable[int]:
        """Append under `key`, once per `id`. A seq is never used twice, also not after `drop`."""
        return self._run(partial(_add, kind=kind, key=key, id=id, blob=blob))

    async def read(
        self, kind: str, key: str, *, after: int = 0, limit: int = 100, last: int | None = None
    ) -> list[Entry]:
        """At most `limit` entries with seq > `after`, or the newest `last` of them; oldest first."""
        if last is None:
            return await self._run(partial(_read, kind=kind, key=key, after=after, limit=limit))
        return await self._run(partial(_newest, kind=kind, key=key, after=after, last=last))

    async def scan(self, kind: str, prefix: str = "", *, after: str = "", limit: int = 100) -> list[Record]:
        """Records whose key starts with `prefix`, in code point order, after `after`."""
        return await self._run(partial(_scan, kind=kind, prefix=prefix, after=after, limit=limit))

    async def drop(self, kind: str, key: str) -> None:
        """Remove the record and its entries, and overwrite the bytes they took in the file (X62)."""
        await self._run(partial(_drop, kind=kind, key=key))


def _get(db: sqlite3.Connection, _: Moment, *, kind: str, key: str) -> Record | None:
    found = db.execute("SELECT version, blob FROM record WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return Record(key=key, version=found[0], blob=found[1]) if found else None


def _put(db: sqlite3.Connection, _: Moment, *, kind: str, key: str, blob: bytes, expect: int | None) -> bool:
    if expect:
        return db.execute(_REPLACE, (blob, kind, key, expect)).rowcount == 1
    return db.execute(_CREATE if expect == 0 else _STORE, (kind, key, blob)).rowcount == 1


def _add(db: sqlite3.Connection, _: Moment, *, kind: str, key: str, id: str, blob: bytes) -> int:
    made = add_entry(db, kind, key, (id, blob))
    if made.rowcount == 1:
        return made.lastrowid or 0
    (known,) = db.execute("SELECT seq FROM entry WHERE kind = ? AND key = ? AND id = ?", (kind, key, id)).fetchone()
    return int(known)


def _read(db: sqlite3.Connection, _: Moment, *, kind: str, key: str, after: int, limit: int) -> list[Entry]:
    return [Entry(seq=seq, id=id, blob=blob) for seq, id, blob in db.execute(_OLDEST, (kind, key, after, limit))]


def _newest(db: sqlite3.Connection, _: Moment, *, kind: str, key: str, after: int, last: int) -> list[Entry]:
    found = [Entry(seq=seq, id=id, blob=blob) for seq, id, blob in db.execute(_NEWEST, (kind, key, after, last))]
    return found[::-1]


def _scan(db: sqlite3.Connection, _: Moment, *, kind: str, prefix: str, after: str, limit: int) -> list[Record]:
    query = (
        "SELECT key, version, blob FROM record WHERE kind = ? AND key >= ? AND key < ? AND key > ? ORDER BY key LIMIT ?"
    )
    found = db.execute(query, (kind, prefix, prefix + _LAST_CHARACTER, after, limit)).fetchall()
    return [Record(key=key, version=version, blob=blob) for key, version, blob in found]


def _drop(db: sqlite3.Connection, _: Moment, *, kind: str, key: str) -> None:
    db.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))
    db.execute("DELETE FROM entry WHERE kind = ? AND key = ?", (kind, key))
