"""Customers who have made up their minds: what they want in each slot, however they come to say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

from engine.flow import FlowDef, SlotType
from engine.frame import Ended
from engine.ports import ActionOutcome, ActionRequest
from tests.engine.flows_at_random import UNKNOWN, Made
from tests.engine.talk import Table, Talk


class Catalogue(Table):
    """Finds every design but one, and takes every order: its actions come to what they name first."""

    def __init__(self, flow: FlowDef) -> None:
        super().__init__()
        self.flow = flow

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """As a shop would."""
        self.asked.append(request)
        action = self.flow.actions[request.action]
        facts = {name: _FACTS.get(one.type or SlotType.TEXT, "something") for name, one in action.save.items()}
        missed = UNKNOWN in request.values.values() and not action.irreversible
        return ActionOutcome(outcome=action.outcomes[1 if missed else 0], facts={} if missed else facts)


_FACTS: dict[SlotType, Any] = {
    SlotType.AMOUNT: {"amount": "25.00", "currency": "USD"},
    SlotType.DATE: "2026-03-15",
}


class Customer(Talk):
    """One who wants this of a flow: slot -> the words of a plain answer."""

    def __init__(self, made: Made, wants: Mapping[str, str], *more: FlowDef) -> None:
        super().__init__(made.flow, *more)
        self.world.actions = Catalogue(made.flow)
        self.made, self.wants = made, dict(wants)

    @property
    def open(self) -> bool:
        """Is their run under way?"""
        return bool(self.conversation.stack)

    @property
    def asked_for(self) -> str:
        """The slot that is asked, if one is."""
        question = self.conversation.question
        return question.slot if question is not None else ""

    @property
    def at_a_confirmation(self) -> bool:
        """Is it for them to say yes to what they want?"""
        slot = self.made.flow.slots.get(self.asked_for)
        return slot is not None and slot.ask_only

    def begin(self, *volunteered: str) -> str:
        """The first message, with some of what they want."""
        return self.say(", ".join([self.made.begin, *map(self.fact, volunteered)]))

    def fact(self, slot: str) -> str:
        """The sentence that says, unasked, what they want in a slot."""
        subject, wanted = self.made.subjects[slot], self.wants[slot]
        return subject.says.get(wanted, f"no {subject.slot['label']}")

    def answer(self) -> str:
        """Say plainly what is asked."""
        return self.say("yes" if self.conversation.pending or self.at_a_confirmation else self.wants[self.asked_for])

    def finish(self) -> Ended:
        """Answer plainly to the end: within the count of the flow's questions, and two more (P11)."""
        for _ in range(self.made.asks + 2):
            if self.open:
                self.answer()
        ended = self.conversation.ended
        assert not self.open, f"still asked for {self.asked_for} at the end"
        assert ended is not None
        return ended

    def as_it_stands(self) -> Customer:
        """The same customer once more, from here on: what that one says leaves no trace in this."""
        other = copy(self)
        other.turns, other.replies, other.world = [], [], replace(self.world, actions=Catalogue(self.made.flow))
        return other

    def orders(self) -> list[tuple[str, dict[str, Any]]]:
        """What was done that cannot be undone, and with what."""
        return [(one.action, self.parameters(one)) for one in self.done()]

    def done(self) -> list[ActionRequest]:
        """The same as it was asked for."""
        return [one for one in self.world.actions.asked if one.action in self.made.effects]

    def parameters(self, done: ActionRequest) -> dict[str, Any]:
        """What it was done with. An action in Python may read all that is known: that is what was asked for by then,
        for what else is known depends on what was volunteered."""
        flow = self.world.book.current(self.made.flow.name)
        assert flow is not None
        names = flow.inputs[done.action]
        return {name: done.values.get(name) for name in sorted(self.made.subjects if names is None else names)}


def comes_to(customer: Customer) -> object:
    """Where plain answers lead a customer: the last state, the values it was reached by, what was done."""
    ended = customer.finish()
    asked = {customer.made.flow.states[state].slot for state in ended.path if state in customer.made.flow.states}
    slots = {name: (slot.value, slot.state) for name, slot in ended.slots.items() if name in asked}
    done = [(action, {name: values[name] for name in values if name in asked}) for action, values in customer.orders()]
    return ended.state, slots, done


def unsaid(customer: Customer, said: Collection[str]) -> list[str]:
    """What of their wishes they have not said yet, and can say unasked."""
    subjects = customer.made.subjects
    return [name for name in sorted(subjects) if name not in said and subjects[name].says.get(customer.wants[name])]
