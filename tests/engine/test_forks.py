"""Several versions of one run: what each keeps, how they are named, where none can be made (S31, W11)."""

from __future__ import annotations

import msgspec
import pytest

from engine.archive import missing
from engine.book import Book
from engine.flow import content_hash
from engine.readers.control import Control, read_control
from engine.readers.reading import Reading
from tests.engine.flows_for_endings import STUDY, worked
from tests.engine.proofs.ending import pizza
from tests.engine.proofs.register import at_the_confirmation
from tests.engine.talk import START, Talk

READING = Reading(now=START, timezone="UTC", locale="en", region="US", currency="USD")


def study(*said: str) -> Talk:
    """Something is looked into, up to these words; the agents say what they found in their first, second... round."""
    talk = Talk(STUDY, answers={"plan": [worked(f"round {number}") for number in (1, 2, 3, 4)]})
    for text in ("look into something", *said):
        talk.say(text)
    return talk


@pytest.mark.parametrize(
    ("text", "to", "rest"),
    [
        ("fork: what if we look at pricing instead?", "", "what if we look at pricing instead?"),
        ("Fork this, with the hills", "", "with the hills"),
        ("Go back to the focus and try pricing", "focus", "pricing"),
        ("ok, back to the place, and let's try the hills", "place", "the hills"),
    ],
)
def test_S31_a_wish_to_try_it_another_way_is_read(text: str, to: str, rest: str) -> None:
    read = read_control(text, READING)
    assert read is not None
    assert (read.control, read.fork, read.to, read.rest) == (Control.BACK, True, to, rest)


@pytest.mark.parametrize(
    "text",
    ["I lost my fork", "go back to the focus", "go back to the focus and try again", "which version is the first?"],
)
def test_S31_other_words_make_no_fork(text: str) -> None:
    read = read_control(text, READING)
    assert read is None or not read.fork


def test_S31_each_version_keeps_its_values_and_results() -> None:
    talk = study("tea")
    assert "round 2" in talk.say("fork: what if it is salt?")
    said = talk.say("back to the first version")
    assert "subject: tea" in said
    assert "Anything else about tea?" in said
    assert len(talk.world.actions.asked) == 2
    assert talk.top.facts["text"] == "round 1"
    assert "Anything else about salt?" in talk.say("back to the salt version")
    assert talk.top.facts["text"] == "round 2"


@pytest.mark.parametrize("name", ["first version", "original version", "other version", "tea version", "version one"])
def test_S31_a_version_has_several_names(name: str) -> None:
    talk = study("tea", "fork: what if it is salt?")
    assert "about tea?" in talk.say(f"back to the {name}")


def test_S31_there_are_at_most_three() -> None:
    talk = study("tea", "fork: what if it is salt?", "fork: what if it is rice?")
    assert talk.top.way == 2
    assert "There are 3 versions" in talk.say("fork: what if it is tea?")
    assert len(talk.top.ways) == 2


def test_S31_a_fork_reaches_behind_loop_rounds() -> None:
    talk = study("tea", "again")
    assert talk.top.trail
    assert "round 2" in talk.say("fork: what if it is salt?")


def test_S31_no_fork_goes_behind_an_effect() -> None:
    talk = pizza((), "hot", "yes")
    said = talk.say("fork: what if it is green?")
    assert "cannot be tried another way" in said
    assert talk.top.ways == ()
    assert len(talk.world.actions.asked) == 1


def test_S31_of_a_value_that_is_the_same_nothing_is_made() -> None:
    talk = study("tea")
    assert "Tell me which of your answers" in talk.say("fork: what if it is tea?")
    assert talk.top.ways == ()


def test_S31_ending_one_archives_the_others_as_superseded() -> None:
    talk = study("tea", "fork: what if it is salt?", "finish")
    archived = talk.turns[-1].notes.archived
    assert [(run.reason, run.values["subject"]) for run in archived] == [("superseded", "tea"), ("done", "salt")]
    assert {run.run for run in archived} == {archived[0].run}


def test_S31_no_key_of_a_call_is_used_twice_by_two_versions() -> None:
    talk = study("tea", "fork: what if it is salt?", "back to the first version", "I meant rice")
    keys = [request.key for request in talk.world.actions.asked]
    assert len(keys) == len(set(keys)) == 3
    assert talk.top.context["first"].version == 3


def test_S31_without_a_fork_nothing_is_stored_of_it() -> None:
    talk = study("tea")
    assert b"ways" not in talk.stored
    assert b'"way"' not in talk.stored


def test_W11_without_a_version_its_name_is_no_control_word() -> None:
    talk = study("tea")
    talk.say("back to the first version")
    assert "S31.swap" not in talk.rules
    assert talk.value("subject") == "tea"


def test_S31_other_versions_end_with_a_run_that_a_person_ends() -> None:
    talk = study("tea", "fork: what if it is salt?")
    after = msgspec.structs.replace(talk.conversation, stack=())
    over = missing(talk.conversation, after, talk.world.book, reason="handed_off", now=talk.now)
    assert [run.reason for run in over] == ["superseded", "handed_off"]


def test_R58_every_version_of_a_run_moves_to_the_deployed_flow() -> None:
    talk = study("tea", "fork: what if it is salt?")
    newer = msgspec.structs.replace(STUDY, title="Look into it well")
    talk.world.book = Book([newer])
    talk.say("repeat that")
    assert talk.top.version == talk.top.ways[0].version == content_hash(newer)
    assert "about tea?" in talk.say("back to the first version")


def test_R57_what_another_version_looked_up_is_looked_up_again_after_a_gap() -> None:
    talk = at_the_confirmation(())
    talk.say("go back to the order number and try ORD-24680")
    talk.wait(hours=2)
    for text in ("hello", "yes", "back to the first version"):
        talk.say(text)
    asked = [str(request.values["order_number"]) for request in talk.world.actions.asked]
    assert asked == ["ORD-12345", "ORD-24680", "ORD-24680", "ORD-12345"]
