"""What the mailbox's scripts take and give, in our own words: times as microseconds, grants, snapshots."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from engine.store import Grant, Snapshot
from gateway.stores.redis_lanes import Answer
from gateway.stores.redis_states import unpacked

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Moment(NamedTuple):
    """When a verb is asked for: `now_us` on the clock port, `real_s` on this process's lease clock (monotonic)."""

    now_us: int
    real_s: float


Moments = Callable[[], Moment]


def new_token() -> bytes:
    """A fencing token, and the name of a call: 96 random bits, never a counter (spec/store.md, rule 4)."""
    return os.urandom(12).hex().encode()


def micros(at: datetime) -> int:
    """Microseconds since 1970, exact: a double holds them until the year 2255."""
    return (at - _EPOCH) // _TICK


def written(at: datetime | None) -> bytes:
    """As scripts take a time, b"" for never."""
    return b"" if at is None else b"%d" % micros(at)


def instant(text: bytes) -> datetime | None:
    """The time that `written` wrote, also as Redis writes a score."""
    return _EPOCH + int(float(text)) * _TICK if text else None


def grant_of(conversation: str, token: str, standing: Answer, held_until: float, *, state: bytes = b"") -> Grant:
    """The grant as it stands; `state` is what its holder knows, for Redis leaves out what is known."""
    version, blob, events, rows, attempts, doubtful = standing
    return Grant(
        conversation=conversation,
        token=token,
        version=int(version),
        state=state if blob is None else unpacked(blob),
        inbox=_pairs(events),
        outbox=_pairs(rows),
        attempts=int(attempts),
        held_until=held_until,
        repeated=int(doubtful) > 0,
    )


def snapshot_of(conversation: str, answer: Answer) -> Snapshot:
    """A conversation as `peek` found it."""
    timer, due, version, state, events, rows, attempts, _ = answer
    return Snapshot(
        conversation=conversation,
        version=int(version),
        state=unpacked(state or b""),
        inbox=_pairs(events),
        outbox=_pairs(rows),
        timer=instant(timer),
        due=instant(due),
        attempts=int(attempts),
    )


def _pairs(flat: Sequence[bytes]) -> tuple[tuple[str, bytes], ...]:
    items = iter(flat)
    return tuple((id.decode(), blob) for id, blob in zip(items, items, strict=True))
