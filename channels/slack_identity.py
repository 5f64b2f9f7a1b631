"""Who we are in the workspace, as Slack tells: asked at the start, and again until it has told (C52)."""

from __future__ import annotations

import asyncio

from channels.payload import text_at
from channels.slack_places import Us
from channels.slack_standing import AWAY_NOTE, REFUSED_NOTE, Alarm, Part, Standing
from channels.slack_wire import Wire
from engine.errors import DeliveryError
from engine.message import Refused

KNOWN_WITHIN_S = 2.0
"""A start does not wait longer to hear who we are."""


class Identity:
    """`us` is what is known so far; `standing` hears whether our token still counts."""

    def __init__(self, standing: Standing) -> None:
        self.us = Us()
        self._standing = standing
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, wire: Wire, *, every_s: float) -> None:
        """Ask once, for at most KNOWN_WITHIN_S; if Slack did not tell, go on asking in the background."""
        try:
            async with asyncio.timeout(KNOWN_WITHIN_S):
                told = await self._told(wire)
        except TimeoutError:
            self._standing.hear(Alarm(part=Part.ACCOUNT, note=AWAY_NOTE))
            told = False
        if not told:
            self.ask_again(wire, every_s=every_s)

    def ask_again(self, wire: Wire, *, every_s: float) -> None:
        """Ask in the background, after each `every_s` seconds, until Slack tells."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._until_told(wire, every_s))

    async def stop(self) -> None:
        """Ask no more."""
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _until_told(self, wire: Wire, every_s: float) -> None:
        told = False
        while not told:
            await asyncio.sleep(every_s)
            told = await self._told(wire)

    async def _told(self, wire: Wire) -> bool:
        try:
            told = await wire.call("auth.test", {})
        except DeliveryError as error:
            note = REFUSED_NOTE if isinstance(error.receipt, Refused) else AWAY_NOTE
            self._standing.hear(Alarm(part=Part.ACCOUNT, note=note))
            return False
        known = {"team": "team_id", "user": "user_id", "bot": "bot_id", "app": "app_id"}
        self.us = Us(**{name: text_at(told, key) for name, key in known.items()})
        self._standing.hear(Alarm(part=Part.ACCOUNT))
        self._standing.hear(Alarm(part=Part.EVENTS))
        return True
