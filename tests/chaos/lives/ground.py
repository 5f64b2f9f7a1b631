"""What a life stands on: a real store on one thread, clocks that obey, and places where a process dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from gateway.clock import TestClock
from gateway.failpoints import Armed, Disarmed, FailpointRaised, Fate
from gateway.stores.bounds import LEASE_S
from gateway.stores.sqlite import SqliteStore
from gateway.stores.sqlite_file import DatabaseFile, open_file
from gateway.stores.sqlite_writer import Moment, T, Work, Writer


class TwoWayClock(TestClock):
    """A clock that people set wrong: it stands still, and can be moved back too (H28, F22)."""

    def move(self, seconds: float) -> None:
        """Forward, or back."""
        self._start += timedelta(seconds=seconds)


class Leases:
    """The seconds that leases run on. They pass while something is sent, and when a lease is to end."""

    def __init__(self) -> None:
        self._now = 1_000.0

    def monotonic(self) -> float:
        """Stands in the place of `time` where a sender looks at it."""
        return self._now

    def send(self) -> None:
        """What a provider takes to answer."""
        self._now += 0.2

    def end(self) -> None:
        """Every lease that is held now is over."""
        self._now += LEASE_S + 1.0


class OneThreadWriter(Writer):
    """The store's writer without its thread: what is asked for is done there and then, in its own transaction, so that
    a seed repeats a life step by step. Nothing waits for the disk: no power is lost here."""

    def __init__(self, file: DatabaseFile, moment: Callable[[], Moment]) -> None:
        self._file, self._db, self._moment = file, file.connection, moment
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._db.execute("PRAGMA synchronous = OFF")

    def run(self, work: Work[T]) -> asyncio.Future[T]:
        """As its parent's, answered when the loop comes round."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._finish([(work, future)])
        return future

    async def close(self) -> None:
        """Let go of the file."""
        if not self._closed:
            self._closed = True
            self._file.close()


def open_store(path: Path, clock: TestClock, leases: Leases) -> SqliteStore:
    """The real store; what it held is taken over, as when a process starts anew."""
    return SqliteStore(OneThreadWriter(open_file(path), lambda: Moment(clock.now().timestamp(), leases.monotonic())))


class Died(BaseException):
    """What is left of a process that was killed: nothing of it catches this, nothing of it goes on."""


class Mortal:
    """Failpoints of one process: at an armed place it raises, or dies and stays dead."""

    def __init__(self) -> None:
        self.dead = False
        self.struck = False
        """It raised, or died."""
        self._armed: Armed | Disarmed = Disarmed()
        self._dies = False
        self._times = self._left = 0

    def arm(self, place: str, *, visit: int, dies: bool, times: int = 1) -> None:
        """It happens at the visit, and with `times` at as many in all."""
        self._armed, self._dies = Armed(place, visit=visit, fate=Fate.RAISE), dies
        self._times = self._left = times

    @property
    def goes_on(self) -> bool:
        """It has happened, and will happen again."""
        return 0 < self._left < self._times

    def disarm(self) -> None:
        """Nothing more happens."""
        self._armed, self._left = Disarmed(), 0

    def alive(self) -> None:
        """Raises Died in a process that is none any more."""
        if self.dead:
            raise Died

    def reach(self, name: str) -> None:
        """As `gateway.failpoints.Armed`."""
        self.alive()
        try:
            self._armed.reach(name)
        except FailpointRaised:
            self.struck = True
            self._left -= 1
            self._armed = Armed(name, fate=Fate.RAISE) if self._left else Disarmed()
            self.dead = self._dies
            self.alive()
            raise
