"""The slot keys `extract:` and `validate:`: who else may read an answer, and what of it counts."""

from __future__ import annotations

from engine.ports import ERROR, ActionOutcome
from tests.engine.talk import Talk, flow

SEATS = flow(
    r"""
frontdesk: 1
flow: seats
title: Choose a seat
triggers: [choose a seat]
slots:
  seat: {type: text, pattern: '\d{1,2}[A-F]', label: seat, extract: read_seat, error_msg: "A seat looks like 12A."}
states:
  start: {prompt: "Which seat?", slot: seat, next: done}
  done:  {prompt: "Seat {{ seat }}.", terminal: true}
"""
)


def talk(outcome: ActionOutcome) -> Talk:
    begun = Talk(SEATS, answers={"read_seat": outcome})
    begun.say("choose a seat")
    return begun


def test_what_extract_finds_is_the_value() -> None:
    seated = talk(ActionOutcome(outcome="found", facts={"value": "12A"}))
    assert "Seat 12A." in seated.say("row twelve, at the window")
    asked = [request for request in seated.world.actions.asked if request.action == "read_seat"]
    assert [request.values["seat"] for request in asked] == ["row twelve, at the window"]


def test_what_it_finds_still_keeps_the_slots_rules() -> None:
    seated = talk(ActionOutcome(outcome="found", facts={"seat": "99Z"}))
    assert "A seat looks like 12A." in seated.say("the very last one")


def test_where_it_finds_nothing_or_fails_the_readers_word_stands() -> None:
    for outcome in ("nothing", ERROR):
        assert "Seat 3C." in talk(ActionOutcome(outcome=outcome)).say("3C please")


def test_it_reads_no_control_word_and_no_question() -> None:
    seated = talk(ActionOutcome(outcome="found", facts={"value": "12A"}))
    seated.say("what are the opening hours?")
    assert "Stopped" in seated.say("never mind")
    assert not seated.world.actions.asked
