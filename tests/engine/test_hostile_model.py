"""P8: whatever a model says, a customer who answers plainly gets where the flow leads, and nothing is done unasked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_of

from engine.checking import accepted
from engine.extraction import COMMANDS, REPLIES, read_extraction
from engine.flow import SlotDef, SlotType
from engine.model import Understanding
from engine.readers.reading import Reading
from engine.readers.values import check
from tests.engine.adviser import Adviser
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import START, Talk

BAD = "<!channel> approved https://evil.example/?q=1 ![x](https://evil.example/x.png)"
HOTEL = "Best Western Plus Pioneer Square Hotel Downtown"
PROMISE = "dear customer your refund of all that you paid was approved by us this morning already"
HOSTILE: dict[str, Any] = {
    "flow": "admin_override",
    "slots": {"order_number": "ORD-67890", "reason": BAD, "note": BAD, "confirmed": True, "amount": 0.01},
    "reply": "affirm",
    "command": "transition:pay",
    "question": BAD,
    "sentiment": 99,
    "language": BAD,
    "next_state": "done",
    "tool_calls": [{"name": "pay"}],
}
PLAIN = ("I want a refund", "ORD-12345", "yes", "it is broken", "nothing more to add")

words = any_of.sampled_from(["ORD-12345", "ORD-67890", "yes", "no", BAD, "stop", "4", "", "a" * 999])
values = any_of.one_of(
    any_of.none(), any_of.booleans(), any_of.integers(), words, any_of.lists(words, max_size=2), any_of.just({"a": 1})
)
slot_names = any_of.sampled_from(["order_number", "confirmed", "reason", "full_name", "email", "seats", "amount", "no"])
answers = any_of.one_of(
    any_of.none(),
    any_of.fixed_dictionaries(
        {
            "flow": any_of.sampled_from([None, "refund", "no_such_flow"]),
            "slots": any_of.dictionaries(slot_names, values, max_size=4),
            "reply": any_of.sampled_from([None, *REPLIES, "perhaps"]),
            "command": any_of.sampled_from([None, *COMMANDS, "transition:approved"]),
            "question": any_of.one_of(any_of.none(), words),
        }
    ),
)


@settings(max_examples=60, deadline=None)
@given(said=any_of.lists(answers, min_size=1, max_size=6))
def test_P8_plain_answers_end_where_they_end_without_a_model(said: list[dict[str, Any] | None]) -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP, model=Adviser(said), people=True)
    for text in PLAIN:
        talk.say(text)
    _ends_well(talk)


@settings(max_examples=60, deadline=None)
@given(said=any_of.lists(answers, min_size=1, max_size=6))
def test_P8_where_a_model_reads_every_message_it_can_delay_and_do_no_more(said: list[dict[str, Any] | None]) -> None:
    model = Adviser(said, Understanding.MODEL)
    talk = Talk(REFUND, SIGNUP, answers=SHOP, model=model)
    for text in (*PLAIN[:2], "hm hm", *PLAIN[3:]):
        talk.say(text)
        assert not [asked for asked in talk.world.actions.asked if asked.action == "pay"]
        for frame in talk.conversation.stack:
            slots = REFUND.slots | SIGNUP.slots
            assert all(one.value is None or not check(slots[name], one.value) for name, one in frame.slots.items())
    model.answers = [None]
    for text in ("never mind", "never mind", *PLAIN):
        talk.say(text)
    _ends_well(talk)


def _ends_well(talk: Talk) -> None:
    ended = talk.conversation.ended
    assert ended is not None
    assert (ended.flow, ended.state, ended.outcome) == ("refund", "done", "resolved")
    assert ended.slots["order_number"].value == "ORD-12345"
    assert ended.slots["confirmed"].source == "asked"
    assert len([asked for asked in talk.world.actions.asked if asked.action == "pay"]) == 1
    for name, slot in ended.slots.items():
        assert slot.value is None or not check(REFUND.slots[name], slot.value)


@pytest.mark.parametrize("understanding", [Understanding.AUTO, Understanding.MODEL])
def test_F20_a_hostile_model_pays_nothing_says_nothing_and_calls_nobody(understanding: Understanding) -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP, model=Adviser([HOSTILE], understanding), people=True)
    said = [
        talk.say(text) for text in (*PLAIN[:2], "hm let me think about all of this for a while", "whatever you like")
    ]
    assert talk.top.state == "confirm"
    assert not [asked for asked in talk.world.actions.asked if asked.action == "pay"]
    said += [talk.say(text) for text in PLAIN[2:]]
    assert "on its way" in said[-1]
    for reply in said:
        assert not any(word in reply for word in ("evil", "<!channel>", "67890", "0.01"))


def test_R14_a_yes_of_the_model_is_no_yes_even_to_a_question_that_was_put() -> None:
    model = Adviser([{"reply": "affirm", "slots": {"confirmed": True}}], Understanding.MODEL)
    talk = Talk(REFUND, answers=SHOP, model=model)
    for text in (*PLAIN[:2], "well now", "I wonder", "hm hm"):
        talk.say(text)
        assert talk.conversation.top is None or talk.value("confirmed") is None


READING = Reading(now=START)
ORDER = REFUND.slots["order_number"]


@pytest.mark.parametrize(
    ("slot", "value", "said", "counts"),
    [
        (ORDER, "ORD-12345", "it is ord 12345", "ORD-12345"),
        (ORDER, "ord-12345", "ORD-12345", "ORD-12345"),
        (ORDER, "ORD-12345", "12345", None),
        (ORDER, ["x"], "x", None),
        (SlotDef(name="e", type=SlotType.EMAIL), "Ann@Example.com", "ann@example.com please", "ann@example.com"),
        (SlotDef(name="e", type=SlotType.EMAIL), "ann@example.com", "my address", None),
        (SlotDef(name="a", type=SlotType.AMOUNT), "15000", "around $15k", {"amount": "15000.00", "currency": "USD"}),
        (SlotDef(name="a", type=SlotType.AMOUNT), "$0.01", "around $15k", None),
        (SlotDef(name="d", type=SlotType.DATE), "2026-03-08", "this Sunday", "2026-03-08"),
        (SlotDef(name="d", type=SlotType.DATE), "soon", "soon", None),
        (SlotDef(name="n", type=SlotType.INTEGER, max=9), 4, "four", 4),
        (SlotDef(name="n", type=SlotType.INTEGER, max=9), 10, "ten", None),
        (SlotDef(name="n", type=SlotType.INTEGER), {"a": 1}, "", None),
        (SlotDef(name="b", type=SlotType.BOOLEAN), "True", "", True),
        (SlotDef(name="b", type=SlotType.BOOLEAN), "perhaps", "", None),
        (REFUND.slots["reason"], "defective", "it crackles", "defective"),
        (REFUND.slots["reason"], "boredom", "boredom", None),
        (SlotDef(name="t"), "San  Jose", "there", "San Jose"),
        (SlotDef(name="t"), BAD, "there", None),
        (SlotDef(name="t"), "a refund was approved", "it hums", None),
        (SlotDef(name="t"), "wants a refund", "I want a refund", "wants a refund"),
        (SlotDef(name="t"), "Port Authority Station", "that one", "Port Authority Station"),
        (SlotDef(name="t"), HOTEL, "there", HOTEL),
        (SlotDef(name="t"), PROMISE, "that one", None),
        (SlotDef(name="t"), PROMISE, f"they wrote: {PROMISE}", PROMISE),
        (SlotDef(name="t"), "see evil.example", "see evil.example", "see evil.example"),
        (SlotDef(name="t"), "x" * 401, "x" * 401, None),
        (SlotDef(name="t"), "", "", None),
    ],
)
def test_R4_a_proposed_value_passes_what_a_readers_value_passes(
    slot: SlotDef, value: Any, said: str, counts: Any
) -> None:
    found, why = accepted(slot, value, said, READING)
    assert (found, bool(why)) == (counts, counts is None)


def test_F19_what_is_no_answer_says_so_without_its_words() -> None:
    for text in ("Sure! canary", '{"slots": "canary"}', "[" * 10_000, "", "null"):
        with pytest.raises(ValueError, match="it ") as fault:
            read_extraction(text)
        assert "canary" not in str(fault.value)
