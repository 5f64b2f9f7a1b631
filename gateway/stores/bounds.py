"""The limits every mailbox keeps, whatever it is stored in."""

from __future__ import annotations

from engine.errors import StoreAway

LEASE_S = 10.0
"""How long a grant lasts without a heartbeat, in real seconds: recovery after a crash takes no longer."""

INBOX_MAX = 200
"""Events that may wait in one conversation (F29)."""

SEEN_S = 48 * 3600.0
"""How long dedupe keys live, in seconds of the clock port (F2)."""

SEEN_MAX = 2_000
"""Dedupe keys one conversation may hold; beyond it the older half goes."""


class MailboxFull(StoreAway):
    """A conversation already holds INBOX_MAX waiting events; nothing of this one was stored, it may come again."""

    def __init__(self, waiting: int) -> None:
        super().__init__(
            f"{waiting} events of this conversation wait already (limit {INBOX_MAX}); deliver it again later"
        )
