"""Who is listening: open streams of this process by person, each told when to look again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Listener:
    """One open stream. What it is told is only a reason to look sooner: what counts is stored."""

    def __init__(self) -> None:
        self._told = asyncio.Event()
        self._typing = False

    def tell(self, *, typing: bool = False) -> None:
        """End the wait under way, or the next one."""
        self._typing |= typing
        self._told.set()

    async def wait(self, timeout_s: float) -> bool:
        """Wait until told, at most `timeout_s`; says whether an answer is being written."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._told.wait()
        self._told.clear()
        typing, self._typing = self._typing, False
        return typing

    def hush(self) -> None:
        """Forget that an answer is being written."""
        self._typing = False


Spread = Callable[[str, bool], None]
"""Tells the pages that other processes hold of a person, and whether an answer is being written."""


class Audience:
    """The listeners of this process. People who have none take no room."""

    def __init__(self, spread: Spread = lambda person, typing: None) -> None:
        self._spread = spread
        self._listeners: dict[str, set[Listener]] = {}

    @contextmanager
    def listening(self, person: str) -> Iterator[Listener]:
        """Hear of a person's news until the block ends."""
        listener = Listener()
        self._listeners.setdefault(person, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[person].discard(listener)
            if not self._listeners[person]:
                del self._listeners[person]

    def size(self, person: str) -> int:
        """How many listen for this person."""
        return len(self._listeners.get(person, ()))

    def tell(self, person: str, *, typing: bool = False) -> None:
        """Tell everyone who listens for this person, in this process and in others."""
        self.hear(person, typing=typing)
        self._spread(person, typing)

    def hear(self, person: str, *, typing: bool = False) -> None:
        """Tell everyone in this process: another one says so."""
        for listener in self._listeners.get(person, ()):
            listener.tell(typing=typing)

    def hush(self, person: str) -> None:
        """What was being written for this person is there: a sign of it that nobody was shown yet is taken back."""
        for listener in self._listeners.get(person, ()):
            listener.hush()
