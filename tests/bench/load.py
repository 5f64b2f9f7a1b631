"""Drives conversations through a Telegram webhook, and measures from outside."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import psutil

from tests.bench.line import Line
from tests.bench.providers import Telegram
from tests.bench.servers import Serving
from tests.bench.talks import Talk, order_of, refund

REPLY_S = 60.0
"""A reply that takes longer is lost, and the run with it."""

_numbers = itertools.count(7_000_001)
_updates = itertools.count(500_000_000)


@dataclass(frozen=True, kw_only=True)
class Load:
    """At most `conversations` in all and `at_once` side by side; none begins after `within_s` seconds.

    `turns_per_s` spaces their beginnings so that about so many turns a second are asked for; None: as fast as it goes.
    `chats` names the customers who write; empty: new ones.
    """

    conversations: int
    at_once: int
    within_s: float
    turns_per_s: float | None = None
    talk: Talk = refund
    chats: Sequence[int] = ()


@dataclass(kw_only=True)
class Sample:
    """What one run of a load measured: seconds for each webhook's answer and for each reply, CPU of the servers.

    `redis_s` is the CPU of redis-server, which is in no other figure.
    """

    webhook_s: list[float] = field(default_factory=list)
    reply_s: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0
    redis_s: float = 0.0
    rss_mb: float = 0.0

    @property
    def turns(self) -> int:
        return len(self.reply_s)

    @property
    def turns_per_s(self) -> float:
        return self.turns / self.wall_s

    @property
    def cpu_ms(self) -> float:
        """Of all of the contestant's processes, per turn."""
        return self.cpu_s / self.turns * 1000

    @property
    def redis_ms(self) -> float:
        """Of redis-server, per turn."""
        return self.redis_s / self.turns * 1000


def quantile_ms(seconds: list[float], share: float) -> float:
    """The value below which `share` of them lie, in milliseconds."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1000


async def drive(server: Serving, telegram: Telegram, load: Load) -> Sample:
    """Run the load. Raises when a reply is wrong, missing or superfluous."""
    sample = Sample()
    began, cpu_s, redis_s = time.perf_counter(), _spent_s(server.pids), _spent_s(server.redis_pids)
    starts = _starts(load, began)
    async with asyncio.TaskGroup() as customers:
        for _ in range(load.at_once):
            customers.create_task(_one_after_another(server.url, telegram, starts, sample))
    sample.wall_s = time.perf_counter() - began
    sample.cpu_s = _spent_s(server.pids) - cpu_s
    sample.redis_s = _spent_s(server.redis_pids) - redis_s
    sample.rss_mb = sum(psutil.Process(pid).memory_info().rss for pid in server.pids) / 2**20
    if telegram.unasked:
        raise AssertionError(f"{telegram.unasked} replies that nobody asked for")
    return sample


def _spent_s(pids: Sequence[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(each.user + each.system for each in times)


_Start = tuple[float, int, Talk]
"""When a conversation begins (time.perf_counter), whose it is, and how it goes."""


def _starts(load: Load, began: float) -> Iterator[_Start]:
    apart_s = len(load.talk("")) / load.turns_per_s if load.turns_per_s else 0.0
    chats = load.chats or (next(_numbers) for _ in range(load.conversations))
    for number, chat in enumerate(chats):
        if time.perf_counter() - began > load.within_s:
            return
        yield began + number * apart_s, chat, load.talk


async def _one_after_another(url: str, telegram: Telegram, starts: Iterator[_Start], sample: Sample) -> None:
    line = await Line.open(url)
    for start, chat, talk in starts:
        await asyncio.sleep(max(start - time.perf_counter(), 0))
        await _converse(line, telegram, chat, talk, sample)
    line.close()


async def _converse(line: Line, telegram: Telegram, chat: int, talk: Talk, sample: Sample) -> None:
    for text, words in talk(order_of(chat)):
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
