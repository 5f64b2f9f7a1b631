"""Events, changes and grants as the store tests write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from engine.message import Address, Event, EventKind
from engine.store import Accepted, Change, Grant, Mailbox

ANN = "web:ann"
BEN = "web:ben"


def message(id: str, conversation: str = ANN, *, guards: tuple[str, ...] = (), addressed: bool = True) -> Event:
    """A customer's message."""
    return Event(
        id=id,
        conversation=conversation,
        kind=EventKind.MESSAGE,
        at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        guards=guards,
        address=Address(channel="web", account="desk", chat=conversation, person=conversation),
        addressed=addressed,
        text=f"text of {id}",
    )


def receipt(id: str, conversation: str = ANN) -> Event:
    """A report without an address."""
    return Event(id=id, conversation=conversation, kind=EventKind.RECEIPT, at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC))


def turn(*consumed: str, rows: Sequence[str] = (), state: bytes = b"state", timer: datetime | None = None) -> Change:
    """A committed turn that answers with `rows`."""
    return Change(
        state=state, consumed=consumed, outbox=tuple((id, b"words of " + id.encode()) for id in rows), timer=timer
    )


async def granted(mailbox: Mailbox, id: str, conversation: str = ANN) -> Grant:
    """The grant of a message accepted into a free conversation."""
    return given(await mailbox.accept(message(id, conversation), want_grant=True))


def given(accepted: Accepted) -> Grant:
    """The grant that `accept` gave."""
    assert accepted.grant is not None
    return accepted.grant


def ids(pairs: Sequence[tuple[str, bytes]]) -> list[str]:
    """The ids of an inbox or an outbox, in order."""
    return [id for id, _ in pairs]
