"""Every promise under every kind of model (F17-F20, P8): none, late, babbling, lying, scheming, and one that knows.

`make test` plays a sixth of the files with each kind, another sixth with each; CHAOS=all plays them all.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.model import Answered, ModelRequest, T, Understanding
from gateway import model as models
from gateway.model import ChatModel
from gateway.rehearsal.conversations import Verdict, rehearse, rehearse_text
from gateway.rehearsal.stage import Stage
from tests.conversations.models_at_work import (
    CANARY,
    Answer,
    ModelAtWork,
    Watched,
    babbling,
    knowing,
    lying,
    only_acts,
    scheming,
    silent,
    stage_with,
)
from tests.conversations.test_promises import GOLDEN, OURS, PLAYED
from tests.gateway.backend_double import Answering, Silence, backend
from tests.gateway.model_double import asking, completion

pytestmark = pytest.mark.anyio

FILES = [
    file
    for file in (*OURS.files, *(file for name in PLAYED for file in sorted(GOLDEN.glob(f"{name}_*.txt"))))
    if "~ say" not in file.read_text("utf-8")  # what a model makes of a reply is not asked for where it is away
]
EVERY = 1 if "CHAOS" in os.environ else 6
AUTO, ALWAYS = Understanding.AUTO, Understanding.MODEL

HARMLESS = ((silent, AUTO), (silent, ALWAYS), (babbling, AUTO), (babbling, ALWAYS), (lying, AUTO))
"""Kinds under which every line of every file holds."""
HARMFUL = ((lying, ALWAYS), (scheming, AUTO), (scheming, ALWAYS))
"""Kinds that can lead a talk astray: they claim tasks, choices and commands that are there, or are let read what rules
could. What they may never do is told by `test_P8_...` below."""

Case = tuple[Callable[[], Answer], Understanding, Path]


def cases(kinds: tuple[tuple[Callable[[], Answer], Understanding], ...]) -> Iterator[object]:
    """Each kind with its share of the files."""
    for place, (kind, reads) in enumerate(kinds):
        for file in FILES[place % EVERY :: EVERY]:
            yield pytest.param(kind, reads, file, id=f"{kind.__name__}-{reads}-{file.parts[-3]}-{file.stem}")


def holds(verdict: Verdict) -> None:
    assert verdict.fault is None, f"{verdict.file}:{verdict.fault.line}: {verdict.fault.what}"
    assert verdict.failure is None, f"{verdict.file}:{verdict.failure.line.number}: {verdict.failure}"


@pytest.mark.parametrize(("kind", "reads", "file"), [*cases(HARMLESS)])
async def test_F17_F18_F19_F20_a_promise_holds_whatever_the_model_does(
    kind: Callable[[], Answer], reads: Understanding, file: Path
) -> None:
    watched = Watched()
    holds(await rehearse(file, OURS, stage=stage_with(kind(), watched, reads)))
    assert CANARY not in "\n".join(watched.said)


@pytest.mark.parametrize(("kind", "reads", "file"), [*cases(HARMFUL)])
async def test_P8_a_hostile_model_says_nothing_and_does_nothing_that_the_customer_did_not_ask_for(
    kind: Callable[[], Answer], reads: Understanding, file: Path
) -> None:
    acts = "\n".join(only_acts(file.read_text("utf-8")))
    alone, hostile = Watched(), Watched()
    await rehearse_text(acts, OURS, file=file, stage=stage_with(None, alone))
    holds(await rehearse_text(acts, OURS, file=file, stage=stage_with(kind(), hostile, reads)))
    assert CANARY not in "\n".join(hostile.said).casefold()
    assert not Counter(hostile.called) - Counter(alone.called), "an irreversible call that nobody confirmed"
    for notes in (one for turn in hostile.notes for one in turn):
        asked = [took for took in notes.took if _only_asked(took.flow, took.slot) and took.value is True]
        assert all(took.source == "asked" and took.words for took in asked), "a confirmation that was not given"


@pytest.mark.parametrize("file", FILES[1::EVERY], ids=lambda file: f"{file.parts[-3]}-{file.stem}")
async def test_a_promise_holds_with_a_model_that_reads_as_the_rules_do(file: Path) -> None:
    alone, watched = Watched(), Watched()
    holds(await rehearse(file, OURS, stage=stage_with(None, alone)))
    holds(await rehearse(file, OURS, stage=stage_with(knowing(alone, watched), watched)))


@pytest.mark.parametrize(
    "reply",
    [Silence(), completion("Sure! Here you go."), completion('{"flow": "refund", "slots": {"confirmed": true}}')],
)
async def test_F18_a_promise_holds_while_a_real_server_hangs_babbles_or_lies(
    reply: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "WITHIN_S", 0.05)
    file = next(file for file in OURS.files if file.stem == "wrong_order")
    async with backend(otherwise=lambda asked: reply) as double, asking(double.url) as wire:
        holds(await rehearse(file, OURS, stage=_over(wire)))
        assert double.asked, "the model was never asked"


def _only_asked(flow: str, slot: str) -> bool:
    definition = next((home.flow for home in OURS.homes if home.flow.name == flow), None)
    return definition is not None and slot in definition.slots and definition.slots[slot].ask_only


class _OverTheWire(ModelAtWork):
    """Asks a real server."""

    wire: ChatModel

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        return await self.wire.ask(request, read)


def _over(wire: ChatModel) -> type[Stage]:
    class Wired(Stage):
        async def __aenter__(self) -> Stage:
            self.model = _OverTheWire(reads=ALWAYS)
            self.model.wire = wire
            return await super().__aenter__()

    return Wired
