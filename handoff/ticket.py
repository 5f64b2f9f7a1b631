"""A ticket of a case: what the signed webhook says, and the key under which it is said once (H140, H141)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec

from handoff.document import Summary, plain
from handoff.fitting import TICKET_BYTES, fitted
from handoff.moves import TicketWork

_ENVELOPE_BYTES = 200
"""Room for everything around the summary in a body."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the ticket system: `key` is the row's id and its Idempotency-Key, `body` its JSON."""

    key: str
    body: bytes


def create_key(case: str) -> str:
    """The one key of a case's ticket, however often it is asked for (H140)."""
    return f"{case}:create:1"


def ticket_of(summary: Summary, work: TicketWork, *, version: int, now: datetime) -> Ticket:
    """The webhook's call: `handoff.created` once, then `handoff.updated` for each version of the case that is news.

    Above 20 KB the oldest messages are left out first. Raises ValueError for no work at all.
    """
    if work is TicketWork.NONE:
        raise ValueError("there is no ticket to write")
    created = work is TicketWork.CREATE
    key = create_key(summary.handoff_id) if created else f"{summary.handoff_id}:update:{summary.revision}-{version}"
    return Ticket(key=key, body=_body("handoff.created" if created else "handoff.updated", summary, now))


def _body(type: str, summary: Summary, now: datetime) -> bytes:
    small = fitted(summary, TICKET_BYTES - _ENVELOPE_BYTES)
    body: dict[str, Any] = {"type": type, "timestamp": msgspec.to_builtins(now), "data": plain(small)}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
