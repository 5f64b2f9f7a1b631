"""S16: with a model that could be asked, how many turns of the shipped conversations need none, and still hold.

The figure: `python -m pytest tests/conversations/test_turns_without_a_model.py -s`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from engine.model import Answered, ModelRequest, Purpose, T, Understanding
from gateway.rehearsal.conversations import rehearse
from gateway.rehearsal.props import ScriptedModel
from gateway.rehearsal.stage import Stage
from tests.conversations.test_promises import OURS

pytestmark = pytest.mark.anyio

AT_LEAST = 0.8
"""The share of turns that need no model; measured: 82 % of 136."""


@dataclass(slots=True)
class FindsNothing(ScriptedModel):
    """Is there to be asked in every turn; what the file does not script it cannot read either."""

    @property
    def understanding(self) -> Understanding:
        return Understanding.AUTO

    async def ask(self, request: ModelRequest, read: Callable[[str], T]) -> Answered[T] | None:
        if self.answers or request.purpose is not Purpose.EXTRACTION:
            return await ScriptedModel.ask(self, request, read)
        return Answered(value=read("{}"), model=self.name)


async def test_S16_most_turns_of_the_shipped_conversations_need_no_model() -> None:
    needed: list[bool] = []

    class Watched(Stage):
        """Keeps of every turn of the customer's words whether a model was asked."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.model = FindsNothing()

        async def __aexit__(self, *raised: object) -> None:
            past = await self.past()
            needed.extend(
                any(one.answer for one in turn.consulted) for turn in (past.turns if past else ()) if turn.heard
            )
            await super().__aexit__(*raised)

    verdicts = [await rehearse(file, OURS, stage=Watched) for file in OURS.files]
    assert [one.file.name for one in verdicts if not one.passed] == []
    share = 1 - sum(needed) / len(needed)
    print(f"\n{len(needed)} turns in {len(verdicts)} conversations: {share:.1%} needed no model")  # noqa: T201 - the figure
    assert share >= AT_LEAST
