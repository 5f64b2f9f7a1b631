"""The one thread that touches the database, and its group commit.

1. Work runs in the order in which it was asked for, up to BATCH_MAX pieces in one transaction.
2. No answer is given before the transaction that holds its work is committed (I1).
3. A piece of work that raises leaves nothing behind and takes no other down.
4. A caller that is cancelled does not cancel its work.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar

from engine.errors import StoreAway
from gateway.stores.sqlite_file import DatabaseFile, away

BATCH_MAX = 64

T = TypeVar("T")


class Moment(NamedTuple):
    """When a transaction runs: `now` on the clock port (POSIX seconds), `real` on the lease clock (monotonic s)."""

    now: float
    real: float


Work = Callable[[sqlite3.Connection, Moment], T]
_Job = tuple[Work[Any], "asyncio.Future[Any]"]
_Outcome = tuple[Any, Exception | None]


class Writer:
    """Runs work on the database. Made and closed inside the running loop."""

    def __init__(self, file: DatabaseFile, moment: Callable[[], Moment]) -> None:
        # Who has no lock only reads: such a transaction sees one moment and never waits for the one who writes.
        self._begin = "BEGIN" if file.lock is None else "BEGIN IMMEDIATE"
        self._file = file
        self._db = file.connection
        self._moment = moment
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        self._thread = Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    def run(self, work: Work[T]) -> asyncio.Future[T]:
        """Queue `work` and give its answer. Work refuses before it writes: what it raises after that costs the batch
        a second round. The answer is StoreAway when the file cannot be used, now or for this batch."""
        future: asyncio.Future[T] = self._loop.create_future()
        if self._closed:
            future.set_exception(StoreAway(f"{self._file.path} is closed: the service is stopping. Nothing was stored"))
        else:
            self._jobs.put((work, future))
        return future

    async def close(self) -> None:
        """Finish what is queued, then close the file. Closing twice is closing once."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        try:
            while batch := self._next():
                self._finish(batch)
        finally:
            self._file.close()

    def _finish(self, batch: list[_Job]) -> None:
        outcomes = self._together(batch)
        if outcomes is not None:
            self._loop.call_soon_threadsafe(_deliver, batch, outcomes)
            return
        for job in batch:
            self._finish([job])

    def _next(self) -> list[_Job]:
        first = self._jobs.get()
        return [] if first is None else [first, *self._waiting(BATCH_MAX - 1)]

    def _waiting(self, limit: int | None = None) -> Iterator[_Job]:
        for _ in range(limit or self._jobs.qsize()):
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            if job is None:
                self._jobs.put(None)  # the end is found again once these are done
                return
            yield job

    def _together(self, batch: list[_Job]) -> list[_Outcome] | None:
        """One transaction; None when one of several raised after writing and each must be done again, alone."""
        outcomes: list[_Outcome] = []
        moment = self._moment()
        try:
            self._db.execute(self._begin)
        except sqlite3.Error as fault:
            batch += self._waiting()  # a locked file is waited for once, not once for every batch
            return [(None, self._meaning(fault)) for _ in batch]
        try:
            for work, _ in batch:
                written = self._db.total_changes
                try:
                    outcomes.append((work(self._db, moment), None))
                except Exception as fault:  # noqa: BLE001 - not swallowed: raised again where the work was asked for
                    if self._db.total_changes != written or not self._db.in_transaction:
                        self._roll_back()
                        return [(None, self._meaning(fault))] if len(batch) == 1 else None
                    outcomes.append((None, self._meaning(fault)))
            self._db.execute("COMMIT")
        except sqlite3.Error as fault:
            self._roll_back()
            return [(None, self._meaning(fault)) for _ in batch]
        return outcomes

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # a full disk may have rolled back already
            self._db.execute("ROLLBACK")

    def _meaning(self, fault: Exception) -> Exception:
        return away(self._file.path, fault) if isinstance(fault, sqlite3.Error) else fault


def _deliver(batch: list[_Job], outcomes: list[_Outcome]) -> None:
    for (_, future), (answer, fault) in zip(batch, outcomes, strict=True):
        if future.done():
            continue
        if fault is None:
            future.set_result(answer)
        else:
            future.set_exception(fault)
