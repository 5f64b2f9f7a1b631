"""The one way to Redis, and its batches: all that one tick of the loop asks travels as one pipeline.

1. Every call is answered or fails within DEADLINE_S of being made, whatever Redis does (F15).
2. A caller that is cancelled does not cancel what it asked: no connection is left with half an answer in it.
3. A batch whose answers were lost is sent once more, on a new connection. Every script bears that (I8).
4. At most LANES batches are under way; what is asked meanwhile waits and goes together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from redis.exceptions import ConnectionError as Cut
from redis.exceptions import ResponseError

from engine.errors import StoreAway
from gateway.stores.redis_faults import FAULTS, away, code_of, refused
from gateway.stores.redis_keys import Keys
from gateway.stores.redis_lanes import Answer, Command, Lane
from gateway.stores.redis_scripts import Script

DEADLINE_S = 1.5
"""A webhook is answered within 2 s also when Redis hangs (F15)."""
LANES = 4
BATCH_MAX = 256

_CLOSED = "the connection to Redis is closed: the service is stopping. Nothing was stored"
_ONCE_MORE = ("MOVED", "NOSCRIPT", "READONLY")
"""Errors that the next try may not meet: another node, the script's text, another connection helps."""


@dataclass(slots=True)
class _Call:
    script: Script
    rest: Command
    future: asyncio.Future[Answer]
    by: float

    def named(self) -> Command:
        return ("EVALSHA", self.script.sha, *self.rest)

    def spelled(self) -> Command:
        """With the script's text, which Redis keeps from then on: a restart or a new node has not heard of it."""
        return ("EVAL", self.script.text, *self.rest)


class Wire:
    """Runs scripts. Made and closed inside the running loop."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._lanes = lanes
        self._idle = list(lanes)
        self._waiting: deque[_Call] = deque()
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving = False
        self._closed = False

    def run(self, script: Script, keys: Keys, *arguments: bytes | int) -> asyncio.Future[Answer]:
        """Queue the script and give its answer, which may be StoreAway."""
        future: asyncio.Future[Answer] = self._loop.create_future()
        if self._closed:
            future.set_exception(StoreAway(_CLOSED))
            return future
        rest = (len(keys), *keys, *arguments)
        self._waiting.append(_Call(script, rest, future, self._loop.time() + DEADLINE_S))
        if self._idle and not self._leaving:
            self._leaving = True
            self._loop.call_soon(self._leave)
        return future

    async def close(self) -> None:
        """Finish what was asked for and hang up; every later call raises StoreAway."""
        self._closed = True
        self._leave()
        await asyncio.gather(*self._tasks)
        for lane in self._lanes:
            await lane.close()

    def _leave(self) -> None:
        self._leaving = False
        while self._waiting and self._idle:
            task = self._loop.create_task(self._drive(self._idle.pop(), self._batch()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _batch(self) -> list[_Call]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_MAX))]

    async def _drive(self, lane: Lane, batch: list[_Call]) -> None:
        try:
            while batch:
                await self._deliver(lane, batch)
                batch = self._batch()
        finally:
            self._idle.append(lane)

    async def _deliver(self, lane: Lane, batch: list[_Call]) -> None:
        try:
            async with asyncio.timeout_at(batch[0].by):
                answers = await _carried(lane, batch)
        except FAULTS as fault:
            answers = [fault] * len(batch)
        for call, answer in zip(batch, answers, strict=True):
            if call.future.done():
                continue
            if isinstance(answer, ResponseError):
                call.future.set_exception(refused(answer, call.script.name))
            elif isinstance(answer, BaseException):
                call.future.set_exception(away(answer))
            else:
                call.future.set_result(answer)


async def _carried(lane: Lane, batch: list[_Call]) -> list[Answer]:
    commands = [call.named() for call in batch]
    try:
        answers = await lane.carry(commands)
    except (Cut, OSError):
        answers = await lane.carry(commands)
    again = [place for place, answer in enumerate(answers) if _may_help(answer)]
    if again:
        for place, answer in zip(again, await lane.carry([batch[place].spelled() for place in again]), strict=True):
            answers[place] = answer
    return answers


def _may_help(answer: Answer) -> bool:
    """Would asking once more help? Not where somebody was waited for already."""
    if isinstance(answer, ResponseError):
        return code_of(answer) in _ONCE_MORE
    return isinstance(answer, Cut | OSError) and not isinstance(answer, TimeoutError)
