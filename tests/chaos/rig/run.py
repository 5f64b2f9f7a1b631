"""One run of the rig: a gateway, many customers, a killer; then the history and its verdict."""

from __future__ import annotations

import asyncio
import itertools
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.rig.customers import Customer, live
from tests.chaos.rig.history import History
from tests.chaos.rig.killer import Killer
from tests.chaos.rig.plan import Plan
from tests.chaos.rig.postman import Postman
from tests.chaos.rig.shop import ORDERS
from tests.chaos.rig.stage import Stage, staged

CHECKER = Path(__file__).parents[1] / "check_history.py"
HISTORY = "history.jsonl"
TOLD_S = 5.0
SETTLED_S = 3.0
"""For what follows the last reply: a row that waits a second because it may have been sent."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of a run. `code` is the checker's: 0 for a history without a fault; `faults` are its words for them.

    `whole`: everything that was asked for was done.
    """

    code: int
    whole: bool
    faults: frozenset[str]
    words: str
    seconds: float


class Run:
    """A run that can be told to come to its end."""

    def __init__(self, plan: Plan, folder: Path, tell: Callable[[str], None] = lambda line: None) -> None:
        self._plan, self._folder, self._tell = plan, folder, tell
        self._enough = asyncio.Event()

    def enough(self) -> None:
        """Nobody new comes and nobody is killed any more; whoever is here is served."""
        self._enough.set()

    async def verdict(self) -> Verdict:
        """The whole run. Raises Ended when a process ends of itself."""
        began = time.perf_counter()
        with closing(History(self._folder / HISTORY)) as history:
            async with staged(self._plan, self._folder, history) as stage:
                await self._play(stage)
                await stage.close()
        checked = await asyncio.to_thread(_check, history.path, self._plan.most_repeated)
        words = (checked.stdout + checked.stderr).strip()
        named = (line.partition(":")[0] for line in words.splitlines()[:-1] if not line.startswith(" "))
        seconds = time.perf_counter() - began
        whole = not self._enough.is_set()
        return Verdict(code=checked.returncode, whole=whole, faults=frozenset(named), words=words, seconds=seconds)

    async def _play(self, stage: Stage) -> None:
        """Customers and the killer, until both are done or it is enough."""
        postman = stage.postman()
        killer = Killer(self._plan, stage.victims, random.Random(f"{self._plan.seed}:killer"))
        timing = asyncio.create_task(self._time())
        telling = asyncio.create_task(self._progress(postman, killer))
        killing = asyncio.create_task(killer.work(lambda: postman.taken, self._enough))
        crowd = asyncio.create_task(self._crowd(stage, postman))
        try:
            await asyncio.wait({killing, crowd}, return_when=asyncio.FIRST_EXCEPTION)
            for task in (killing, crowd):
                if task.done():
                    task.result()
            await postman.finished()
            await asyncio.sleep(SETTLED_S)
        finally:
            tasks = (timing, telling, killing, crowd)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _crowd(self, stage: Stage, postman: Postman) -> None:
        """So many people at a time, each gone after one story."""
        numbers = itertools.count()

        async def one_after_another() -> None:
            while postman.taken < self._plan.messages and not self._enough.is_set():
                number = next(numbers)
                if number >= ORDERS:
                    return
                customer = Customer(number, self._plan, postman, stage.api)
                await live(customer, stage.history, people=self._plan.people)

        async with asyncio.TaskGroup() as people:
            for _ in range(self._plan.at_once):
                people.create_task(one_after_another())

    async def _time(self) -> None:
        await asyncio.sleep(self._plan.minutes * 60)
        self._tell("time is up")
        self.enough()  # whoever is here is served all the same

    async def _progress(self, postman: Postman, killer: Killer) -> None:
        began = time.monotonic()
        while True:
            await asyncio.sleep(TOLD_S)
            taken, seconds = postman.taken, time.monotonic() - began
            blows = f"{killer.struck} of {self._plan.kills + self._plan.stalls} blows"
            self._tell(f"{taken:,} of {self._plan.messages:,} messages, {blows}, {taken / seconds:,.0f} messages/s")


def _check(path: Path, most_repeated: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECKER), str(path), "--most-repeated", str(most_repeated)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
