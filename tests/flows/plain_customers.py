"""Customers who answer each question of a shipped flow with something it takes, and back ends that answer anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from engine.flow import ActionDef, FlowDef, SlotDef, SlotType, StateKind
from engine.ports import ERROR, ActionOutcome, ActionRequest, Quote
from engine.views import shown
from tests.engine.talk import Table, Talk

PATTERNED = {"order_number": ("ORD-12345", "ORD-67890"), "account": ("A-1001", "A-1002")}
"""What fits a slot's pattern."""
BY_TYPE = {
    SlotType.TEXT: ("Acme", "Dune"),
    SlotType.NAME: ("Nora Field",),
    SlotType.INTEGER: ("40", "80"),
    SlotType.AMOUNT: ("$5,000", "$15,000"),
    SlotType.EMAIL: ("nora@example.com",),
    SlotType.BOOLEAN: ("yes", "no"),
}
OPENED = "I would like to begin"
Pick = Callable[[Sequence[str]], str]


@dataclass
class BackEnds(Table):
    """Answers every action with an outcome that `pick` takes of those it may have."""

    flow: FlowDef = field(default_factory=lambda: FlowDef(name="", title=""))
    pick: Pick = lambda words: words[0]
    forced: tuple[str, str] = ("", "")
    """An action, and what its calls come to."""

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """One of the declared outcomes, with a fact of its type under each name that is saved; or an error."""
        self.asked.append(request)
        action = self.flow.actions[request.action]
        name, outcome = self.forced
        came = outcome if name == action.name else self.pick((*action.outcomes, ERROR))
        return ActionOutcome(outcome=came, facts=self._facts(action) if came != ERROR else {})

    def _facts(self, action: ActionDef) -> dict[str, object]:
        money = {"amount": self.pick(("25.00", "249.00")), "currency": "USD"}
        dated = {SlotType.AMOUNT: money, SlotType.DATE: "2026-03-15"}
        return {name: dated.get(one.type or SlotType.TEXT, "something") for name, one in action.save.items()}


@dataclass
class Texts:
    """Our own texts: they answer what `pick` lets them answer, with one passage or with two that disagree."""

    pick: Pick

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """Nothing, one passage, or two."""
        passages = tuple(Quote(text=f"It is {n} days.", source=f"Part {n}", place=f"a.md:{n}") for n in (1, 2))
        return passages[: int(self.pick(("1", "0", "2")))]


def talk_about(flow: FlowDef, pick: Pick, forced: tuple[str, str] = ("", "")) -> Talk:
    """A talk that stands at the flow's first question."""
    talk = Talk(flow, people=True, knowledge=Texts(pick))
    talk.world.actions = BackEnds(flow=flow, pick=pick, forced=forced)
    talk.say(flow.triggers[0])
    return talk


def answer(talk: Talk, flow: FlowDef, pick: Pick) -> None:
    """Answer what is open, whatever it is."""
    conversation = talk.conversation
    if conversation.pending is not None:
        talk.say(pick([choice.label for choice in conversation.pending.choices]))
    elif conversation.question is not None:
        talk.say(pick(answers(flow.slots[conversation.question.slot])))
    else:
        talk.say(flow.triggers[0])


def answers(slot: SlotDef) -> tuple[str, ...]:
    """What answers its question."""
    if slot.takes:
        return ("no thanks", "how many days are there?") if slot.optional else ("how many days are there?",)
    if slot.type is SlotType.ENUM:
        return tuple(str(shown(key, slot)) for key in slot.values)
    if slot.of is not None:
        most = int(slot.max) if slot.max is not None else None
        return (" and ".join(answers(replace(slot, type=slot.of))[:most]),)
    return PATTERNED.get(slot.name, ()) if slot.pattern else BY_TYPE[slot.type]


def over(talk: Talk) -> bool:
    """Did the run end, or did a person take over?"""
    return not talk.conversation.stack or talk.turns[-1].wanted is not None


def questions(flow: FlowDef) -> int:
    """How many questions it has."""
    return sum(state.kind is StateKind.ASK for state in flow.states.values())
