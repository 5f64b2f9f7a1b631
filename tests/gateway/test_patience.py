"""How much of a model one turn may have, and how many may ask at once (F18, X54)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from engine.extraction import read_extraction
from engine.message import Address, Event
from engine.model import ModelRequest, Purpose
from gateway import model as models
from gateway import patience
from gateway.model import ChatModel, Fate
from gateway.patience import LEAST_S, MOST_TURNS, TURN_S, Patience
from gateway.worker import Worker
from tests.engine.flows_for_tests import REFUND
from tests.gateway.backend_double import Silence, backend
from tests.gateway.model_double import REQUEST, asking, completion, read_by
from tests.gateway.work_parts import ground, words

pytestmark = pytest.mark.anyio


def asked(turn: str, purpose: Purpose = Purpose.EXTRACTION, *, person: str = "dove:loft:ada") -> ModelRequest:
    """A question of one turn."""
    return msgspec.structs.replace(REQUEST, purpose=purpose, person=person, turn=turn)


async def plainly(model: ChatModel, request: ModelRequest) -> bool:
    """Was it answered?"""
    return await model.ask(request, read_extraction) is not None


def test_F18_all_that_a_turn_asks_shares_one_deadline() -> None:
    had = Patience()
    had.tried(asked("t1"), 5.0)
    assert had.left_s(asked("t1", Purpose.PHRASING)) == TURN_S - 5.0
    assert had.left_s(asked("t2", Purpose.PHRASING)) == TURN_S
    assert had.left_s(asked("t1", Purpose.PHRASING, person="dove:loft:ben")) == TURN_S
    had.tried(asked("t1", Purpose.PHRASING), TURN_S - 5.0 - LEAST_S / 2)
    assert had.left_s(asked("t1", Purpose.PHRASING)) == 0.0


def test_X54_a_turn_has_its_messages_read_by_two_calls_at_most() -> None:
    had = Patience()
    for _ in range(2):
        assert had.left_s(asked("t1")) > 0
        had.tried(asked("t1"), 0.1)
    assert had.left_s(asked("t1")) == 0.0
    assert had.left_s(asked("t1", Purpose.PHRASING)) > 0


def test_what_no_turn_waits_for_is_let_by_and_old_turns_are_forgotten() -> None:
    had = Patience()
    for number in range(MOST_TURNS + 1):
        had.tried(asked(""), TURN_S)
        had.tried(asked(f"t{number}"), TURN_S)
    assert had.left_s(asked("")) == TURN_S
    assert (had.left_s(asked("t0")), had.left_s(asked("t1"))) == (TURN_S, 0.0)


async def test_F18_a_turn_that_asks_a_slow_model_twice_ends_within_its_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "WITHIN_S", 0.4)
    monkeypatch.setattr(patience, "TURN_S", 0.6)
    monkeypatch.setattr(patience, "LEAST_S", 0.05)
    async with backend(otherwise=lambda asked: Silence()) as double, asking(double.url) as model:
        began = time.perf_counter()
        assert not await plainly(model, asked("t1"))
        assert not await plainly(model, asked("t1", Purpose.PHRASING))
        assert time.perf_counter() - began < 0.6 + 0.2
    assert len(double.asked) == 2


async def test_X54_a_repair_and_another_question_are_two_calls_and_not_three() -> None:
    good = completion("{}")
    async with backend(completion("rubbish"), good, good) as double, asking(double.url) as model:
        assert await plainly(model, asked("t1"))
        assert not await plainly(model, asked("t1"))
        assert await plainly(model, asked("t2"))
    assert len(double.asked) == 3


async def test_X54_no_more_than_so_many_are_under_way_and_who_waits_too_long_gives_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "WITHIN_S", 0.3)
    fates = list[str]()
    async with (
        backend(otherwise=lambda asked: Silence()) as double,
        asking(double.url, at_once=2, count=lambda fate, seconds: fates.append(fate)) as model,
    ):
        waiting = asyncio.gather(*(read_by(model) for _ in range(8)))
        await asyncio.sleep(0.2)
        assert len(double.asked) == 2
        assert await waiting == [None] * 8
    assert fates.count(Fate.CROWDED) >= 4


async def test_X54_who_waits_for_a_place_gets_it_when_one_is_free() -> None:
    good = completion("{}")
    async with backend(otherwise=lambda asked: good) as double, asking(double.url, at_once=1) as model:
        assert all(await asyncio.gather(*(read_by(model) for _ in range(20))))
    assert len(double.asked) == 20


async def test_F18_a_hundred_who_wait_for_a_slow_model_hold_up_nobody_who_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "WITHIN_S", 3.0)
    async with (
        ground(tmp_path, flows=(REFUND,)) as stood_on,
        backend(otherwise=lambda asked: Silence()) as double,
        asking(double.url) as model,
    ):
        worker, dove = Worker(replace(stood_on.parts, model=model)), stood_on.dove
        slow = [_of(f"slow{number}", "give me my cash again, dear people") for number in range(100)]
        quick = [_of(f"quick{number}", "I want a refund") for number in range(100)]
        await asyncio.gather(*map(worker.take, (*slow, *quick)))
        while len(dove.said) < 100:
            await asyncio.sleep(0.01)
        assert all(id.startswith("quick") for id in dove.sent[:100])
        assert 0 < len(double.asked) <= patience.AT_ONCE
        await worker.finished()
        assert len(set(dove.sent)) == 200


def _of(person: str, text: str) -> Event:
    address = Address(channel="dove", account="loft", chat=person, person=person)
    return msgspec.structs.replace(words(person, text, conversation=f"dove:{person}"), address=address)
