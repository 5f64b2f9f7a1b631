"""The database file: its lock, its folder, its schema, and what its faults mean to an operator."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from engine.errors import SettingsError, StoreAway

SCHEMA = 1
BUSY_S = 0.5
_OURS = 0x46444B31  # application_id of our files

# Small rows apart from the 2 KB states: a lease that changes hands then dirties a thirtieth of a page, not half of one.
# A row is free and due, or held and not due. `token` stays after the lease is gone, so a repeated settle is recognised.
# `doubtful` is the newest version whose outbox rows an earlier holder may have sent without saying so.
_TABLES = """
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, version INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0, token TEXT NOT NULL DEFAULT '', held_until REAL, due REAL, timer REAL,
    doubtful INTEGER NOT NULL DEFAULT 0, CHECK (due IS NULL OR held_until IS NULL));
CREATE INDEX conversation_due ON conversation (due) WHERE due IS NOT NULL;
CREATE INDEX conversation_held ON conversation (held_until) WHERE held_until IS NOT NULL;
CREATE TABLE state (conversation INTEGER PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE inbox (
    conversation INTEGER, place INTEGER, id TEXT NOT NULL, blob BLOB NOT NULL,
    PRIMARY KEY (conversation, place)) WITHOUT ROWID;
CREATE TABLE outbox (
    conversation INTEGER, version INTEGER, place INTEGER, id TEXT NOT NULL, blob BLOB NOT NULL,
    PRIMARY KEY (conversation, version, place)) WITHOUT ROWID;
CREATE TABLE seen (
    conversation INTEGER, key TEXT, at REAL NOT NULL, PRIMARY KEY (conversation, key)) WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);
CREATE TABLE record (
    kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, blob BLOB NOT NULL, UNIQUE (kind, key));
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, blob BLOB NOT NULL,
    UNIQUE (kind, key, id));
CREATE INDEX entry_order ON entry (kind, key, seq);
CREATE TABLE ping (only INTEGER PRIMARY KEY, at REAL NOT NULL);
"""

# The only process that may hold leases is this one, so every lease found in the file is an ended one.
_TAKE_OVER = """
UPDATE conversation SET
    held_until = NULL, token = '', doubtful = version,
    due = CASE WHEN EXISTS (SELECT 1 FROM inbox WHERE conversation = conversation.id)
                 OR EXISTS (SELECT 1 FROM outbox WHERE conversation = conversation.id) THEN 0 ELSE timer END
WHERE held_until IS NOT NULL
"""

_REMEDIES = {
    sqlite3.SQLITE_FULL: "the disk is full; free space there",
    sqlite3.SQLITE_IOERR: "the disk does not answer or is full; check it",
    sqlite3.SQLITE_BUSY: "another program writes to it; close that program",
    sqlite3.SQLITE_LOCKED: "another program has locked it; close that program",
    sqlite3.SQLITE_READONLY: "it cannot be written; check its owner and the mount",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder is still there",
    sqlite3.SQLITE_PERM: "it cannot be written; check its owner",
    sqlite3.SQLITE_CORRUPT: "it is damaged; stop the service and restore the file from a backup",
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database; stop the service and restore the file from a backup",
}


class StoreTaken(SettingsError):
    """Another process has the file, as a running `serve` does."""


@dataclass(frozen=True, kw_only=True)
class DatabaseFile:
    """An open database and the lock that keeps every other process out; who only reads has none."""

    path: Path
    connection: sqlite3.Connection
    lock: int | None = None

    def close(self) -> None:
        """Close the database, then let go of the lock."""
        self.connection.close()
        if self.lock is not None:
            os.close(self.lock)


def open_file(path: Path) -> DatabaseFile:
    """Lock, open and if need be create the database, and take over what a dead process held.

    Raises SettingsError when the folder or the file cannot be used; StoreTaken when another process has it (F37).
    """
    lock = _lock(path)
    try:
        return DatabaseFile(path=path, connection=_connect(path), lock=lock)
    except BaseException:
        os.close(lock)
        raise


def look_file(path: Path) -> DatabaseFile:
    """Open the database for reading only, beside the process that has it or without one: each look sees one moment.

    Raises SettingsError where there is none that can be read.
    """
    if not path.is_file():
        raise SettingsError(
            f"there is no store at {path}; set FRONTDESK_DATA_DIR to the folder of the desk, or REDIS_URL to its Redis"
        )
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.Error as fault:
        raise SettingsError(f"{path} cannot be read ({fault}); {_remedy(fault)}") from fault
    try:
        _known(connection, path)
    except (sqlite3.Error, SettingsError) as fault:
        connection.close()
        if isinstance(fault, SettingsError):
            raise
        raise SettingsError(f"{path} cannot be read ({fault}); {_remedy(fault)}") from fault
    return DatabaseFile(path=path, connection=connection)


def away(path: Path, fault: sqlite3.Error) -> Exception:
    """What a fault of the file means: StoreAway with a remedy, or the fault itself where it is ours (F35)."""
    remedy = _REMEDIES.get(getattr(fault, "sqlite_errorcode", 0) & 0xFF)
    return StoreAway(f"{path} could not be used ({fault}): {remedy}. Nothing was stored") if remedy else fault


def _lock(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        # SQLite gives the -wal and -shm files the mode of this one: nobody else reads what customers wrote.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as fault:
        raise SettingsError(
            f"{path} cannot be used as the store ({fault.strerror}); "
            "set FRONTDESK_DATA_DIR to a folder that this user may write to"
        ) from fault
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(lock)
        raise StoreTaken(
            f"{path} is in use by another process; stop that one, give this one its own FRONTDESK_DATA_DIR, "
            "or set REDIS_URL to run several on one store"
        ) from fault
    return lock


def _remedy(fault: sqlite3.Error) -> str:
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return "make room on its disk, or set FRONTDESK_DATA_DIR to a folder on another"
    return "restore it from a backup, or move it aside to start with an empty one"


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, path)
    except sqlite3.Error as fault:
        connection.close()
        raise SettingsError(f"{path} cannot be opened as the store ({fault}); {_remedy(fault)}") from fault
    except SettingsError:
        connection.close()
        raise
    return connection


def _known(connection: sqlite3.Connection, path: Path) -> bool:
    """Does it hold our tables? Raises SettingsError for somebody else's, and for those of a newer version."""
    schema, owner, tables = connection.execute(
        "SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id),"
        " (SELECT count(*) FROM sqlite_master)"
    ).fetchone()
    if tables and owner != _OURS:
        raise SettingsError(f"{path} is a database of another program; set FRONTDESK_DATA_DIR to another folder")
    if schema > SCHEMA:
        raise SettingsError(
            f"{path} was written by a newer Frontdesk (schema {schema}, this one knows {SCHEMA}); "
            "run that version, or restore the file's backup from before the update"
        )
    return bool(tables)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    ours = _known(connection, path)
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise SettingsError(f"{path} is on a disk without write-ahead logs; set FRONTDESK_DATA_DIR to a local disk")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what `forget` removes must not stay in free pages (X62)
    if not ours:
        connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {_OURS}; PRAGMA user_version = {SCHEMA}; COMMIT"
        )
    connection.execute(_TAKE_OVER)
