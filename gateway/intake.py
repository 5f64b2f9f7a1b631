"""The way from a door into the mailbox, as the doors see it."""

from __future__ import annotations

from typing import Protocol

from engine.message import Event


class Intake(Protocol):
    """What stands between whoever received an event and the store."""

    async def take(self, event: Event) -> None:
        """Return once the event is durable, known already, or known to need nothing (C11, C17); raises StoreAway.

        Asked again with the same event, it changes nothing. May be cancelled: the event is then taken or not.
        """
        ...
