"""The flows that ship: any order and split of what a customer says, and a change of mind, lead to the same (P1, P2)."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from engine.flow import FlowDef, SlotDef, SlotType
from engine.readers.reading import Reading
from engine.readers.values import find_values
from tests.engine.flows_at_random import Made, Subject
from tests.engine.talk import START
from tests.engine.test_promises_of_order import AnyOrder, ChangeOfMind, wishes
from tests.flows.test_first_sentences import shipped

READING = Reading(now=START)
FITTING = {"order_number": ("ORD-12345", "ORD-24680"), "account": ("A-1001", "A-1002")}
"""What fits a slot's pattern."""
BY_TYPE = {
    SlotType.TEXT: ("Acme", "Dune"),
    SlotType.NAME: ("Nora Field", "Mara Quist"),
    SlotType.INTEGER: ("40", "80"),
    SlotType.AMOUNT: ("$5,000", "$15,000"),
    SlotType.EMAIL: ("nora@example.com", "mara@example.com"),
}


def subject(flow: FlowDef, slot: SlotDef) -> Subject:
    """What can be said of a slot. Where the same words may mean another one, only its own question is answered."""
    if slot.type is SlotType.ENUM:
        words = [slot.choices.get(key, key.replace("_", " ")) for key in slot.values]
    else:
        words = list(FITTING[slot.name] if slot.pattern else BY_TYPE[slot.type])
    facts = {word: f"the {slot.called} is {word}" for word in words}
    return Subject(
        slot={"label": slot.called},
        says={word: fact if meant(flow, fact) == [slot.name] else "" for word, fact in facts.items()},
    )


def meant(flow: FlowDef, text: str) -> list[str]:
    """The slots of which something is read in a text that nobody asked for."""
    return [slot.name for slot in flow.slots.values() if find_values(slot, text, READING, asked=False)]


def made(flow: FlowDef) -> Made:
    """A shipped flow, as those that are made are seen."""
    subjects = {name: subject(flow, slot) for name, slot in flow.slots.items() if not slot.ask_only}
    effects = tuple(name for name, action in flow.actions.items() if action.irreversible)
    begin = next(one for one in (*flow.triggers, flow.title) if not meant(flow, one))
    return Made(flow=flow, effects=effects, subjects=subjects, page=flow.name, begin=begin)


def is_a_form(flow: FlowDef) -> bool:
    """Its questions ask for facts, each once: it is no talk that goes round."""
    goes_round = any(state.loop for state in flow.states.values())
    return not goes_round and not any(slot.takes or slot.type is SlotType.LIST for slot in flow.slots.values())


FORMS = [made(flow) for flow in shipped() if is_a_form(flow)]


@st.composite
def of_ours(draw: st.DrawFn, *, sealed: bool = False) -> tuple[Made, dict[str, str]]:
    """A shipped flow, and what a customer wants of it. `sealed`: one that does nothing before its confirmation."""
    form = draw(st.sampled_from([one for one in FORMS if one.effects or not sealed]))
    return form, wishes(draw, form)


class AnyOrderOfOurs(AnyOrder):
    """The same of the flows that ship (P1)."""

    @initialize(flow=of_ours(), data=st.data())
    def begin(self, flow: tuple[Made, dict[str, str]], data: Any) -> None:
        """One of them says some of it at once."""
        self._begin(flow, data)


TestAnyOrderOfOurs = AnyOrderOfOurs.TestCase
TestAnyOrderOfOurs.settings = settings(max_examples=10, stateful_step_count=8, deadline=None)


class ChangeOfMindOfOurs(ChangeOfMind):
    """The same of those that ship and do something (P2)."""

    sealed = False

    @initialize(flow=of_ours(sealed=True), data=st.data())
    def begin(self, flow: tuple[Made, dict[str, str]], data: Any) -> None:
        """What the hasty one says first is drawn for every slot."""
        self._begin(flow, data)


TestChangeOfMindOfOurs = ChangeOfMindOfOurs.TestCase
TestChangeOfMindOfOurs.settings = settings(max_examples=10, stateful_step_count=8, deadline=None)


def test_there_are_such_flows() -> None:
    assert "refund" in {one.page for one in FORMS}
