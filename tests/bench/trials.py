"""One load on several contestants in turn, and what was measured of each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from tests.bench.contestants import Contestant, Places
from tests.bench.load import Load, Sample, drive
from tests.bench.providers import Shop, Telegram, listening
from tests.bench.servers import folder_on_disk, serving

WARM_UP = 100
"""Conversations before anything is measured."""

Samples = dict[str, list[Sample]]
"""Of each contestant, one a repeat; the same place in two lists is the same repeat."""


Maker = Callable[[Places], Contestant]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A load, and for each of ours the contestant it is held against; then what was measured."""

    title: str
    load: Load
    against: Sequence[tuple[str, str]]
    samples: Samples = field(default_factory=dict)


class World:
    """Telegram, a shop, and folders on disk. Use as a context."""

    def __init__(self) -> None:
        self.telegram, self.shop = Telegram(), Shop()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> World:
        self.telegram.url = await self._stack.enter_async_context(listening(self.telegram.answer))
        self.shop.url = await self._stack.enter_async_context(listening(self.shop.answer))
        return self

    async def __aexit__(self, *broken: object) -> None:
        await self._stack.aclose()

    def places(self) -> Places:
        """With a new folder."""
        data = self._stack.enter_context(folder_on_disk())
        return Places(telegram=self.telegram.url, shop=self.shop.url, data=data)

    async def run(self, makers: Sequence[Maker], trials: Sequence[Trial], repeats: int) -> None:
        """Each contestant through all trials, all contestants within each repeat, so that a slow minute slows all."""
        warm_up = replace(trials[0].load, conversations=WARM_UP, turns_per_s=None)
        for repeat in range(repeats):
            for maker in makers:
                contestant = maker(self.places())
                say(f"repeat {repeat + 1} of {repeats}: {contestant.name}")
                async with serving(contestant) as server:
                    await drive(server, self.telegram, warm_up)
                    for trial in trials:
                        sample = await drive(server, self.telegram, trial.load)
                        trial.samples.setdefault(contestant.name, []).append(sample)


def say(line: str) -> None:
    """How far it is, to whoever waits."""
    sys.stderr.write(f"{line}\n")
