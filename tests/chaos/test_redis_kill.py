"""kill -9 of processes and of the Redis they share, by a line that loses answers: nothing lost or doubled (F6)."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from engine.store import Snapshot
from gateway.stores.redis_keys import schedules
from gateway.stores.redis_mailbox import LEASE_MS
from tests.chaos.redis_shop import PEOPLE, opened
from tests.chaos.sqlite_shop import Shop
from tests.lossy_line import LossyLine, lossy_line
from tests.redis_servers import RedisServer

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
NAMES = ("north", "south")
KILLS = 12
LINES = (1, 600)
"""How much is logged between two kills."""
LOST = 0.01
"""Of the answers."""
PATIENCE_S = 60.0


class Branches:
    """Processes of one desk, and the Redis they share: each can be killed and comes back."""

    def __init__(self, server: RedisServer, line: LossyLine, log: Path) -> None:
        self._server = server
        self._url = f"redis://127.0.0.1:{line.port}/0"
        self._log = log
        self._processes: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, name: str) -> None:
        """Start a process of that name."""
        command = (sys.executable, "-m", "tests.chaos.redis_shop", self._url, str(self._log), name)
        self._processes[name] = await asyncio.create_subprocess_exec(*command, cwd=ROOT)

    async def kill(self, name: str) -> None:
        """kill -9, and another one in its place."""
        await self._end(name)
        await self.start(name)

    async def kill_redis(self) -> None:
        """kill -9, and the same one on the same data."""
        self._server.kill()
        await asyncio.to_thread(self._server.start)

    async def busy(self, lines: int) -> None:
        """Wait until that much more was logged."""
        enough = self._log.stat().st_size + lines * 20
        async with asyncio.timeout(PATIENCE_S):
            while self._log.stat().st_size < enough:
                assert all(process.returncode is None for process in self._processes.values())
                await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """kill -9 of whoever is left."""
        for name in list(self._processes):
            await self._end(name)

    async def _end(self, name: str) -> None:
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def finish(server: RedisServer, log: Path) -> dict[str, Snapshot]:
    """End all leases, work until nothing is due, and see what is stored."""
    for _, held in schedules():
        for name in server.ask("ZRANGE", held, 0, -1):
            server.ask("ZINCRBY", held, -LEASE_MS, name)
    store = await opened(server.url)
    shop = Shop(store.mailbox, log)
    while grants := await store.mailbox.claim(100):
        for grant in grants:
            await shop.work(grant)
    people = await store.mailbox.conversations(limit=1000)
    stored = {person: snapshot for person in people if (snapshot := await store.mailbox.peek(person))}
    await store.close()
    return stored


def logged(log: Path, what: str) -> Iterator[list[str]]:
    """The rest of each line about something."""
    return (words[1:] for words in map(str.split, log.read_text().splitlines()) if words[0] == what)


async def test_F6_kills_of_two_workers_and_of_redis_lose_nothing_and_apply_nothing_twice(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    chance = random.Random(6)
    log = tmp_path / "log"
    log.touch()
    async with lossy_line(redis_server.port) as line:
        line.loses = lambda answer: chance.random() < LOST
        branches = Branches(redis_server, line, log)
        try:
            for name in NAMES:
                await branches.start(name)
            for number in range(KILLS):
                await branches.busy(chance.randint(*LINES))
                await (branches.kill_redis() if number % 3 == 0 else branches.kill(NAMES[number % 2]))
            await branches.busy(LINES[1])
        finally:
            await branches.stop()
        assert line.lost
    stored = await finish(redis_server, log)

    accepted = {event for [event] in logged(log, "accepted")}
    applied = {person: snapshot.state.decode().splitlines() for person, snapshot in stored.items()}
    everything = [event for events in applied.values() for event in events]
    # I1, I4: what was answered was applied. I2: once, also where the same message came again.
    assert len(stored) == len(NAMES) * PEOPLE
    assert accepted <= set(everything)
    assert len(everything) == len(set(everything))
    for person, events in applied.items():
        # I7: in order, without a gap. I3: one version per turn. I6: nothing to do, so not due.
        assert events == [f"{person}/{number}" for number in range(len(events))]
        snapshot = stored[person]
        assert (snapshot.version, snapshot.inbox, snapshot.outbox, snapshot.due) == (len(events), (), (), None)

    # I5: a row was sent for each committed turn and for no other, a second time only where nobody could know.
    sent = [(row, mark) for row, mark in logged(log, "sent")]
    assert {row for row, _ in sent} == {f"{event}:r" for event in everything}
    first: set[str] = set()
    for row, mark in sent:
        assert row not in first or mark == "repeated"
        first.add(row)
    for person, events in applied.items():
        order = list(dict.fromkeys(row for row, _ in sent if row.startswith(f"{person}/")))
        assert order == [f"{event}:r" for event in events]
    repeats = Counter(row for row, _ in sent)
    assert sum(count - 1 for count in repeats.values()) <= 0.05 * len(sent)
