"""Turns per second and CPU per turn of the embedded store: accept, commit, settle.

python tests/bench/store_sqlite.py [--seconds 5] [--conversations 64] [--idle 0] [--busy-us 0]
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import sqlite3
import tempfile
import time
from datetime import timedelta
from os import urandom
from pathlib import Path

from engine.message import Address, Event, EventKind
from engine.store import Change, Settlement
from gateway.clock import SystemClock
from gateway.stores.sqlite import SqliteStore
from gateway.stores.store import Store

STATE = urandom(1024).hex().encode()
"""As long as a state of many turns, and harder to pack."""
REPLY = b'{"text":"Wireless headphones, $79.99. Is that the right one?"}'.ljust(300, b" ")


async def main() -> None:
    """Run it and print one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--conversations", type=int, default=64)
    parser.add_argument("--idle", type=int, default=0, help="stored conversations beside the busy ones")
    parser.add_argument("--busy-us", type=int, default=0, help="CPU the turn itself takes between accept and commit")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        store = await SqliteStore.open(Path(folder) / "bench.db", SystemClock())
        await fill(store, options.idle)
        end = time.monotonic() + options.seconds
        cpu, wall = time.process_time(), time.perf_counter()
        times = await asyncio.gather(
            *(talk(store, f"busy:{n}", end, options.busy_us) for n in range(options.conversations))
        )
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        await store.close()
    took = sorted(took for person in times for took in person)
    turns = len(took)
    print(  # noqa: T201 - its figures are what it is for
        f"{turns / wall:,.0f} turns/s, {cpu / turns * 1e6:.0f} us CPU per turn, "
        f"p50 {took[turns // 2] * 1e3:.1f} ms, p99 {took[turns * 99 // 100] * 1e3:.1f} ms "
        f"({options.conversations} conversations, {options.idle:,} idle, {options.busy_us} us of turn, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, synchronous=FULL)"
    )


async def fill(store: Store, count: int) -> None:
    """Conversations that had one turn and wait for a timer far away."""
    for start in range(0, count, 1000):
        await asyncio.gather(*(turn(store, f"idle:{start + n}", 0, 0) for n in range(1000)))


async def talk(store: Store, conversation: str, end: float, busy_us: int) -> list[float]:
    """One person's turns, one after the other; gives what each took, in seconds."""
    took: list[float] = []
    while (began := time.monotonic()) < end:
        await turn(store, conversation, len(took), busy_us)
        took.append(time.monotonic() - began)
    return took


async def turn(store: Store, conversation: str, number: int, busy_us: int) -> None:
    """A message in, a turn committed, its reply settled."""
    now = SystemClock().now()
    event = Event(
        id=f"{conversation}:{number}",
        conversation=conversation,
        kind=EventKind.MESSAGE,
        at=now,
        address=Address(channel="bench", account="1", chat=conversation, person=conversation),
        text="I would like a refund for ORD-12345, please",
    )
    grant = (await store.mailbox.accept(event, want_grant=True)).grant
    assert grant is not None
    until = time.thread_time_ns() + busy_us * 1000
    while time.thread_time_ns() < until:
        pass
    row = f"{event.id}:0"
    change = Change(state=STATE, consumed=(event.id,), outbox=((row, REPLY),), timer=now + timedelta(hours=48))
    grant = await store.mailbox.commit(grant, change)
    assert await store.mailbox.settle(grant, Settlement(done=(row,)), keep=False) is None


if __name__ == "__main__":
    asyncio.run(main())
