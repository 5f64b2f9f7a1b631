"""Rows on their way out, and what comes of a conversation's rows in one round."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.errors import LeaseLost
from engine.message import Event, EventKind
from engine.store import Grant, Settlement
from gateway.rows import Letter, Row, encode
from gateway.ways import Way

LEASE_MARGIN_S = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """A row with the way it takes."""

    id: str
    row: Row
    body: Letter
    way: Way

    def as_of(self, row: Row) -> Parcel:
        """The parcel with its row as it stands now."""
        return replace(self, row=row)


@dataclass(slots=True)
class Round:
    """What came of one conversation's rows so far. `held()` is its lease's end in monotonic seconds."""

    grant: Grant
    held: Callable[[], float]
    now: Callable[[], datetime]
    done: list[str] = field(default_factory=list)
    again: list[tuple[str, bytes]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    dead: list[tuple[Parcel, str]] = field(default_factory=list)
    due: datetime | None = None
    blocked: set[str] = field(default_factory=set)
    """Lanes whose earlier row has not left yet."""
    unreachable: set[str] = field(default_factory=set)

    def check(self) -> None:
        """Raises LeaseLost rather than send late (store.md rule 5)."""
        if time.monotonic() > self.held() - LEASE_MARGIN_S:
            raise LeaseLost("the lease ended before a send")

    def wait(self, until: datetime) -> None:
        """Some row wants to be tried again then."""
        self.due = until if self.due is None else min(self.due, until)

    def stays(self, parcel: Parcel, row: Row, until: datetime) -> None:
        """The row is stored anew, and those behind it wait with it."""
        self.again.append((parcel.id, encode(row)))
        self.blocked.add(parcel.way.lane)
        self.wait(until)

    def happened(self, id: str, kind: EventKind, fields: dict[str, str]) -> None:
        """The conversation learns it by the same door as everything else."""
        self.events.append(Event(id=id, conversation=self.grant.conversation, kind=kind, at=self.now(), fields=fields))

    def settlement(self) -> Settlement:
        """All of it, for the mailbox."""
        return Settlement(done=tuple(self.done), again=tuple(self.again), events=tuple(self.events), due=self.due)
