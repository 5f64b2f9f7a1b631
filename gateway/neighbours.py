"""What processes on one store tell one another: there is work, a page has news. Lost words cost a moment, no more."""

from __future__ import annotations

from collections.abc import Callable

from channels.audience import Audience
from gateway.stores.store import News

WORK, ITEMS, TYPING = "work", "items", "typing"


class Neighbours:
    """The other processes; with no `news` there are none."""

    def __init__(self, news: News | None) -> None:
        self._news = news

    def call_workers(self) -> None:
        """An event waits that this process will not work on."""
        self._tell(WORK)

    def call_pages(self, person: str, typing: bool) -> None:
        """A person's pages, wherever they are open, have something to show."""
        self._tell(f"{TYPING if typing else ITEMS} {person}")

    async def hear(self, wake: Callable[[], None], audience: Audience) -> None:
        """Pass on what the others say, until cancelled."""

        def told(word: str) -> None:
            what, _, person = word.partition(" ")
            if what == WORK:
                wake()
            elif what in (ITEMS, TYPING):
                audience.hear(person, typing=what == TYPING)

        if self._news is not None:
            await self._news.hear(told)

    def _tell(self, word: str) -> None:
        if self._news is not None:
            self._news.tell(word)
