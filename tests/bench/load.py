"""Drives refund conversations through a Telegram webhook, and measures from outside."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import psutil

from tests.bench.providers import ITEM, Telegram

SECRET = "bench-webhook-secret"
REPLY_S = 20.0
"""A reply that takes longer is lost, and the run with it."""

_numbers = itertools.count(1)
_updates = itertools.count(500_000_000)


@dataclass(frozen=True, kw_only=True)
class Load:
    """At most `conversations` in all and `at_once` side by side; none begins after `within_s` seconds.

    `turns_per_s` spaces their beginnings so that about so many turns a second are asked for; None: as fast as it goes.
    """

    conversations: int
    at_once: int
    within_s: float
    turns_per_s: float | None = None


@dataclass(kw_only=True)
class Sample:
    """What one run of a load measured: seconds for each webhook's answer and for each reply, CPU of the server."""

    webhook_s: list[float] = field(default_factory=list)
    reply_s: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0
    rss_mb: float = 0.0

    @property
    def turns(self) -> int:
        return len(self.reply_s)

    @property
    def turns_per_s(self) -> float:
        return self.turns / self.wall_s

    @property
    def cpu_ms(self) -> float:
        """Of the server, per turn."""
        return self.cpu_s / self.turns * 1000


def quantile_ms(seconds: list[float], share: float) -> float:
    """The value below which `share` of them lie, in milliseconds."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1000


def script(order: str) -> tuple[tuple[str, str], ...]:
    """What a customer writes, each with words of the reply: a wrong answer fails the run."""
    return (
        ("I want a refund", "Which order number"),
        (order, f"{order}: {ITEM}, $79.99"),
        ("yes", "Why are you sending it back"),
        ("broken", "Shall we refund $79.99"),
        ("yes", f"Your refund of $79.99 for {order} has been submitted"),
    )


async def drive(url: str, pid: int, telegram: Telegram, load: Load) -> Sample:
    """Run the load against the server process `pid` at `url`. Raises when a reply is wrong, missing or superfluous."""
    sample, server = Sample(), psutil.Process(pid)
    began, before = time.perf_counter(), server.cpu_times()
    starts = _starts(load, began)
    async with asyncio.TaskGroup() as customers:
        for _ in range(load.at_once):
            customers.create_task(_one_after_another(url, telegram, starts, sample))
    sample.wall_s = time.perf_counter() - began
    after = server.cpu_times()
    sample.cpu_s = after.user + after.system - before.user - before.system
    sample.rss_mb = server.memory_info().rss / 2**20
    if telegram.unasked:
        raise AssertionError(f"{telegram.unasked} replies that nobody asked for")
    return sample


def _starts(load: Load, began: float) -> Iterator[float]:
    """When each conversation begins (time.perf_counter)."""
    apart_s = len(script("")) / load.turns_per_s if load.turns_per_s else 0.0
    for number in range(load.conversations):
        if time.perf_counter() - began > load.within_s:
            return
        yield began + number * apart_s


async def _one_after_another(url: str, telegram: Telegram, starts: Iterator[float], sample: Sample) -> None:
    line = await _Line.open(url)
    for start in starts:
        await asyncio.sleep(max(start - time.perf_counter(), 0))
        await _converse(line, telegram, sample)
    line.close()


async def _converse(line: _Line, telegram: Telegram, sample: Sample) -> None:
    chat = 7_000_000 + next(_numbers)
    for text, words in script(f"ORD-{chat % 100_000:05}"):
        coming = telegram.next_message(chat)
        began = time.perf_counter()
        status = await line.post(_update(chat, text))
        sample.webhook_s.append(time.perf_counter() - began)
        assert status == 200, f"the webhook answered {status}"
        async with asyncio.timeout(REPLY_S):
            reply, at = await coming
        sample.reply_s.append(at - began)
        assert words in reply, f"{text!r} was answered {reply!r}"


def _update(chat: int, text: str) -> bytes:
    number = next(_updates)
    sender = {"id": chat, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    place = {"id": chat, "first_name": "Ada", "type": "private"}
    message = {"message_id": number, "from": sender, "chat": place, "date": 1_790_000_000, "text": text}
    return msgspec.json.encode({"update_id": number, "message": message})


class _Line:
    """A provider's keep-alive connection to the webhook."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host

    @classmethod
    async def open(cls, url: str) -> _Line:
        host, _, port = url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        return cls(reader, writer, f"{host}:{port}")

    async def post(self, body: bytes) -> int:
        """The status; both servers answer with an empty body."""
        head = (
            f"POST /webhooks/telegram HTTP/1.1\r\nhost: {self._host}\r\ncontent-type: application/json\r\n"
            f"x-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        return int(answer.split(b" ", 2)[1])

    def close(self) -> None:
        self._writer.close()
