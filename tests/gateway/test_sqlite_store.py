"""What only the embedded store has: a writer, faults of a disk, and what is left in the file."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import SettingsError, StoreAway
from engine.store import Settlement
from gateway.clock import SystemClock, TestClock
from gateway.stores.bounds import SEEN_S
from gateway.stores.sqlite import SqliteStore
from gateway.stores.sqlite_file import open_file
from gateway.stores.sqlite_writer import BATCH_MAX, Moment, Writer
from tests.conformance.events import ANN, BEN, granted, ids, message, turn

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteStore]:
    """The store on this file, closed at the end."""
    store = await SqliteStore.open(path, SystemClock())
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """A disk that is full: writes past `size` bytes of a file fail."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_I15_everything_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "desk.db"
    async with opened(path) as store:
        grant = await store.mailbox.commit(await granted(store.mailbox, "m1"), turn("m1", rows=["r1"]))
        await store.mailbox.settle(grant, Settlement(done=("r1",)), keep=False)
        await store.records.put("profile", "ann", b"one")
        before = await store.mailbox.peek(ANN)
    async with opened(path) as store:
        assert await store.mailbox.peek(ANN) == before
        assert not (await store.mailbox.accept(message("m1"), want_grant=True)).fresh
        assert await store.records.get("profile", "ann")
    assert path.stat().st_mode & 0o077 == 0


async def test_F6_opening_takes_over_what_was_held_and_marks_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    async with opened(path) as store:
        await store.mailbox.commit(await granted(store.mailbox, "m1", ANN), turn("m1", rows=["r1"]))
        await granted(store.mailbox, "m1", BEN)
        await store.mailbox.commit(await granted(store.mailbox, "m1", "web:cy"), turn("m1"))
    async with opened(path) as store:
        grants = {grant.conversation: grant for grant in await store.mailbox.claim(10)}
        assert grants.keys() == {ANN, BEN}
        assert (ids(grants[ANN].outbox), grants[ANN].repeated) == (["r1"], True)
        assert (ids(grants[BEN].inbox), grants[BEN].repeated, grants[BEN].attempts) == (["m1"], False, 2)


async def test_F35_a_start_on_a_full_disk_says_to_make_room(tmp_path: Path) -> None:
    with no_file_grows_beyond(8192), pytest.raises(SettingsError, match="make room"):
        await SqliteStore.open(tmp_path / "desk.db", SystemClock())


async def test_F35_a_full_disk_is_store_away_and_leaves_no_half_commit(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    async with opened(path) as store:
        grant = await granted(store.mailbox, "m1")
        full = Path(f"{path}-wal").stat().st_size + 4096
        change = turn("m1", rows=["r1"], state=b"x" * 100_000)
        with no_file_grows_beyond(full):
            with pytest.raises(StoreAway, match=r"desk\.db could not be used .*disk.*Nothing was stored"):
                await store.mailbox.commit(grant, change)
            stored = await store.mailbox.peek(ANN)
            assert stored is not None
            assert (stored.version, ids(stored.inbox), stored.outbox) == (0, ["m1"], ())
        assert (await store.mailbox.commit(grant, change)).version == 1
        await store.ping()


async def test_F35_ping_says_when_writing_is_impossible(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    async with opened(path) as store:
        with no_file_grows_beyond(4096), pytest.raises(StoreAway, match="disk"):
            await store.ping()
        await store.ping()


async def test_F37_a_locked_file_is_store_away_for_everyone_who_waits_and_recovers(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    async with opened(path) as store:
        intruder = sqlite3.connect(path, isolation_level=None)
        intruder.execute("BEGIN IMMEDIATE")
        people = (store.mailbox.accept(message("m1", f"web:{n}"), want_grant=True) for n in range(3 * BATCH_MAX))
        answers = await asyncio.gather(*people, return_exceptions=True)
        assert {type(answer) for answer in answers} == {StoreAway}
        assert "another program writes to it; close that program" in str(answers[0])
        intruder.execute("ROLLBACK")
        intruder.close()
        assert (await store.mailbox.accept(message("m1"), want_grant=True)).grant


async def test_F25_a_closed_store_is_away_and_what_was_asked_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store = await SqliteStore.open(path, SystemClock())
    people = [store.mailbox.accept(message("m1", f"web:{n}"), want_grant=False) for n in range(200)]
    asked = [asyncio.ensure_future(person) for person in people]
    await asyncio.sleep(0)
    await store.close()
    await store.close()
    assert all(answer.fresh for answer in await asyncio.gather(*asked))
    with pytest.raises(StoreAway, match="is closed"):
        await store.ping()
    async with opened(path) as store:
        assert len(await store.mailbox.conversations(limit=500)) == 200


async def test_F35_work_that_raises_leaves_nothing_and_takes_no_other_down(tmp_path: Path) -> None:
    file = open_file(tmp_path / "desk.db")
    writer = Writer(file, lambda: Moment(0.0, 0.0))

    def write(key: str) -> None:
        file.connection.execute("INSERT INTO conversation (key) VALUES (?)", (key,))

    def work(number: int, db: sqlite3.Connection) -> int:
        match number % 3:
            case 0:
                raise KeyError(f"refused {number}")
            case 1:
                write(f"half:{number}")
                raise KeyError(f"failed {number}")
            case _:
                write(f"whole:{number}")
                return number

    answers = await asyncio.gather(
        *(writer.run(lambda db, _, number=number: work(number, db)) for number in range(30)),  # type: ignore[misc]  # lambda defaults
        return_exceptions=True,
    )
    stored = await writer.run(lambda db, _: db.execute("SELECT key FROM conversation ORDER BY id").fetchall())
    await writer.close()
    assert [answer for answer in answers if not isinstance(answer, KeyError)] == list(range(2, 30, 3))
    assert stored == [(f"whole:{number}",) for number in range(2, 30, 3)]


async def test_F28_a_text_the_database_cannot_hold_fails_alone(tmp_path: Path) -> None:
    async with opened(tmp_path / "desk.db") as store:
        odd = store.records.put("profile", "\ud800", b"x")
        answers = await asyncio.gather(odd, store.records.put("profile", "ann", b"x"), return_exceptions=True)
        assert isinstance(answers[0], UnicodeEncodeError)
        assert answers[1] is True


async def test_F25_a_cancelled_caller_does_not_cancel_its_work(tmp_path: Path) -> None:
    async with opened(tmp_path / "desk.db") as store:
        asked = asyncio.ensure_future(store.mailbox.accept(message("m1"), want_grant=False))
        await asyncio.sleep(0)
        asked.cancel()
        stored = await store.mailbox.peek(ANN)
        assert stored is not None
        assert asked.cancelled()


async def test_X62_what_is_dropped_is_nowhere_in_the_files(tmp_path: Path) -> None:
    canary = b"4111 1111 1111 1111"
    path = tmp_path / "desk.db"
    async with opened(path) as store:
        for n in range(50):
            await store.records.add("journal", "ann", f"t{n}", canary * 200)
        await store.records.put("profile", "ann", canary)
    assert canary in path.read_bytes()
    async with opened(path) as store:
        await store.records.drop("journal", "ann")
        await store.records.drop("profile", "ann")
    assert [file.name for file in tmp_path.iterdir() if canary in file.read_bytes()] == []


async def test_I6_the_schedule_is_read_by_index_however_many_are_idle(tmp_path: Path) -> None:
    async with opened(tmp_path / "desk.db"):
        reader = sqlite3.connect(tmp_path / "desk.db")
        for column in ("due", "held_until"):
            plan = reader.execute(
                f"EXPLAIN QUERY PLAN SELECT * FROM conversation WHERE {column} <= 1 ORDER BY {column} LIMIT 64"
            ).fetchall()
            assert ["USING INDEX" in step[3] for step in plan] == [True]
        reader.close()


async def test_F2_keys_whose_time_is_over_leave_the_file_as_it_is_used(tmp_path: Path) -> None:
    clock = TestClock(datetime(2026, 3, 1, tzinfo=UTC), real=lambda: 0.0)
    store = await SqliteStore.open(tmp_path / "desk.db", clock)
    for n in range(3):
        await store.mailbox.accept(message(f"m{n}", guards=(f"g{n}",)), want_grant=False)
    clock.advance(SEEN_S)
    await store.mailbox.accept(message("new", BEN), want_grant=False)
    await store.mailbox.claim(1)
    reader = sqlite3.connect(tmp_path / "desk.db")
    assert reader.execute("SELECT key FROM seen").fetchall() == [("new",)]
    reader.close()
    await store.close()
