"""kill -9 of a process that works on the embedded store, again and again: nothing lost, nothing twice (F37)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.store import Snapshot
from gateway.clock import SystemClock
from gateway.stores.sqlite import SqliteStore
from tests.chaos.sqlite_shop import PEOPLE, Shop

pytestmark = pytest.mark.anyio

SHOP = (sys.executable, "-m", "tests.chaos.sqlite_shop")
ROOT = Path(__file__).parents[2]
KILLS = 20
LINES = (1, 600)
"""How many lines a process may write to its log before it is killed."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What the log saw, and what the store holds at the end."""

    accepted: tuple[str, ...]
    sent: tuple[tuple[str, str], ...]
    stored: dict[str, Snapshot]


def run_until_killed(file: Path, log: Path, lines: int) -> None:
    """One life of the process: it is killed once it has written that much, wherever it is then."""
    log.touch()
    with log.open() as written, subprocess.Popen([*SHOP, str(file), str(log)], cwd=ROOT) as process:
        written.seek(0, 2)
        while lines > 0:
            lines -= written.read().count("\n")
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"it ended by itself with {process.wait(timeout=0.002)}")
        process.kill()
    assert process.returncode == -signal.SIGKILL


async def finish(file: Path, log: Path) -> History:
    """Open the file once more, work until nothing is due, and read what came of it."""
    store = await SqliteStore.open(file, SystemClock())
    shop = Shop(store.mailbox, log)
    while grants := await store.mailbox.claim(100):
        for grant in grants:
            await shop.work(grant)
    people = await store.mailbox.conversations(limit=1000)
    stored = {person: snapshot for person in people if (snapshot := await store.mailbox.peek(person))}
    await store.close()
    entries = [line.split() for line in log.read_text().splitlines()]
    return History(
        accepted=tuple(entry[1] for entry in entries if entry[0] == "accepted"),
        sent=tuple((entry[1], entry[2]) for entry in entries if entry[0] == "sent"),
        stored=stored,
    )


async def test_F37_twenty_kills_under_load_lose_nothing_and_apply_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(37)
    file, log = tmp_path / "desk.db", tmp_path / "log"
    for _ in range(KILLS):
        run_until_killed(file, log, chance.randint(*LINES))
    history = await finish(file, log)

    assert len(history.stored) == PEOPLE
    accepted = Counter(history.accepted)
    applied = {person: snapshot.state.decode().splitlines() for person, snapshot in history.stored.items()}
    everything = [event for events in applied.values() for event in events]

    # I1, I4: what was answered was applied. I2: once, also where the same message came again after a crash.
    assert accepted.keys() <= set(everything)
    assert len(everything) == len(set(everything))
    # At most the one message per person and kill whose answer was cut off is applied without having been answered.
    assert len(everything) - len(accepted) <= PEOPLE
    for person, events in applied.items():
        # I7: in order, without a gap. I3: one version per turn.
        assert events == [f"{person}/{number}" for number in range(len(events))]
        assert history.stored[person].version == len(events)
        # I6: nothing to do, so not due.
        assert (history.stored[person].inbox, history.stored[person].outbox) == ((), ())
        assert history.stored[person].due is None

    # I5: a row was sent for each committed turn and for no other, a second time only after a crash, and marked so.
    sent = Counter(row for row, _ in history.sent)
    assert sent.keys() == {f"{event}:r" for event in everything}
    assert max(sent.values()) <= 1 + KILLS
    first: set[str] = set()
    for row, mark in history.sent:
        assert row not in first or mark == "repeated"
        first.add(row)
    # The replies of a person were seen in the order of the messages.
    for person, events in applied.items():
        order = list(dict.fromkeys(row for row, _ in history.sent if row.startswith(f"{person}/")))
        assert order == [f"{event}:r" for event in events]


async def test_F37_a_kill_while_the_file_is_made_leaves_one_that_opens(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from gateway.stores.sqlite_file import open_file;"
        "open_file(Path(sys.argv[1]))"
    )
    for life in range(5):
        file = tmp_path / f"desk{life}.db"
        with subprocess.Popen([sys.executable, "-c", program, str(file)], cwd=ROOT) as process:
            while not file.exists():
                assert process.poll() in (None, 0)
            process.kill()
        store = await SqliteStore.open(file, SystemClock())
        await store.ping()
        await store.close()
