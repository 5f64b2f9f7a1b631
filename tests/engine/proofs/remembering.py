"""Proofs of rules I: what is remembered is offered, what is usual is announced, and the customer decides."""

from __future__ import annotations

from engine.frame import Source
from tests.engine.flows_for_memory import ALL, WEATHER, as_always, guest, was_here
from tests.engine.proofs.register import proof


@proof("S12.known")
def a_remembered_value_waits_for_its_question(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    talk.say("book a table")
    assert talk.top.slots["dish"].state == "offered"
    assert talk.value("dish") is None


@proof("S12")
def consecutive_values_are_offered_in_one_question(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    said = talk.say("book a table")
    assert "name: Ann Field, dish: soup, guests: 4, as last time?" in said
    assert "What is your name?" not in said
    assert talk.options == ["yes", "no"]


@proof("S12.yes")
def yes_settles_what_was_offered(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    talk.say("book a table")
    assert "Where would you like to sit?" in talk.say("yes")
    held = talk.top.slots["guests"]
    assert (held.value, held.source, held.state) == (4, Source.MEMORY, "filled")


@proof("S12.no")
def no_asks_normally(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    talk.say("book a table")
    assert "What is your name?" in talk.say("no")
    assert "What will you eat?" in talk.say("Bob Marsh")


@proof("S12.value")
def a_different_value_replaces_one_and_accepts_the_rest(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    talk.say("book a table")
    assert "Where would you like to sit?" in talk.say("6 guests")
    assert [talk.value(slot) for slot in ("name", "dish", "guests")] == ["Ann Field", "soup", 6]


@proof("S13")
def the_last_run_is_proposed(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    said = talk.say("book a table, same as last time")
    assert "Last time: Book a table, name: Ann Field, dish: soup, guests: 4, place: terrace. The same again?" in said
    assert talk.conversation.stack == ()


@proof("S13.yes")
def yes_settles_the_last_run_and_still_asks_the_confirmation(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    talk.say("same as last time")
    assert "Any voucher?" in talk.say("yes")
    assert "pin" in talk.say("skip")
    assert "Shall I book it?" in talk.say("skip")
    assert not talk.world.actions.asked


@proof("S13.no")
def no_begins_the_named_task_without_proposals(without: tuple[str, ...]) -> None:
    talk = guest(without)
    was_here(talk, ALL)
    talk.say("a table, same as last time")
    assert "What is your name?" in talk.say("no")
    assert talk.top.slots == {}


@proof("S14")
def three_equal_runs_are_a_habit(without: tuple[str, ...]) -> None:
    talk = guest(without)
    for days in (3, 2, 1):
        was_here(talk, {"town": "north"}, days=days, of=WEATHER)
    said = talk.say("weather report")
    assert "Which day?" in said
    assert talk.top.slots["town"].source is Source.HABIT


@proof("S14.said")
def a_habit_is_announced_with_the_confirmation(without: tuple[str, ...]) -> None:
    talk = guest(without)
    as_always(talk, name="Ann Field", guests=4)
    talk.say("book a table")
    talk.say("no")
    talk.say("stew")
    talk.say("skip")
    said = talk.say("skip")
    assert "place: terrace, as usual. Tell me if that is different." in said
    assert "Shall I book it?" in said


@proof("S14.guard")
def nothing_is_done_with_a_habit_that_was_not_announced(without: tuple[str, ...]) -> None:
    talk = guest((*without, "S14.said"))
    as_always(talk, name="Ann Field", guests=4)
    for text in ("book a table", "no", "stew", "skip", "skip"):
        talk.say(text)
    talk.say("yes")
    assert not [one for one in talk.world.actions.asked if one.action == "reserve"]
