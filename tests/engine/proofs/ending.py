"""Proofs of S29-S32 and S37: where a task leads, how it is tried another way, where it ends."""

from __future__ import annotations

from tests.engine.flows_for_endings import BAKED, ORDER, STUDY, SURVEY, TRIP, worked
from tests.engine.proofs.register import proof
from tests.engine.talk import Talk


def trip(without: tuple[str, ...]) -> Talk:
    """A trip that has begun."""
    talk = Talk(TRIP, without=without)
    talk.say("I want a trip")
    return talk


def survey(without: tuple[str, ...], *said: str, people: bool = False) -> Talk:
    """A survey up to these words."""
    talk = Talk(SURVEY, without=without, people=people)
    for text in ("the survey", *said):
        talk.say(text)
    return talk


def pizza(without: tuple[str, ...], *said: str) -> Talk:
    """A pizza up to these words."""
    talk = Talk(ORDER, answers={"bake": BAKED}, without=without)
    for text in ("pizza", *said):
        talk.say(text)
    return talk


@proof("S29")
def the_goal_is_named_when_it_begins(without: tuple[str, ...]) -> None:
    talk = Talk(TRIP, without=without)
    assert "This is for: a plan for your trip." in talk.say("I want a trip")
    assert "This is for" not in talk.say("to the coast")


@proof("S29.return")
def every_third_turn_that_settles_nothing_ends_with_the_goal(without: tuple[str, ...]) -> None:
    talk = trip(without)
    for _ in range(2):
        assert "Coming back" not in talk.say("who won the match?")
    assert "Coming back to a plan for your trip: Where to?" in talk.say("who won the match?")
    talk.say("who won the match?")
    talk.say("the coast")
    for _ in range(2):
        assert "Coming back" not in talk.say("who won the match?")
    assert "Coming back to a plan for your trip: How many nights?" in talk.say("who won the match?")


@proof("S30.offer")
def a_long_run_offers_its_recap_once(without: tuple[str, ...]) -> None:
    talk = trip(without)
    said = [talk.say("repeat that") for _ in range(14)]
    assert [place for place, one in enumerate(said, start=2) if "summarise so far" in one] == [11]


@proof("S31")
def a_fork_keeps_what_was_there(without: tuple[str, ...]) -> None:
    talk = pizza(without, "hot")
    said = talk.say("go back to the kind and try green")
    assert "second version" in said
    assert "One green pizza" in said
    assert talk.top.ways[0].slots["kind"].value == "hot"


@proof("S31.swap")
def the_first_version_is_taken_up_again(without: tuple[str, ...]) -> None:
    talk = pizza(without, "hot", "fork: what if it is green?")
    said = talk.say("back to the first version")
    assert "Back to the first version: kind: hot." in said
    assert "One hot pizza" in said
    assert [way.slots["kind"].value for way in talk.top.ways] == ["green"]


@proof("S31.act")
def only_one_version_acts(without: tuple[str, ...]) -> None:
    talk = pizza(without, "hot", "fork: what if it is green?", "yes")
    assert talk.top.ways == ()
    archived = [run.reason for turn in talk.turns for run in turn.notes.archived]
    assert archived == ["superseded"]


@proof("S32")
def the_end_is_defined_when_it_begins(without: tuple[str, ...]) -> None:
    talk = Talk(SURVEY, without=without)
    assert "In about 2 steps you will have a filled form." in talk.say("the survey")


@proof("S32.limit")
def at_its_limit_a_task_asks_whether_to_finish(without: tuple[str, ...]) -> None:
    talk = survey(without, "I am 40", "repeat that")
    said = talk.say("repeat that")
    assert "So far: age: 40." in said
    assert talk.options == ["finish now", "go on"]


@proof("S32.answer")
def going_on_is_offered_once(without: tuple[str, ...]) -> None:
    talk = survey(without, "I am 40", "repeat that", "repeat that", people=True)
    assert talk.options == ["finish now", "go on", "a person"]
    assert "Which town?" in talk.press("go on")
    for _ in range(2):
        talk.say("repeat that")
    assert talk.options == ["finish now", "a person"]
    talk.press("a person")
    assert talk.turns[-1].wanted is not None


@proof("S37")
def that_it_takes_a_moment_is_said_at_the_start(without: tuple[str, ...]) -> None:
    talk = Talk(STUDY, answers={"plan": worked("Well.")}, without=without)
    assert "takes a moment" in talk.say("look into something")
    assert "takes a moment" not in talk.say("tea")
