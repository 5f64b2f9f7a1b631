"""What is remembered of a person, and how it comes back: proposed, announced, never decided (S11-S14, S8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.desk import DeskDef
from engine.frame import Source
from engine.memory import NOTHING, RUNS_KEPT, DoneRun, Learned, current, learn, person_key
from tests.engine.flows_for_memory import ALL, TABLE, WEATHER, as_always, guest, was_here
from tests.engine.flows_for_tests import REFUND
from tests.engine.talk import ANN, START, Talk


def booked(talk: Talk) -> Talk:
    """A run that was done."""
    for text in ("book a table", "Ann Field", "soup", "4", "terrace", "V-77", "4711", "yes"):
        talk.say(text)
    assert talk.conversation.stack == ()
    return talk


def test_S11_a_done_run_is_kept_with_where_it_came_from() -> None:
    talk = booked(guest())
    memory = talk.world.memories.known[person_key(ANN)]
    (run,) = memory.runs
    assert (run.flow, run.channel, run.acted) == ("table", "web", True)
    assert run.values == ALL | {"voucher": "V-77"}, "neither what is sensitive nor what only its question fills"
    name = memory.values["name"]
    assert (name.value, name.flow, name.run, name.turn, name.channel) == ("Ann Field", "table", run.run, 2, "web")
    assert sorted(memory.values) == ["dish", "guests", "name", "voucher"], "only `remember` slots"
    assert talk.conversation.acquainted


def test_S11_what_was_given_up_is_not_remembered() -> None:
    talk = guest()
    talk.say("book a table")
    talk.say("Ann Field")
    talk.say("never mind")
    assert talk.world.memories.known == {}
    assert not talk.conversation.acquainted


def test_S11_a_dormant_value_is_not_remembered() -> None:
    talk = guest()
    for text in ("I want a refund", "ORD-12345, it arrived broken", "yes", "skip"):
        talk.say(text)
    (run,) = talk.world.memories.known[person_key(ANN)].runs
    assert run.values == {"order_number": "ORD-12345", "reason": "defective"}


def test_S11_memory_is_dropped_after_its_time() -> None:
    talk = guest()
    was_here(talk, ALL, days=366)
    assert "What is your name?" in talk.say("book a table")
    assert talk.world.memories.known[person_key(ANN)] == NOTHING


def test_S11_learning_a_run_twice_changes_nothing_and_only_the_newest_are_kept() -> None:
    def run(number: int) -> Learned:
        at = START + timedelta(days=number)
        done = DoneRun(run=f"r{number}", flow="table", at=at, until=at + timedelta(days=365))
        return Learned(id=done.run, person="ann", run=done)

    memory = NOTHING
    for number in (3, 1, 2, 3, *range(4, 20)):
        memory = learn(memory, run(number), now=START)
    assert [one.run for one in memory.runs] == [f"r{number}" for number in range(20 - RUNS_KEPT, 20)]
    assert learn(memory, run(19), now=START) == memory
    assert current(memory, now=START + timedelta(days=4000)) == NOTHING


def test_S12_what_the_message_says_goes_before_memory() -> None:
    talk = guest()
    was_here(talk, ALL)
    said = talk.say("book a table for 6 guests")
    assert "name: Ann Field, dish: soup, as last time?" in said
    assert talk.value("guests") == 6


def test_S12_an_old_value_names_its_date() -> None:
    talk = guest()
    was_here(talk, {"name": "Ann Field"}, days=100)
    assert "name: Ann Field (22 November 2025), as last time?" in talk.say("book a table")


def test_S12_a_once_value_that_was_used_up_is_not_offered() -> None:
    talk = guest()
    was_here(talk, {"voucher": "V-1"})
    was_here(talk, {"voucher": "V-1"}, days=1, acted=False)
    talk.say("book a table")
    assert "voucher" not in talk.top.slots
    other = guest()
    was_here(other, {"voucher": "V-2"}, acted=False)
    other.say("book a table")
    assert other.top.slots["voucher"].state == "offered"


def test_S12_a_value_that_its_slot_refuses_now_is_not_offered() -> None:
    talk = guest()
    was_here(talk, {"guests": 40})
    talk.say("book a table")
    assert "guests" not in talk.top.slots


def test_S12_a_yes_with_a_change_settles_and_changes() -> None:
    talk = guest()
    was_here(talk, ALL)
    talk.say("book a table")
    said = talk.say("yes, but 6 guests")
    assert "Where would you like to sit?" in said
    assert [talk.value(slot) for slot in ("name", "dish", "guests")] == ["Ann Field", "soup", 6]


def test_S12_a_no_with_another_value_replaces_that_one() -> None:
    talk = guest()
    was_here(talk, {"dish": "soup"})
    talk.say("book a table")
    assert "dish: soup, as last time?" in talk.say("Ann Field")
    assert "How many guests?" in talk.say("no, stew")
    assert talk.value("dish") == "stew"


def test_S12_an_offer_that_is_passed_over_twice_is_asked_normally() -> None:
    talk = guest()
    was_here(talk, {"name": "Ann Field"})
    assert "as last time?" in talk.say("book a table")
    assert "as last time?" in talk.say("what time is it?")
    assert "What is your name?" in talk.say("what time is it?")
    assert talk.top.asked == {"name": 1}


def test_S12_a_run_that_is_under_way_looks_nothing_up() -> None:
    talk = guest()
    was_here(talk, ALL)
    talk.say("book a table")
    assert talk.world.memories.recalled == 1
    for text in ("yes", "terrace", "skip", "skip", "yes"):
        talk.say(text)
    assert talk.world.memories.recalled == 1


def test_S12_an_interruption_leaves_the_offer_open() -> None:
    talk = guest()
    was_here(talk, ALL)
    talk.say("book a table")
    talk.say("first the weather report please")
    assert talk.top.flow == "weather"
    talk.say("north")
    assert "as last time?" in talk.say("today")


def test_S13_without_a_last_time_it_says_so() -> None:
    said = guest().say("same as last time")
    assert "I know of no last time yet." in said
    assert "Book a table" in said


def test_S13_a_task_without_a_last_time_begins_as_for_anybody() -> None:
    talk = guest()
    was_here(talk, ALL)
    said = talk.say("weather report, same as last time")
    assert "I know of no last time yet." in said
    assert "Which town?" in said


def test_S13_used_up_values_are_asked() -> None:
    talk = guest()
    was_here(talk, ALL | {"voucher": "V-1"})
    assert "V-1" not in talk.say("same as last time")
    assert "Any voucher?" in talk.say("yes")


def test_S13_what_the_request_says_goes_before_the_last_time() -> None:
    talk = guest()
    was_here(talk, ALL)
    talk.say("book a table for 7 guests, same as last time")
    talk.say("yes")
    assert talk.value("guests") == 7


def test_S14_a_habit_is_announced_once_and_its_confirmation_is_of_it_too() -> None:
    talk = guest()
    as_always(talk, name="Ann Field", guests=4)
    for text in ("book a table", "no", "stew", "skip"):
        talk.say(text)
    assert "as usual" in talk.say("skip")
    said = talk.say("inside please")
    assert "as usual" not in said
    assert "Shall I book it?" in said, "a confirmation of the terrace is none of the inside (R38)"
    assert talk.value("agreed") is None
    talk.say("yes")
    assert talk.world.actions.asked[-1].values["place"] == "inside"


def test_S14_a_yes_after_the_announcement_acts_on_it() -> None:
    talk = guest()
    as_always(talk, name="Ann Field", guests=4)
    for text in ("book a table", "no", "stew", "skip", "skip"):
        talk.say(text)
    assert "booked" in talk.say("yes")
    assert talk.world.actions.asked[-1].values["place"] == "terrace"


def test_S14_without_a_confirmation_it_is_said_where_the_state_is_passed() -> None:
    talk = guest()
    for days in (3, 2, 1):
        was_here(talk, {"town": "north"}, days=days, of=WEATHER)
    said = talk.say("weather report")
    assert "town: north, as usual. Tell me if that is different." in said
    assert "Which day?" in said


def test_S14_one_different_run_ends_the_habit() -> None:
    talk = guest()
    as_always(talk)
    was_here(talk, {"place": "inside"}, days=1)
    talk.say("book a table")
    assert "place" not in talk.top.slots


@pytest.mark.parametrize(("after", "usual"), [(0, False), (3, True), (4, False)])
def test_S14_how_many_runs_it_takes_is_the_desks(after: int, usual: bool) -> None:
    talk = guest(desk=DeskDef(fast_track_after=after))
    as_always(talk)
    talk.say("book a table")
    assert ("place" in talk.top.slots) is usual


def test_S8_a_yes_that_comes_too_late_may_start_anew() -> None:
    talk = Talk(TABLE, REFUND)
    for text in ("book a table", "Ann Field", "soup"):
        talk.say(text)
    talk.wait(hours=2)
    talk.say("hello")
    talk.wait(hours=2)
    said = talk.say("yes")
    assert "I closed book a table." in said
    assert "Shall we start book a table anew?" in said
    assert "name: Ann Field, dish: soup, as last time?" in talk.say("yes")
    assert "How many guests?" in talk.say("yes")


def test_S11_what_was_said_is_found_in_the_last_run_and_then_in_memory() -> None:
    talk = guest()
    was_here(talk, {"dish": "soup"})
    assert "The dish was: soup." in talk.say("what was the last dish I asked about?")
    assert talk.conversation.stack == ()
    booked(talk)
    assert "The guests was: 4." in talk.say("how many guests did I say?")
    assert "4711" not in talk.say("what was my pin again?"), "what is sensitive is never echoed"


@pytest.mark.parametrize("text", ["what dishes do you have?", "I said soup", "which place is best?"])
def test_S11_other_sentences_ask_for_nothing_back(text: str) -> None:
    talk = guest()
    was_here(talk, {"dish": "soup"})
    assert "soup." not in talk.say(text)


TEXTS = (
    "book a table", "weather report", "yes", "no", "skip", "never mind", "help", "terrace", "north", "today",
    "6 guests", "Bob Marsh", "stew", "what time is it?", "same as last time", "back", "start over", "no, stew",
    "maybe", "V-9",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12))
def test_S12_memory_never_settles_a_slot_unasked(texts: list[str]) -> None:
    talk = guest()
    was_here(talk, ALL | {"voucher": "V-1"}, days=2)
    was_here(talk, {"town": "north", "day": "today"}, days=1, of=WEATHER)
    offered = False
    for text in texts:
        before = {run.run: run.slots for run in talk.conversation.stack}
        talk.say(text)
        for run in talk.conversation.stack:
            new = [s for n, s in run.slots.items() if s.source is Source.MEMORY and s.settled]
            old = [s for n, s in before.get(run.run, {}).items() if s.source is Source.MEMORY and s.settled]
            assert offered or len(new) <= len(old), f"{text!r} settled what nobody had been asked"
        pending = talk.conversation.pending
        offered = pending is not None and pending.kind == "memory"
    assert all(one.values.get("voucher") != "V-1" for one in talk.world.actions.asked)
