"""The Bot API on loopback: it mostly does what it is asked."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from dataclasses import dataclass

import msgspec

from tests.chaos.rig.history import History
from tests.chaos.rig.loopback import LOST, Answer, Asked
from tests.chaos.rig.plan import Weather

BOT_TOKEN = "990000000900:chaos-token"
BOT = BOT_TOKEN.partition(":")[0]
HANG_S = 60.0

_ME = msgspec.json.encode(
    {"ok": True, "result": {"id": int(BOT), "is_bot": True, "first_name": "Desk", "username": "desk_bot"}}
)
_BROKEN = msgspec.json.encode({"ok": False, "error_code": 500, "description": "Internal Server Error"})
_FLOOD = msgspec.json.encode(
    {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
)


class _Message(msgspec.Struct):
    """What we read of sendMessage."""

    chat_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class _Said:
    message: _Message
    acted: bool


def conversation_of(chat: int) -> str:
    """The gateway's name for a chat (C43)."""
    return f"telegram:{BOT}:{chat}"


class Chat:
    """What one person reads."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.tried: list[str] = []
        """What the gateway asked to say here, whatever came of it."""
        self._news = asyncio.Event()

    async def until(self, *words: str, after: int) -> int:
        """Wait for a message behind the first `after` that holds one of `words`; gives how many there are then."""
        while not any(one in text for text in self.said[after:] for one in words):
            self._news.clear()
            await self._news.wait()
        return len(self.said)

    async def until_tried(self, words: str, *, after: int, tries: int) -> None:
        """Wait until the gateway has tried to say `words` behind its first `after` tries, or anything so many times."""
        while len(self.tried) < after + tries and not any(words in text for text in self.tried[after:]):
            self._news.clear()
            await self._news.wait()

    def tell(self, text: str, *, acted: bool) -> None:
        """A request came; `acted` if the person has it now."""
        self.tried.append(text)
        if acted:
            self.said.append(text)
        self._news.set()


class BotApi:
    """The house behind TELEGRAM_API_URL."""

    def __init__(self, history: History, weather: Weather, chance: random.Random) -> None:
        self.chats: dict[int, Chat] = defaultdict(Chat)
        self.muted: set[int] = set()
        """Chats for which every request fails, for as long as they are here."""
        self._history, self._weather, self._chance = history, weather, chance
        self._flooded = time.time()
        self._read = msgspec.json.Decoder(_Message)

    def answer(self, asked: Asked) -> Answer:
        """Act or not, as the weather is."""
        if not asked.path.endswith("/sendMessage"):
            return Answer(body=_ME)
        message = self._read.decode(asked.body)
        said, broken = _Said(message=message, acted=True), _Said(message=message, acted=False)
        weather, luck = self._weather, self._chance.random()
        if message.chat_id in self.muted or luck < weather.send_failed:
            return Answer(status=500, body=_BROKEN, note=broken)
        luck -= weather.send_failed
        if luck < weather.answer_lost:
            return Answer(status=self._chance.choice((500, LOST)), body=_BROKEN, note=said)
        luck -= weather.answer_lost
        if luck < weather.send_hung:
            return Answer(status=LOST, after_s=HANG_S, note=said)
        if luck > 0.9 and asked.at - self._flooded > weather.flood_every_s:
            self._flooded = asked.at
            return Answer(status=429, body=_FLOOD, note=broken)
        number = len(self.chats[message.chat_id].said) + 1
        sent = {"message_id": number, "date": 1, "chat": {"id": message.chat_id}}
        return Answer(body=msgspec.json.encode({"ok": True, "result": sent}), note=said)

    def answered(self, asked: Asked, answer: Answer, status: int) -> None:
        """The person reads it, and the history knows."""
        if not isinstance(answer.note, _Said):
            return
        message, acted = answer.note.message, answer.note.acted
        self._history.write(
            "send",
            conversation=conversation_of(message.chat_id),
            text=message.text,
            by=asked.by,
            status=status,
            acted=acted,
            at=asked.at,
            till=time.time(),
        )
        self.chats[message.chat_id].tell(message.text, acted=acted)
