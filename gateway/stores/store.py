"""What every store is to the rest of the gateway, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from engine.store import Mailbox, Records


class News(Protocol):
    """Words between the processes that share a store. Each is only a reason to look sooner: what counts is stored."""

    def tell(self, word: str) -> None:
        """Say it to every other process that listens now; it may be lost."""
        ...

    async def hear(self, told: Callable[[str], None]) -> None:
        """Call `told` with each word of another process, until cancelled."""
        ...


class Store(Protocol):
    """An open store. `news` is None where no other process can have it open."""

    @property
    def name(self) -> str:
        """What an operator calls it."""
        ...

    @property
    def mailbox(self) -> Mailbox: ...

    @property
    def records(self) -> Records: ...

    @property
    def news(self) -> News | None: ...

    async def ping(self) -> None:
        """Write something, to know that writing is possible. Raises StoreAway when it is not."""
        ...

    async def close(self) -> None:
        """Finish what was asked for; every later call raises StoreAway."""
        ...
