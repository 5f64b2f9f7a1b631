"""R58: what becomes of a run whose version nobody has any more."""

from __future__ import annotations

from dataclasses import replace

from engine.book import Book
from engine.conversation import Waiting
from engine.flow import FlowDef
from engine.frame import Frame
from engine.machine import Compiled
from engine.ports import ActionOutcome
from engine.versions import moved, still_awaited
from tests.engine.flows_for_repair import PIZZA
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk, flow

PAGE = """
frontdesk: 1
flow: course
title: Book a course
description: The customer books a course.
triggers: [course]
slots:
  seats: {type: integer, label: seats, cues: [seats], min: 1, max: 500}
  level: {type: enum, values: {basic: [], advanced: []}}
  sure: {type: boolean, ask_only: true}
  lunch: {type: integer, label: lunches, cues: [lunches], min: 0, max: 500}
actions:
  book: {http: {method: POST, url: "https://school.example/courses", json: {seats: "{{ seats }}"}},
         irreversible: true, outcomes: {201: done, 409: full}}
states:
  ask_seats: {prompt: "How many seats?", slot: seats, next: ask_level}
  ask_level: {prompt: "Which level?", slot: level, next: confirm}
  confirm: {prompt: "{{ seats }} seats, {{ level }}?", slot: sure, branches: {yes: book, no: over}}
  book: {action: book, branches: {done: ask_lunch, full: over}, on_error: handoff}
  ask_lunch: {prompt: "How many lunches?", slot: lunch, next: over}
  over: {prompt: "{{ seats }} seats, {{ lunch }} lunches.", terminal: true}
"""
DONE = {"book": ActionOutcome(outcome="done")}
BOOKED = ("a course please", "12", "basic", "yes")


def course(*renamed: tuple[str, str]) -> FlowDef:
    """The flow as an author has edited it."""
    page = PAGE
    for old, new in renamed:
        assert old in page
        page = page.replace(old, new)
    return flow(page)


def deployed(edited: FlowDef, *said: str) -> Talk:
    """A talk up to these words, under whose run another version was deployed; the first is kept nowhere."""
    before, after = Talk(course(), answers=DONE), Talk(edited, answers=DONE)
    for text in said:
        before.say(text)
    after.stored, after.now, after._number = before.stored, before.now, 100
    return after


def booked(talk: Talk) -> int:
    """How often it was booked since the new version was deployed."""
    return len([one for one in talk.world.actions.asked if one.action == "book"])


def test_R58_the_message_that_finds_another_version_is_still_an_answer() -> None:
    talk = deployed(course(("How many seats", "Seats")), "a course please")
    assert "Which level?" in talk.say("12"), "a bare number is the answer to what was asked"
    assert talk.value("seats") == 12


def test_R58_an_option_that_is_offered_no_more_is_not_taken() -> None:
    talk = deployed(course(("basic: [], ", "")), *BOOKED[:2])
    talk.say("1")
    assert talk.value("level") is None


def test_R58_an_edited_sentence_takes_no_yes_back() -> None:
    talk = deployed(course(("seats, {{ level }}?", "seats at {{ level }}. Right?")), *BOOKED[:3])
    assert "How many lunches?" in talk.say("yes")
    assert booked(talk) == 1


def test_R58_a_yes_is_no_yes_to_what_it_was_not_shown() -> None:
    talk = deployed(course(("{{ seats }} seats, {{ level }}?", "{{ level }}?")), *BOOKED[:3])
    assert "basic?" in talk.say("yes")
    assert booked(talk) == 0


def test_W10_a_question_that_was_added_in_front_of_all_is_asked() -> None:
    added = ("states:\n", 'states:\n  ask_lunch_first: {prompt: "Lunches?", slot: lunch, next: ask_seats}\n')
    talk = deployed(course(added), "a course please")
    assert "Lunches?" in talk.say("12")
    assert talk.value("seats") == 12


def test_R58_what_was_done_is_not_done_again_where_the_next_question_has_another_name() -> None:
    talk = deployed(course(("ask_lunch", "ask_meals")), *BOOKED)
    assert "12 seats, 3 lunches." in talk.say("3")
    assert booked(talk) == 0


def test_R58_a_run_ends_where_no_state_is_known_behind_what_was_done() -> None:
    again = (("ask_lunch", "meals"), ("book: {action", "do: {action"), ("yes: book", "yes: do"), ("confirm:", "sure:"))
    talk = deployed(course(*again, ("next: confirm", "next: sure")), *BOOKED)
    assert "no longer" in talk.say("3")
    assert talk.conversation.stack == ()
    assert booked(talk) == 0


def test_R58_an_answer_does_not_fall_asleep_with_the_name_of_its_question() -> None:
    talk = deployed(course(("ask_seats", "ask_places")), *BOOKED)
    assert "12 seats, 3 lunches." in talk.say("3")


def test_R39_it_is_too_late_to_change_what_a_state_that_is_gone_has_used() -> None:
    renamed = (("book: {action", "do: {action"), ("yes: book", "yes: do"))
    talk = deployed(course(*renamed), *BOOKED)
    assert "done" in talk.say("sorry, I meant 40 seats")
    assert talk.value("seats") == 12


def test_W9_a_result_is_the_results_of_the_state_that_calls_the_same_now() -> None:
    renamed = Compiled(course(("book: {action", "do: {action"), ("yes: book", "yes: do")))
    waiting = Waiting(key="k", run="r", state="book", action="book")
    assert still_awaited(waiting, renamed).state == "do"
    assert still_awaited(waiting, Compiled(course())).state == "book"


def test_R58_what_a_migration_renames_keeps_its_place_and_its_keys() -> None:
    page = PAGE.replace("book: {action", "do: {action").replace("yes: book", "yes: do")
    told = Compiled(flow(page.replace("slots:\n", "migrations: {states: {book: do}}\nslots:\n", 1)))
    run = Frame(run="r", flow="course", version="old", start="ask_lunch", trail=("book",), visits={"book": 1})
    there = moved(run, told)
    assert there is not None
    assert (there.start, there.trail, there.visits) == ("ask_lunch", ("do",), {"do": 1})


def test_R58_two_tasks_that_are_both_withdrawn_end_and_nothing_raises() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    talk.say("I want a refund")
    talk.say("sign up")
    talk.world = replace(talk.world, book=Book([PIZZA]))
    said = talk.say("ORD-12345")
    assert said.count("Nothing was done") == 2
    assert talk.conversation.stack == ()
    assert [run.flow for run in talk.turns[-1].notes.archived] == ["signup", "refund"]


def test_R58_a_question_with_a_new_name_is_no_way_back_before_what_was_done() -> None:
    asked_under_another_name = ("ask_seats", "ask_places")
    talk = deployed(course(asked_under_another_name), *BOOKED)
    talk.say("what time is it?")
    lost = course(asked_under_another_name, ("ask_lunch", "ask_meals"))
    talk.world = replace(talk.world, book=Book([lost]))
    for text in ("what time is it?", "yes", "yes", "3"):
        talk.say(text)
    assert booked(talk) == 0
