"""What is kept of a person from run to run: values to offer again, and the runs they came from (S11).

1. Only what a customer settled in a run that reached its end is kept; never an `ask_only`, `sensitive`, refused or
   dormant value.
2. Every value knows the flow, run, turn, time and channel it came from, and until when it may be kept.
3. Learning the same run twice changes nothing: what brings it may come again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from engine.message import Address

RUNS_KEPT = 10
"""Of each flow: as many as the longest habit needs (`fast_track_after`)."""


class Remembered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value of a `remember` slot, with where it came from. `until`: after that it is dropped."""

    value: Any
    at: datetime
    until: datetime
    flow: str = ""
    run: str = ""
    turn: int = 0
    channel: str = ""


class DoneRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A run that reached its end: what it was given, and whether it did what cannot be undone."""

    run: str
    flow: str
    at: datetime
    until: datetime
    channel: str = ""
    values: dict[str, Any] = {}
    turns: dict[str, int] = {}
    """Slot -> the turn its value was given in."""
    acted: bool = False


class Memory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that is remembered of one person; `runs` are the oldest first."""

    values: dict[str, Remembered] = {}
    runs: tuple[DoneRun, ...] = ()


class Learned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="learned"):
    """What a run that was done leaves behind: a row that brings it to the person's memory."""

    id: str
    person: str
    run: DoneRun
    values: dict[str, Remembered] = {}


NOTHING = Memory()


class Memories(Protocol):
    """What is remembered of people."""

    async def recall(self, person: Address, *, acquainted: bool) -> Memory:
        """What is remembered of somebody, without what its time is over for; nothing of whom nothing is known.

        `acquainted`: a run of theirs was done in this conversation. May raise StoreAway.
        """
        ...


def person_key(address: Address) -> str:
    """Whose memory it is: a person on one channel. Two channels share nothing without a verified link (S15)."""
    return f"{address.channel}:{address.account}:{address.person}"


def learn(memory: Memory, new: Learned, *, now: datetime) -> Memory:
    """The memory with one more run; what is too old, and runs beyond the newest of a flow, are dropped."""
    if any(run.run == new.run.run for run in memory.runs):
        return current(memory, now=now)
    runs = sorted((*memory.runs, new.run), key=lambda run: run.at)
    newer = {name: one for name, one in new.values.items() if not _is_newer(memory.values.get(name), one)}
    return current(Memory(values=memory.values | newer, runs=_few(runs)), now=now)


def _is_newer(known: Remembered | None, new: Remembered) -> bool:
    return known is not None and known.at > new.at


def _few(runs: Iterable[DoneRun]) -> tuple[DoneRun, ...]:
    kept: list[DoneRun] = []
    count: dict[str, int] = {}
    for run in reversed([*runs]):
        count[run.flow] = count.get(run.flow, 0) + 1
        if count[run.flow] <= RUNS_KEPT:
            kept.append(run)
    return tuple(reversed(kept))


def current(memory: Memory, *, now: datetime) -> Memory:
    """The memory without what its time is over for (S11)."""
    return replace(
        memory,
        values={name: one for name, one in memory.values.items() if one.until > now},
        runs=tuple(run for run in memory.runs if run.until > now),
    )
