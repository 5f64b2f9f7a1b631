"""A customer of any flow, who answers plainly and picks at random, and back ends that may say anything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from engine.flow import FlowDef, SlotDef, SlotType
from engine.ports import ActionOutcome, ActionRequest, Quote
from engine.readers.values import check
from tests.engine.talk import Table

WORDS = ("ORD-12345", "A-1001", "blue bicycle", "yes", "no", "Mara", "x", "12", "a", "0")
"""Texts, the first of which that fits a slot answers it."""

CONTENT = 0.3
"""Share of questions that may be left open and are."""


class Chance(Table):
    """Back ends that answer each request with any outcome it may have, and with a fact for each it saves."""

    def __init__(self, flow: FlowDef, chance: random.Random) -> None:
        super().__init__()
        self._flow, self._chance = flow, chance

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """Any declared outcome."""
        self.asked.append(request)
        action = self._flow.actions[request.action]
        facts: dict[str, Any] = {
            name: {"amount": str(self._chance.randint(1, 400)), "currency": "USD"}
            if one.type is SlotType.AMOUNT
            else "this"
            for name, one in action.save.items()
        }
        return ActionOutcome(outcome=self._chance.choice(action.outcomes), facts=facts)


class Shelf:
    """A desk's own texts, which answer a question or not, as it happens."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """One text, or none."""
        told = Quote(text="Thirty days.", source="Returns", place="knowledge/returns.md:1")
        return (told,) if self._chance.random() < 0.5 else ()


def answer(slot: SlotDef, chance: random.Random) -> str:
    """A plain and valid answer to this slot's question, where there is one; at times none, where that is one too."""
    if slot.optional and chance.random() < CONTENT:
        return "none"
    kind = slot.of or slot.type if slot.type is SlotType.LIST else slot.type
    return next(_answers(slot, kind or SlotType.TEXT, chance), WORDS[0])


def _answers(slot: SlotDef, kind: SlotType, chance: random.Random) -> Iterator[str]:
    match kind:
        case SlotType.BOOLEAN:
            yield chance.choice(("yes", "no"))
        case SlotType.ENUM if slot.values:
            yield chance.choice(list(slot.values)).replace("_", " ")
        case SlotType.NUMBER | SlotType.INTEGER:
            yield str(chance.choice((3, 40, 80)))
        case SlotType.AMOUNT:
            yield f"${chance.choice((50, 15000))}"
        case SlotType.DATE | SlotType.TIME | SlotType.DATETIME | SlotType.DURATION | SlotType.EMAIL | SlotType.PHONE:
            yield _MOMENTS[kind]
        case SlotType.POSTCODE:
            yield "SW1A 1AA"
        case _:
            yield from (word for word in WORDS if not check(slot, word))


_MOMENTS = {
    SlotType.DATE: "2026-05-01",
    SlotType.TIME: "18:30",
    SlotType.DATETIME: "2026-05-01 18:30",
    SlotType.DURATION: "2 hours",
    SlotType.EMAIL: "mara@example.com",
    SlotType.PHONE: "+1 202 555 0143",
}
