"""How much of a model one turn may have, and how many may ask at once (F18, X54)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from engine import extraction
from engine.extraction import read_extraction
from engine.message import Address, Event
from gateway import model as models
from gateway.model import Fate
from gateway.modelvariables import AT_ONCE
from gateway.worker import Worker
from tests.engine.flows_for_tests import REFUND
from tests.gateway.backend_double import Held, Silence, backend
from tests.gateway.model_double import REQUEST, asking, completion, read_by
from tests.gateway.work_parts import ground, words

pytestmark = pytest.mark.anyio


async def test_F18_all_tries_of_a_question_end_within_what_is_left_of_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "WITHIN_S", 1.0)
    monkeypatch.setattr(models, "LEAST_S", 0.05)
    async with backend(otherwise=lambda asked: Silence()) as double, asking(double.url) as model:
        began = time.perf_counter()
        assert await model.ask(msgspec.structs.replace(REQUEST, within_s=1.1), read_extraction) is None
        assert time.perf_counter() - began < 1.7
        assert await model.ask(msgspec.structs.replace(REQUEST, within_s=0.0), read_extraction) is None
    assert len(double.asked) == 2


async def test_F18_an_answer_says_how_long_it_took_and_which_try_it_was() -> None:
    rubbish, good = completion("rubbish"), completion("{}")
    async with backend(good, rubbish, good) as double, asking(double.url) as model:
        first = await model.ask(REQUEST, read_extraction)
        second = await model.ask(REQUEST, read_extraction)
    assert first
    assert second
    assert (first.tries, second.tries) == (1, 2)
    assert 0 < first.seconds < 4


async def test_X54_a_question_with_one_try_left_is_not_repaired() -> None:
    async with backend(completion("rubbish"), completion("{}")) as double, asking(double.url) as model:
        assert await model.ask(msgspec.structs.replace(REQUEST, tries=1), read_extraction) is None
    assert len(double.asked) == 1


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
    monkeypatch.setattr(models, "WITHIN_S", 600.0)
    monkeypatch.setattr(extraction, "TURN_S", 600.0)  # the model is slow however busy this machine is
    held = Held(say=completion("{}"), until=asyncio.Event())
    async with (
        ground(tmp_path, flows=(REFUND,)) as stood_on,
        backend(otherwise=lambda asked: held) as double,
        asking(double.url) as model,
    ):
        worker, dove = Worker(replace(stood_on.parts, model=model)), stood_on.dove
        slow = [_of(f"slow{number}", "give me my cash again, dear people") for number in range(100)]
        quick = [_of(f"quick{number}", "I want a refund") for number in range(100)]
        await asyncio.gather(*map(worker.take, (*slow, *quick)))
        while len(dove.said) < 100 or len(double.asked) < AT_ONCE:
            await asyncio.sleep(0.01)
        assert all(id.startswith("quick") for id in dove.sent)
        assert len(double.asked) == AT_ONCE
        held.until.set()
        await worker.finished()
        assert len(set(dove.sent)) == 200


def _of(person: str, text: str) -> Event:
    address = Address(channel="dove", account="loft", chat=person, person=person)
    return msgspec.structs.replace(words(person, text, conversation=f"dove:{person}"), address=address)
