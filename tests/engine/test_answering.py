"""Questions to the desk's own texts as a flow's action: the situation, rounds, what is kept (S33, S34, W3)."""

from __future__ import annotations

import pytest

from engine.flowfile import read_flow
from engine.lints import check_flow
from tests.engine.proofs.telling import FAQ, Texts, asking
from tests.engine.talk import Talk


def test_S33_a_changed_situation_is_another_answer_and_not_one_already_given() -> None:
    talk = asking()
    assert "30 days" in talk.say("how many days are there?")
    assert "bought" in talk.say("sorry, bought online")
    said = talk.say("how many days are there?")
    assert "Online you have 14 days" in said
    assert "As I said" not in said
    assert [one.topic for one in talk.conversation.discussed] == ["Period", "Online orders"]


def test_S33_the_same_question_in_another_situation_is_told_in_full() -> None:
    talk = Talk(FAQ, people=True, knowledge=Texts())
    talk.say("a question")
    talk.say("in the store")
    assert "Keep the box" in talk.say("how many days are there?")
    talk.say("sorry, bought online")
    talk.say("sorry, bought in the store")
    assert "As I said" in talk.say("how many days are there?")


def test_R13_the_question_that_begins_the_run_is_its_question() -> None:
    talk = Talk(FAQ, people=True, knowledge=Texts())
    talk.say("a question: how many days are there?")
    assert "You have 30 days" in talk.say("skip")


def test_W3_a_round_answers_and_asks_again_and_forgets_nothing() -> None:
    talk = asking()
    for _ in range(3):
        talk.say("how many days are there?")
        assert talk.say("what is the colour of it?").startswith("Nobody wrote that down.")
    assert talk.value("question") == "how many days are there?"
    assert len(talk.conversation.discussed) == 1


@pytest.mark.parametrize("said", ["no", "no thanks", "that's all", "nothing", "skip"])
def test_R17_who_asks_no_more_ends_the_round(said: str) -> None:
    talk = asking()
    talk.say("how many days are there?")
    assert "Goodbye!" in talk.say(said)
    assert not talk.conversation.stack


def test_nothing_is_kept_of_a_talk_that_discussed_nothing() -> None:
    talk = Talk(FAQ, people=True, knowledge=Texts())
    talk.say("a question")
    assert b"discussed" not in talk.stored


@pytest.mark.parametrize("key", ["outcomes: [found]", "timeout: 2s", "irreversible: true"])
def test_what_a_question_comes_to_is_not_the_authors_to_say(key: str) -> None:
    text = (
        "frontdesk: 1\nflow: f\ntriggers: [f]\nslots: {q: {type: text}}\n"
        f"actions: {{look: {{knowledge: '{{{{ q }}}}', {key}}}}}\n"
        "states:\n  a: {prompt: A?, slot: q, next: b}\n  b: {action: look, next: c}\n  c: {prompt: C, terminal: true}\n"
    )
    (problem,) = [one for one in read_flow(text, "f.yaml").problems if one.lint == "misplaced-key"]
    assert "a knowledge action has no" in problem.what


def test_the_texts_that_a_question_reads_are_checked_as_all_others() -> None:
    text = (
        "frontdesk: 1\nflow: f\ntriggers: [f]\nslots: {q: {type: text}}\n"
        "actions: {look: {knowledge: '{{ p }}'}}\n"
        "states:\n  a: {prompt: A?, slot: q, next: b}\n  b: {action: look, next: c}\n  c: {prompt: C, terminal: true}\n"
    )
    (problem,) = [one for one in check_flow(read_flow(text, "f.yaml")) if one.lint == "unknown-name"]
    assert problem.key == "actions.look.knowledge"
