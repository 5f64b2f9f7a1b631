"""What holds of any text: places inside it, values that pass their own check, no exception, a bounded part read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.flow import FlowDef, SlotDef, SlotType
from engine.readers.answer import read_answer
from engine.readers.control import is_question, read_control, read_greeting
from engine.readers.corrections import correction_marker, may_dispute, names_label, negated, set_aside
from engine.readers.options import pick
from engine.readers.reading import Reading
from engine.readers.routing import Router
from engine.readers.values import check, find_values, near_values
from engine.readers.vocabulary import word_set
from engine.readers.words import MAX_READ_CHARS, plain, words

READING = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))
ROUTER = Router([FlowDef(name="refund", title="Refund an order", triggers=("refund", "return my order"))])
SLOTS = [
    *(
        SlotDef(
            name=f"a_{kind}",
            label="order",
            type=kind,
            cues=("we are",),
            min=1 if kind in {SlotType.INTEGER, SlotType.LIST} else None,
            of=SlotType.ENUM if kind is SlotType.LIST else None,
            values={"defective": ("broken",), "wrong_item": ()} if kind in {SlotType.ENUM, SlotType.LIST} else {},
        )
        for kind in SlotType
    ),
    *(SlotDef(name="code", pattern=r"(?i)ord-\d{2,}", normalize=how) for how in ("upper", "lower", "digits", "strip")),
    SlotDef(name="topics", type=SlotType.LIST),
]
_PIECES = st.sampled_from(
    sorted(
        word_set(
            """
yes no, maybe not actually ORD-123 12 1,200 $5 € 3/4 18:30 6pm half past monday next march 1st in two weeks ago
a@b.co +1 202 555 0123 broken wrong item order is we are Acme I'm Nora Field , . ? ! - ' İ ß ٣ ½ 👍🏽 the one five
hundred and a talk to human back cancel stop that what can you 2026-02-30 99999999999999999999999999 1e9 12:75
"""
        )
    )
)
TEXTS = (
    st.text(max_size=80) | st.lists(_PIECES, max_size=14).map(" ".join) | st.lists(_PIECES, max_size=14).map("".join)
)


_DISPUTES = (
    *("not", "never", "neither", "nor", "without", "isn't", "dont", "didn’t", "can't", "won’t", "hasnt", "ain't", "no"),
    *("cannot", "instead of", "rather than", "other than", "except", "but not", "change it from", "actually", "oops,"),
    *("the date is wrong:", "should be", "make it", "on second thought", "sorry,", "wait -", "my mistake"),
)


@given(text=TEXTS | st.lists(st.sampled_from((*_DISPUTES, "the", "5")), max_size=4).map(" ".join))
def test_R35_no_correction_or_denial_is_in_a_text_that_may_not_dispute(text: str) -> None:
    denied = any(negated(text, place) or set_aside(text, place) for place in range(len(text) + 1))
    assert may_dispute(text) or not (denied or correction_marker(text) is not None)


@pytest.mark.parametrize("said", _DISPUTES)
def test_R35_what_corrects_or_denies_may_dispute(said: str) -> None:
    text = f"we {said} ORD-123"
    place = text.index("ORD")
    assert correction_marker(text) is not None or negated(text, place) or set_aside(text, place)
    assert may_dispute(text)


@pytest.mark.parametrize("text", ["yes", "ORD-12345", "broken", "the blue one please", "5"])
def test_R35_a_plain_answer_may_not_dispute(text: str) -> None:
    assert not may_dispute(text)


@given(text=TEXTS, asked=st.booleans(), slot=st.sampled_from(SLOTS))
def test_R4_found_values_stand_in_the_text_and_pass_their_own_check(text: str, asked: bool, slot: SlotDef) -> None:
    before = 0
    for found in find_values(slot, text, READING, asked=asked):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.words
        assert found.start >= before
        assert found.fault == check(slot, found.value)
        before = found.start


@given(text=TEXTS, asked=st.booleans(), slot=st.sampled_from([slot for slot in SLOTS if slot.min is None]))
def test_R19_a_reader_itself_finds_only_values_its_type_allows(text: str, asked: bool, slot: SlotDef) -> None:
    assert [found.fault for found in find_values(slot, text, READING, asked=asked) if found.fault] == []


@given(text=TEXTS)
def test_R4_no_text_makes_a_reader_raise(text: str) -> None:
    read_answer(text, READING)
    read_control(text, READING, reserved=frozenset({"STOP"}))
    read_greeting(text)
    is_question(text)
    pick(text, ("Yes", "No", text))
    ROUTER.route(text)
    correction_marker(text)
    names_label(text, "order")
    near_values(SLOTS[10], text)


@given(text=st.text(max_size=60))
def test_R11_plain_text_keeps_every_place(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert all(plain(text)[word.start : word.end] == word.text for word in words(text))


@pytest.mark.parametrize("slot", SLOTS, ids=lambda slot: f"{slot.type}-{slot.normalize}")
def test_R3_nothing_beyond_the_limit_is_read(slot: SlotDef) -> None:
    text = ("and so on. " * MAX_READ_CHARS)[:MAX_READ_CHARS]
    tail = " ORD-12345 broken $5 12 people tomorrow 18:30 a@b.co +1 202 555 0123 the order is Acme"
    for asked in (True, False):
        assert find_values(slot, text + tail, READING, asked=asked) == find_values(slot, text, READING, asked=asked)
