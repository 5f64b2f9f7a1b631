"""Customers of a desk in another process: each has one order, one story, and a provider that delivers again."""

from __future__ import annotations

import asyncio
import itertools
import json
from contextlib import suppress
from typing import Protocol
from uuid import uuid4

import aiohttp

from tests.chaos.desk import WEBHOOK_SECRET, Desk
from tests.chaos.doubles import ITEM, PRICE, TelegramDouble

PATIENCE_S = 30.0
"""For one reply: longer than a lease and the pause after a doubtful send."""
NO_ANSWER = 0
"""In the place of a status: the line was dropped, or nobody listened."""


def story(order: str) -> tuple[tuple[str, str], ...]:
    """What a customer writes to get a refund, each with words of the reply that must follow."""
    return (
        ("I want a refund", "Which order number"),
        (order, f"{order}: {ITEM}, {PRICE}"),
        ("yes", "Why are you sending it back"),
        ("broken", f"Shall we refund {PRICE}"),
        ("yes", submitted(order)),
    )


def submitted(order: str) -> str:
    """What the customer is told once the refund is made."""
    return f"Your refund of {PRICE} for {order} has been submitted."


class Customer(Protocol):
    """Someone with an order, on any channel."""

    order: str

    async def say(self, text: str) -> int:
        """Have a new message delivered; gives the desk's status, or NO_ANSWER."""
        ...

    async def again(self) -> int:
        """Have the last message delivered once more, as it was."""
        ...

    async def heard(self, words: str, *, after: int = 0) -> list[str]:
        """Wait until a reply behind the first `after` ones holds `words`; gives all there are, from the first."""
        ...


async def play(customer: Customer, first: int, last: int) -> None:
    """Go through these steps of the story, counted from 0, `last` not included."""
    for text, words in story(customer.order)[first:last]:
        status = await customer.say(text)
        assert 200 <= status < 300, f"{text!r} was answered {status}"
        await customer.heard(words)


async def whole_talk(customer: Customer) -> list[str]:
    """Every reply to somebody whose story is over. Nothing can still be on its way: replies leave in order, so a new
    question is asked, and what came before its answer is all there is."""
    steps = story(customer.order)
    text, words = steps[0]
    assert 200 <= await customer.say(text) < 300
    return (await customer.heard(words, after=len(steps)))[:-1]


class TelegramCustomer:
    """Writes through the webhook, reads at the Bot API's double."""

    _updates = itertools.count(70_001)

    def __init__(self, desk: Desk, telegram: TelegramDouble, http: aiohttp.ClientSession, *, number: int) -> None:
        self.order = f"ORD-{20_000 + number}"
        self._chat = 555_000 + number
        self._desk, self._telegram, self._http = desk, telegram, http
        self._last = b""

    def turn_to(self, desk: Desk) -> None:
        """From now on the provider delivers there."""
        self._desk = desk

    async def say(self, text: str) -> int:
        number = next(self._updates)
        chat = {"id": self._chat, "type": "private"}
        sender = {"id": self._chat, "is_bot": False, "first_name": "Ada"}
        message = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": sender, "text": text}
        self._last = json.dumps({"update_id": number, "message": message}).encode()
        return await self.again()

    async def again(self) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET, "content-type": "application/json"}
        return await _posted(self._http, f"{self._desk.url}/webhooks/telegram", self._last, headers)

    async def heard(self, words: str, *, after: int = 0) -> list[str]:
        replies = self._telegram.messages[str(self._chat)]
        async with asyncio.timeout(PATIENCE_S):
            await self._telegram.news.until(lambda: any(words in reply for reply in replies[after:]))
        return list(replies)


class WebCustomer:
    """A page: its cookie, its posts, and its stream read from the beginning each time, as after a reload."""

    def __init__(self, desk: Desk, http: aiohttp.ClientSession, *, number: int, cookie: str) -> None:
        self.order = f"ORD-{30_000 + number}"
        self._desk, self._http = desk, http
        self._cookie = {"cookie": cookie}
        self._last = b""

    @classmethod
    async def arrive(cls, desk: Desk, http: aiohttp.ClientSession, *, number: int) -> WebCustomer:
        """Open a session."""
        headers = {"origin": desk.url, "content-type": "application/json"}
        async with http.post(f"{desk.url}/web/session", headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            (cookie,) = answer.cookies.values()
        return cls(desk, http, number=number, cookie=f"{cookie.key}={cookie.value}")

    async def say(self, text: str) -> int:
        self._last = json.dumps({"id": str(uuid4()), "text": text}).encode()
        return await self.again()

    async def again(self) -> int:
        headers = {"origin": self._desk.url, "content-type": "application/json", **self._cookie}
        return await _posted(self._http, f"{self._desk.url}/web/messages", self._last, headers)

    async def heard(self, words: str, *, after: int = 0) -> list[str]:
        replies: list[str] = []
        url = f"{self._desk.url}/web/events?last=0"
        async with asyncio.timeout(PATIENCE_S), self._http.get(url, headers=self._cookie) as stream:
            async for line in stream.content:
                item = json.loads(line.removeprefix(b"data: ")) if line.startswith(b"data: ") else {}
                if item.get("kind") != "reply":
                    continue
                replies.append(item["text"])
                if len(replies) > after and words in replies[-1]:
                    return replies
        raise AssertionError(f"the stream ended without {words!r}")


async def _posted(http: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]) -> int:
    with suppress(aiohttp.ClientError, ConnectionError):
        async with http.post(url, data=body, headers=headers) as answer:
            return answer.status
    return NO_ANSWER
