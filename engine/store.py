"""What a store promises: a mailbox for each conversation, and records (spec/store.md)."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from engine.message import Event


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """The right to work on one conversation until `held_until` (time.monotonic seconds), and all it needs to do so.

    `inbox` is (event id, event JSON) in arrival order, `outbox` is (row id, row JSON) in order. `state` is b"" for a
    conversation that never had a turn. `attempts` counts grants since the last commit. `repeated` says that an earlier
    holder's lease ended without `settle`, so each leftover row may be sent a second time (F0).
    """

    conversation: str
    token: str
    version: int
    state: bytes
    inbox: tuple[tuple[str, bytes], ...]
    outbox: tuple[tuple[str, bytes], ...]
    attempts: int
    held_until: float
    repeated: bool = False


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What `accept` did: `fresh` is False for a duplicate; `taken` is False when nothing needed storing (C17)."""

    fresh: bool
    taken: bool = True
    grant: Grant | None = None


JOURNAL = "journal"
"""The kind of record that holds what each turn did and why; its key is the conversation."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One committed turn: the new state, the ids of the events it consumed, the outbox rows it adds, its next timer,
    and its entry of the journal."""

    state: bytes
    consumed: tuple[str, ...]
    outbox: tuple[tuple[str, bytes], ...] = ()
    timer: datetime | None = None
    entry: tuple[str, bytes] | None = None
    """Id and bytes, appended to the conversation's records of kind JOURNAL once per id (I14)."""


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What came of outbox rows: `done` leave, `again` are stored anew under their id, `events` enter the inbox.

    `due` is when the earliest remaining row wants to be tried again (None: no row is waiting for a time).
    """

    done: tuple[str, ...] = ()
    again: tuple[tuple[str, bytes], ...] = ()
    events: tuple[Event, ...] = ()
    due: datetime | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as stored, to look at: never to change."""

    conversation: str
    version: int
    state: bytes
    inbox: tuple[tuple[str, bytes], ...]
    outbox: tuple[tuple[str, bytes], ...]
    timer: datetime | None
    due: datetime | None
    attempts: int


class Mailbox(Protocol):
    """The five atomic verbs on one conversation, and looking. Invariants I1-I10: spec/store.md section 4.

    Every verb may raise StoreAway; asked again with the same arguments, it gives the same result (I8).
    """

    async def accept(self, event: Event, *, want_grant: bool, delay_s: float = 0.0) -> Accepted:
        """Dedupe on `event.id` and guards and enqueue, in one step (C11). With `want_grant` a free conversation is
        granted at once; a leased one is left alone: its holder sees the event when it settles. Without, or with
        `delay_s`, it becomes due. An event with no address, or not addressed, enters only a known conversation."""
        ...

    async def claim(self, limit: int) -> list[Grant]:
        """Grant up to `limit` conversations that are due: backlog, timers, back-offs, ended leases."""
        ...

    async def renew(self, grants: Sequence[Grant]) -> list[Grant]:
        """Extend the leases of those still held; the others are missing from the answer."""
        ...

    async def commit(self, grant: Grant, change: Change) -> Grant:
        """Apply a turn under the token: state, version + 1, consumed events, outbox rows, timer: one write.
        Gives the grant as it stands after. Raises LeaseLost on a wrong token; a repeat of the same commit succeeds."""
        ...

    async def settle(self, grant: Grant, settlement: Settlement, *, keep: bool) -> Grant | None:
        """Record what came of outbox rows. `keep` holds the lease and gives the grant as it stands now, with what
        arrived meanwhile. Else: if something is runnable now, the next grant at once; if not, the lease is dropped,
        the conversation is due at the earliest of `settlement.due` and its timer, and the answer is None."""
        ...

    async def release(self, grant: Grant, *, again_at: datetime | None = None) -> None:
        """Give the lease back unfinished; due at once, or at `again_at`. Attempts stay counted."""
        ...

    async def park(self, grant: Grant) -> None:
        """Take a conversation that keeps failing out of the schedule until its next event (poison, F27)."""
        ...

    async def erase(self, conversation: str) -> bool:
        """Remove a conversation and all that waits in it (X62); False, and nothing changed, while somebody holds it."""
        ...

    async def peek(self, conversation: str) -> Snapshot | None:
        """The stored conversation, or None."""
        ...

    async def conversations(self, after: str = "", limit: int = 100) -> list[str]:
        """Keys of stored conversations in order, after `after`."""
        ...


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A stored record: its key, its version (1 when first put), its bytes."""

    key: str
    version: int
    blob: bytes


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of an append-only record: `seq` grows within its key."""

    seq: int
    id: str
    blob: bytes


class Records(Protocol):
    """Everything that is not one conversation's own: profiles, links, definitions, threads, journal, streams.

    Kinds: profile, link, definition, prompt, thread, journal, stream, bucket, experiment, quarantine, dead, desk,
    waits, key, spending, shared, vector. May raise StoreAway.
    """

    async def get(self, kind: str, key: str) -> Record | None:
        """The record, or None."""
        ...

    async def put(self, kind: str, key: str, blob: bytes, *, expect: int | None = None) -> bool:
        """Store it; with `expect` only if the stored version equals it (0: must not exist yet)."""
        ...

    def add(self, kind: str, key: str, id: str, blob: bytes) -> Awaitable[int]:
        """Append under `key`, once per `id`; gives its seq, also when it was there already. It is on its way at once;
        what is awaited is the answer."""
        ...

    async def read(
        self, kind: str, key: str, *, after: int = 0, limit: int = 100, last: int | None = None
    ) -> list[Entry]:
        """Entries of `key` with seq > `after`, oldest first; with `last` only the newest `last` of them."""
        ...

    async def scan(self, kind: str, prefix: str = "", *, after: str = "", limit: int = 100) -> list[Record]:
        """Records whose key starts with `prefix`, in key order, after `after`."""
        ...

    async def drop(self, kind: str, key: str) -> None:
        """Remove the record and every entry under its key."""
        ...
