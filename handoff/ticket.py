"""A ticket of a case: what the signed webhook says, and the key under which it is said once (H140, H141)."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from handoff.document import Summary, plain
from handoff.fitting import TICKET_BYTES, fitted
from handoff.moves import TicketWork

_ENVELOPE_BYTES = 200
"""Room for everything around the summary in a body."""
_DIGEST_BYTES = 4
"""Of a body: enough for those of one version of one case."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the ticket system: `key` is the row's id and its Idempotency-Key, `body` its JSON."""

    key: str
    body: bytes


def create_key(case: str) -> str:
    """The one key of a case's ticket, however often it is asked for (H140)."""
    return f"{case}:create:1"


def ticket_of(summary: Summary, work: TicketWork, *, version: int, now: datetime) -> Ticket:
    """The webhook's call: `handoff.created` once, then `handoff.updated` for whatever is news; a verdict is news
    without a new version.

    Above 20 KB the oldest messages are left out first. Raises ValueError for no work at all.
    """
    if work is TicketWork.NONE:
        raise ValueError("there is no ticket to write")
    if work is TicketWork.CREATE:
        return Ticket(key=create_key(summary.handoff_id), body=_body("handoff.created", summary, now))
    body = _body("handoff.updated", summary, now)
    digest = blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()
    return Ticket(key=f"{summary.handoff_id}:update:{summary.revision}-{version}-{digest}", body=body)


def _body(type: str, summary: Summary, now: datetime) -> bytes:
    small = fitted(summary, TICKET_BYTES - _ENVELOPE_BYTES)
    body: dict[str, Any] = {"type": type, "timestamp": msgspec.to_builtins(now), "data": plain(small)}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
