"""What models may cost in a day: tokens of each person and of the whole desk, counted in the store (X54).

1. Nothing is kept or asked where no cap is set; else a call to a model costs one look and one write of each count.
2. Counts only grow within a day: an addition that meets another one is made again on what that one wrote.
3. Who asks while others are being answered may pass: a cap is exceeded by at most the calls in flight.
4. What cannot be counted is not spent: while the store is away no model is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import msgspec
import structlog

from engine.errors import StoreAway
from engine.store import Record, Records
from gateway.rows import encode

SPENDING = "spending"
"""The kind of record; its key is a person, or DESK."""
DESK = "desk"
MOST_RACES = 50
"""Other processes that may come between before an addition is given up."""
COUNT_S = 1.0
"""An addition may take so long; the customer waits for it."""
USED_UP = "the desk's tokens of today are used up; rules go on"

_log = structlog.get_logger("model")


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What was used on one day of the desk's calendar; on another day it counts as nothing."""

    day: date
    tokens: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Caps:
    """Tokens a day, in and out together; 0: no cap."""

    person: int = 0
    desk: int = 0


class Spending:
    """The day's tokens. `today` is the desk's own day; `report` hears USED_UP, and "" once there are some again."""

    def __init__(
        self, records: Records, caps: Caps, today: Callable[[], date], report: Callable[[str], None] = lambda note: None
    ) -> None:
        self._records, self._caps, self._today, self._report = records, caps, today, report
        self._used_up = False
        self._one_by_one = asyncio.Lock()
        """This process does not race against itself for the desk's count."""

    async def refuses(self, person: str) -> str:
        """Whose tokens are used up; "" when there are some left. Never raises."""
        caps = self._caps
        try:
            if caps.desk and (await self._spent(DESK)).tokens >= caps.desk:
                self._out_of_tokens(True)
                return "the desk's tokens of today are used up"
            self._out_of_tokens(False)
            if caps.person and person and (await self._spent(person)).tokens >= caps.person:
                return "this person's tokens of today are used up"
        except StoreAway:
            return "the store that counts tokens is away"
        return ""

    async def add(self, person: str, tokens: int) -> None:
        """So many were used. Never raises."""
        if not tokens:
            return
        try:
            async with asyncio.timeout(COUNT_S):
                if self._caps.person and person:
                    await self._add(person, tokens)
                if self._caps.desk:
                    async with self._one_by_one:
                        await self._add(DESK, tokens)
        except (StoreAway, TimeoutError):
            _log.warning("tokens were used and could not be counted", tokens=tokens)

    async def _add(self, key: str, tokens: int) -> None:
        for _ in range(MOST_RACES):
            stored = await self._records.get(SPENDING, key)
            spent = self._today_of(stored)
            new = msgspec.structs.replace(spent, tokens=spent.tokens + tokens)
            if await self._records.put(SPENDING, key, encode(new), expect=stored.version if stored else 0):
                if key != DESK and spent.tokens < self._caps.person <= new.tokens:
                    _log.warning("a person's tokens of today are used up; rules go on", person=key)
                return
        _log.warning("tokens were used and could not be counted", tokens=tokens)

    async def _spent(self, key: str) -> Spent:
        return self._today_of(await self._records.get(SPENDING, key))

    def _today_of(self, stored: Record | None) -> Spent:
        today = self._today()
        try:
            spent = msgspec.json.decode(stored.blob, type=Spent) if stored else None
        except msgspec.DecodeError:
            spent = None
        return spent if spent is not None and spent.day == today else Spent(day=today)

    def _out_of_tokens(self, used_up: bool) -> None:
        """Told when it changes, in the log and by the part's note."""
        if used_up is self._used_up:
            return
        self._used_up = used_up
        self._report(USED_UP if used_up else "")
        if used_up:
            _log.warning("the desk's tokens of today are used up; rules go on", cap=self._caps.desk)
