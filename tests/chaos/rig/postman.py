"""Telegram's other side: it delivers updates until they are taken, and some of them twice."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.chaos.rig.history import History
from tests.chaos.rig.loopback import Lines
from tests.chaos.rig.plan import Weather
from tests.chaos.rig.telegram import BOT, conversation_of

WEBHOOK_SECRET = "chaos-webhook-secret"
ANSWER_S = 10.0
"""How long Telegram waits for the answer to an update before it counts as not delivered."""
AGAIN_S = (0.2, 1.0)
"""Between two tries to deliver an update."""
DUPLICATE_S = 2.0
"""A second copy comes within this time."""

_HEAD = f"POST /webhooks/telegram HTTP/1.1\r\nx-telegram-bot-api-secret-token: {WEBHOOK_SECRET}\r\n"


@dataclass(frozen=True, kw_only=True)
class Update:
    """One message of a person, as it is delivered."""

    number: int
    chat: int
    text: str

    @property
    def event(self) -> str:
        """The gateway's name for it (C42)."""
        return f"tg:{BOT}:{self.number}"

    def body(self) -> bytes:
        """The JSON of the webhook."""
        sender = {"id": self.chat, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        place = {"id": self.chat, "first_name": "Ada", "type": "private"}
        message: dict[str, Any] = {"message_id": self.number, "from": sender, "chat": place, "date": 1_790_000_000}
        return msgspec.json.encode({"update_id": self.number, "message": {**message, "text": self.text}})


class Postman:
    """Delivers updates to the webhook, each until it is taken, some of them twice."""

    def __init__(self, address: str, history: History, weather: Weather, chance: random.Random) -> None:
        self.taken = 0
        self.stopping = False
        self._lines = Lines(address, _HEAD, within_s=ANSWER_S)
        self._history, self._weather, self._chance = history, weather, chance
        self._numbers = itertools.count(500_000_001)
        self._copies: set[asyncio.Task[None]] = set()

    def write(self, chat: int, text: str) -> Update:
        """A new update; its number tells the order in which people wrote."""
        return Update(number=next(self._numbers), chat=chat, text=text)

    async def deliver(self, update: Update) -> None:
        """Until it was taken."""
        if self._chance.random() < self._weather.duplicated:
            copy = asyncio.create_task(self._copy(update, self._chance.choice((0.0, DUPLICATE_S))))
            self._copies.add(copy)
            copy.add_done_callback(self._copies.discard)
        while not await self._try(update):
            await asyncio.sleep(self._chance.uniform(*AGAIN_S))
        self.taken += 1

    async def finished(self) -> None:
        """Every copy is on its way too."""
        await asyncio.gather(*self._copies)
        self._lines.close()

    async def _copy(self, update: Update, within_s: float) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, within_s))
        await self._try(update)

    async def _try(self, update: Update) -> bool:
        at = time.time()
        status = await self._lines.post(update.body())
        self._history.write(
            "post",
            conversation=conversation_of(update.chat),
            event=update.event,
            order=update.number,
            text=update.text,
            status=status,
            at=at,
            till=time.time(),
        )
        return 200 <= status < 300
