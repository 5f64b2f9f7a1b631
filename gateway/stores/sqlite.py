"""The embedded store: one file, one process, durable with no service to install."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from engine.ports import Clock
from engine.store import Mailbox, Records
from gateway.stores.sqlite_file import look_file, open_file
from gateway.stores.sqlite_mailbox import SqliteMailbox
from gateway.stores.sqlite_records import SqliteRecords
from gateway.stores.sqlite_writer import Moment, Writer


class SqliteStore:
    """A mailbox and records in one SQLite file. Made by `open`, inside the running loop that will use it."""

    name = "SQLite"
    news = None
    """Nobody else can have the file open."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.mailbox: Mailbox = SqliteMailbox(writer)
        self.records: Records = SqliteRecords(writer)

    @classmethod
    async def open(cls, path: Path, clock: Clock, *, real: Callable[[], float] = time.monotonic) -> SqliteStore:
        """Open or create the file, with its folder, and take over what a dead process held.

        Timers and dues follow `clock`; leases follow `real` seconds (F22). Raises SettingsError when the folder or
        the file cannot be used, is of another program or a newer version, or another process has it open (F37).
        """

        return cls(Writer(await asyncio.to_thread(open_file, path), _moments(clock, real)))

    @classmethod
    async def look(cls, path: Path, clock: Clock) -> SqliteStore:
        """Open the file to look at, also beside the process that has it: every verb that writes raises StoreAway.

        Raises SettingsError where there is none that can be read.
        """
        return cls(Writer(await asyncio.to_thread(look_file, path), _moments(clock, time.monotonic)))

    async def ping(self) -> None:
        """Write something, to know that writing is possible. Raises StoreAway when it is not (F35)."""
        await self._writer.run(_ping)

    async def close(self) -> None:
        """Finish what was asked for and close the file; every later call raises StoreAway."""
        await self._writer.close()


def _moments(clock: Clock, real: Callable[[], float]) -> Callable[[], Moment]:
    def moment() -> Moment:
        return Moment(clock.now().timestamp(), real())

    return moment


def _ping(db: sqlite3.Connection, moment: Moment) -> None:
    db.execute("INSERT OR REPLACE INTO ping VALUES (1, ?)", (moment.real,))
