"""P13: a flow that is edited under a run never loses an answer that is still valid, nor the thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.flow import FlowDef, SlotDef, SlotType, StateDef, StateKind
from engine.readers.values import check
from tests.engine.flows_for_tests import SIGNUP
from tests.engine.talk import Talk

SAID = ("Mara Quist", "mara@example.com", "12 seats", "team", "what time is it?", "back", "sorry, 40 seats", "no")
Edit = Callable[[FlowDef], FlowDef]


def without(state: str) -> Edit:
    """The same flow without a question: what led to it leads on."""

    def edit(flow: FlowDef) -> FlowDef:
        if state not in flow.states:
            return flow
        on = flow.states[state].next
        kept = {name: one for name, one in flow.states.items() if name != state}
        states = {name: replace(one, next=on if one.next == state else one.next) for name, one in kept.items()}
        return replace(flow, states=states)

    return edit


def with_first(flow: FlowDef) -> FlowDef:
    """The same flow with a question before all others."""
    asks = StateDef(name="ask_city", kind=StateKind.ASK, prompts={"": ("Which city?",)}, slot="city", next=flow.first)
    slots = {"city": SlotDef(name="city"), **flow.slots}
    return replace(flow, slots=slots, states={"ask_city": asks, **flow.states})


def stricter(flow: FlowDef) -> FlowDef:
    """The same flow with fewer seats to have."""
    return replace(flow, slots=flow.slots | {"seats": replace(flow.slots["seats"], max=20)})


def retyped(flow: FlowDef) -> FlowDef:
    """The same flow with another kind of plan."""
    return replace(flow, slots=flow.slots | {"plan": SlotDef(name="plan", type=SlotType.INTEGER, depends_on="seats")})


def renamed(flow: FlowDef) -> FlowDef:
    """The same flow with a state of another name, and no migration."""
    states = {
        ("ask_mail" if name == "ask_email" else name): replace(
            one,
            name="ask_mail" if name == "ask_email" else name,
            next="ask_mail" if one.next == "ask_email" else one.next,
        )
        for name, one in flow.states.items()
    }
    return replace(flow, states=states)


EDITS: tuple[Edit, ...] = (
    with_first,
    stricter,
    retyped,
    renamed,
    without("ask_email"),
    without("ask_seats"),
    without("ask_name"),
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(SAID), max_size=6),
    st.lists(st.sampled_from(EDITS), min_size=1, max_size=3, unique=True),
    st.sampled_from(SAID),
)
def test_P13_no_answer_that_is_still_valid_is_lost(said: Sequence[str], edits: Sequence[Edit], next_: str) -> None:
    before = Talk(SIGNUP)
    for text in ("sign up", *said):
        before.say(text)
    flow = SIGNUP
    for edit in edits:
        flow = edit(flow)
    after = Talk(flow)
    after.stored, after.now, after._number = before.stored, before.now, 100
    if not before.conversation.stack:
        return
    reply = after.say("what time is it?")
    assert "kept your answers" in reply
    assert after.conversation.question is not None, "there is always a next question"
    kept = after.top.slots
    for name, slot in before.top.slots.items():
        definition = flow.slots[name]
        if slot.settled and not definition.ask_only and not check(definition, slot.value):
            assert kept[name].value == slot.value
    assert after.say(next_).strip()
