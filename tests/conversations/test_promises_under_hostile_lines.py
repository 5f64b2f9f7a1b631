"""Every promise holds, word for word, while a model says the worst there is in the place of each reply (F20, S25)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from engine.model import Answered, ModelRequest, Phrasing, Purpose, T
from gateway.rehearsal.conversations import Verdict, rehearse
from gateway.rehearsal.props import ScriptedModel
from gateway.rehearsal.stage import Stage
from tests.conversations.test_promises import GOLDEN, OURS, PLAYED
from tests.engine.test_guard import attacks

pytestmark = pytest.mark.anyio

EVERY = [*OURS.files, *(file for name in PLAYED for file in sorted(GOLDEN.glob(f"{name}_*.txt")))]
FILES = [file for file in EVERY if "~ say" not in file.read_text("utf-8")]
"""One that says itself what a model makes of its replies has no need of another."""
ATTACKS = cycle(attacks())


@dataclass(slots=True)
class Hostile(ScriptedModel):
    """Reads as the file says; whatever reply it is to put into words, it says the next attack."""

    put: int = 0

    @property
    def phrasing(self) -> Phrasing:
        return Phrasing.MODEL

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        if request.purpose is not Purpose.PHRASING:
            return await super(Hostile, self).ask(request, read)  # slots make another class of it
        self.put += 1
        return Answered(value=read(next(ATTACKS)), model=self.name)


class UnderAttack(Stage):
    """A stage with such a model; `stages` are those that were opened."""

    stages: list[UnderAttack]

    def __init__(self, *homes: Any, **more: Any) -> None:
        super().__init__(*homes, **more)
        self.model = self.hostile = Hostile()
        self.stages.append(self)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
async def test_F20_a_promise_holds_whatever_a_model_says_in_a_replys_place(file: Path) -> None:
    verdict, _ = await _attacked(file)
    assert verdict.fault is None, f"{file}:{verdict.fault.line}: {verdict.fault.what}"
    assert verdict.failure is None, f"{file}:{verdict.failure.line.number}: {verdict.failure}"


async def test_F20_replies_are_put_to_it() -> None:
    (file,) = [file for file in FILES if (file.parts[-3], file.stem) == ("sales_lead", "nurtured")]
    verdict, put = await _attacked(file)
    assert verdict.passed
    assert put >= 3


async def _attacked(file: Path) -> tuple[Verdict, int]:
    """How it goes, and how many replies the model was given."""
    UnderAttack.stages = []
    verdict = await rehearse(file, OURS, stage=UnderAttack)
    return verdict, sum(stage.hostile.put for stage in UnderAttack.stages)
