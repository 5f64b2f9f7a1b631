"""Where a task is meant to end: what is asked at its limit, and what each answer leads to (S29, S30, S32)."""

from __future__ import annotations

import msgspec
import pytest

from tests.engine.flows_for_endings import BAKED, ORDER, STUDY, SURVEY, worked
from tests.engine.proofs.ending import survey, trip
from tests.engine.talk import Talk

STRICT_ORDER = msgspec.structs.replace(ORDER, max_turns=3)
BOUNDED_STUDY = msgspec.structs.replace(STUDY, max_turns=3, goal="{{ subject }}, looked into")


def at_the_limit(*said: str) -> Talk:
    """An order whose limit is reached at its confirmation, which nobody has seen yet."""
    talk = Talk(STRICT_ORDER, answers={"bake": BAKED})
    for text in ("pizza", "repeat that", "hot", *said):
        talk.say(text)
    return talk


def test_S32_a_yes_to_the_end_confirms_nothing_that_stands_behind_it() -> None:
    talk = at_the_limit()
    assert talk.options == ["finish now", "go on"]
    assert "Stopped order a pizza. Nothing was done." in talk.say("yes")
    assert talk.world.actions.asked == []


def test_S32_a_no_to_the_end_is_no_answer_either() -> None:
    talk = at_the_limit()
    assert "One hot pizza. Shall I order it?" in talk.say("no")
    assert talk.value("kind") == "hot"
    talk.say("yes")
    assert len(talk.world.actions.asked) == 1


def test_S32_finishing_at_an_optional_question_reaches_the_flows_own_end() -> None:
    talk = survey((), "I am 40", "repeat that", "york")
    assert talk.options == ["finish now", "go on"]
    assert "Thank you, it is filled." in talk.say("finish now")
    ended = talk.conversation.ended
    assert ended is not None
    assert ended.reason == "done"


def test_S32_who_answers_the_task_instead_goes_on() -> None:
    talk = survey((), "I am 40", "repeat that", "repeat that")
    assert talk.say("leeds") == "Anything else?"
    assert talk.value("town") == "leeds"
    assert talk.conversation.pending is None


def test_S32_what_answers_neither_is_asked_once_more() -> None:
    talk = survey((), "I am 40", "repeat that", "repeat that")
    assert "Shall we finish here?" in talk.say("who won the match?")
    assert "Shall we finish here?" not in talk.say("who won the match?")


def test_S32_a_control_word_with_a_no_is_obeyed() -> None:
    talk = at_the_limit()
    assert "Which one?" in talk.say("no, go back to the kind")


def test_S32_it_is_asked_at_most_twice() -> None:
    talk = survey((), "repeat that", "repeat that", "repeat that", "go on", "repeat that", "repeat that", "no")
    assert all("Shall we finish here?" not in talk.say("repeat that") for _ in range(8))


def test_S32_the_best_result_so_far_is_what_the_agents_wrote() -> None:
    talk = Talk(BOUNDED_STUDY, answers={"plan": worked("All about tea.")})
    assert "This takes about one step." in talk.say("look into something")
    talk.say("tea")
    said = talk.say("repeat that")
    assert "All about tea. writing" in said
    assert "So far" not in said


def test_S32_nothing_is_said_of_an_end_that_nobody_set() -> None:
    talk = trip(())
    said = [talk.say("repeat that") for _ in range(60)]
    assert not any("finish here" in one for one in said)


def test_S29_a_task_that_was_called_or_lifted_names_its_goal_once() -> None:
    talk = trip(())
    talk.say("repeat that")
    assert sum("This is for" in reply.text for reply in talk.replies) == 1


@pytest.mark.parametrize("said", ["what's the time?", "help", "repeat that"])
def test_S29_whatever_settles_nothing_counts(said: str) -> None:
    talk = trip(())
    replies = [talk.say(said) for _ in range(3)]
    assert "Coming back to a plan for your trip" in replies[-1]


def test_S29_an_answer_in_a_loop_is_progress() -> None:
    talk = Talk(msgspec.structs.replace(STUDY, goal="an answer"), answers={"plan": worked("Well.")})
    for text in ("look into something", "tea", "again", "again", "again"):
        said = talk.say(text)
    assert "Coming back" not in said
    assert talk.top.adrift == 0


def test_S30_nothing_of_it_is_stored_where_nothing_is_counted() -> None:
    talk = Talk(SURVEY)
    talk.say("the survey")
    assert not any(field in talk.stored for field in (b"adrift", b"bounds", b"recap_offered", b"context"))
