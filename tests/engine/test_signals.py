"""S40: each signal is measured in the turn and noted with it. S27: every turn of the customer has one topic."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.course import MOST_TOPICS, OTHER, named, topic_of_heading
from engine.desk import DeskDef
from engine.ports import ERROR, ActionOutcome, Knowledge, Quote
from engine.readers.mood import read_mood
from engine.signals import Signals
from tests.engine.flows_for_tests import FOUND, REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk, flow
from tests.engine.test_people import people

LOOPS = flow("""
frontdesk: 1
flow: chat
title: Have a chat
triggers: [have a chat]
slots:
  word: {type: enum, values: {tea: [], coffee: []}, optional: true}
states:
  more: {prompt: "Tea or coffee?", slot: word, loop: true, next: more}
""")


class Prices:
    """Knows what things cost, under the headings Plans and Pricing."""

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        return (Quote(text="12 dollars.", source="Plans, Pricing", place="p.md:3"),) if "cost" in question else ()


def signals(talk: Talk) -> Signals:
    """Those of the customer's newest turn."""
    return [turn.notes.signals for turn in talk.turns if turn.notes.signals is not None][-1]


def after(talk: Talk, *texts: str) -> Signals:
    for text in texts:
        talk.say(text)
    return signals(talk)


def shop(desk: DeskDef | None = None, knowledge: Knowledge | None = None) -> Talk:
    return Talk(REFUND, SIGNUP, answers=SHOP, desk=desk, knowledge=knowledge)


def test_S40_asked_for_a_person() -> None:
    assert after(people(), "I want to talk to a human").person
    assert not after(people(), "I want a refund").person


def test_S40_keywords_are_whole_words_that_are_not_denied() -> None:
    desk = DeskDef(escalation={"keyword": {"words": ["lawyer", "chargeback"]}})
    assert after(shop(desk=desk), "I will call my LAWYER, my lawyer!").keywords == ("lawyer",)
    assert after(shop(desk=desk), "lawyers").keywords == ()
    assert after(shop(desk=desk), "I don't need a lawyer").keywords == ()


def test_S40_a_flows_own_words_hold_while_it_is_active() -> None:
    desk = DeskDef(escalation={"keyword": {"words": ["lawyer"]}})
    own = replace(REFUND, escalation={"keyword": {"words": ["court"]}})
    talk = Talk(own, SIGNUP, answers=SHOP, desk=desk)
    assert after(talk, "a lawyer").keywords == ("lawyer",)
    assert after(talk, "I want a refund", "my lawyer says, go to court").keywords == ("court",)


def test_S40_competitors_are_named_by_the_name_they_were_listed_with() -> None:
    desk = DeskDef(escalation={"competitor": {"names": [{"name": "Globex", "aliases": ["Globex Corp", "GLBX"]}]}})
    talk = shop(desk=desk)
    assert after(talk, "is glbx cheaper, or Globex?").competitors == ("Globex",)
    assert after(talk, "globexes").competitors == ()


def test_S40_without_a_list_nothing_is_watched_for() -> None:
    talk = shop()
    assert talk.world.book.watched("refund") is None
    assert after(talk, "lawyer, Globex").keywords == ()


def test_S40_sentiment_is_that_of_the_turn_and_its_moving_average() -> None:
    talk = shop()
    first = after(talk, "this is absolutely terrible")
    assert first.sentiment == -1.0
    assert first.mood == -0.5
    second = after(talk, "I hate this awful service")
    assert second.mood == -0.75
    assert after(talk, "I want a refund").mood == pytest.approx(-0.38)


def test_S40_customer_turns_per_topic() -> None:
    talk = shop(knowledge=Prices())
    assert after(talk, "what does it cost?").topic_turns == 1
    assert after(talk, "and what does Business cost?").topic_turns == 2
    assert after(talk, "I want a refund").topic_turns == 1
    last = after(talk, "what does a refund cost?")
    assert (last.topic_turns, last.on_topic) == (3, 1)


def test_S40_tries_are_those_of_the_open_question() -> None:
    talk = shop()
    assert after(talk, "I want a refund", "12").tries == 1
    assert after(talk, "13").tries == 2
    assert after(talk, "ORD-12345").tries == 0


def test_S40_clarifications_without_result() -> None:
    assert after(shop(), "I want a refund", "ORD-12345", "maybe").clarifications == 1
    assert after(shop(), "qwerty", "asdf").clarifications == 2, "also without a run"


def test_S40_turns_in_a_row_beside_the_point() -> None:
    talk = shop(knowledge=Prices())
    assert after(talk, "I want a refund", "what time is it?").off_topic == 1
    assert after(talk, "what does it cost?").off_topic == 2
    assert after(talk, "ORD-12345").off_topic == 0


def test_S40_same_state_turns_settled_nothing_and_answered_nothing() -> None:
    talk = shop(knowledge=Prices())
    assert after(talk, "I want a refund", "12", "hm").still == 2
    talk.send("photo")
    assert signals(talk).still == 2, "unreadable input never counts"
    assert after(talk, "do you like cheese?").still == 3, "we cannot help with that: no answer"
    assert after(talk, "what does it cost?").still == 0, "answered"
    assert after(talk, "hm", "ORD-12345").still == 0, "settled, and another state"


def test_S40_a_loop_state_never_counts_as_the_same() -> None:
    assert after(Talk(LOOPS), "have a chat", "hm", "well").still == 0


def test_S40_failures_of_an_action_in_a_row() -> None:
    failed = ActionOutcome(outcome=ERROR)
    talk = Talk(REFUND, SIGNUP, answers={"lookup": (failed, failed, FOUND)})
    assert after(talk, "I want a refund", "ORD-12345").failures == 1
    assert after(talk, "try again").failures == 2
    assert after(talk, "try again").failures == 0


def test_S40_complexity_is_what_the_rule_says_it_is() -> None:
    talk = shop(knowledge=Prices())
    assert after(talk, "I want a refund").complexity == 1, "one open run"
    assert after(talk, "12").complexity == 2, "a failed try"
    assert after(talk, "ORD-12345").complexity == 2
    assert after(talk, "sorry, ORD-24680").complexity == 3, "a correction"
    assert after(talk, "what does it cost?").complexity == 4, "a question; it is the second topic"
    assert after(talk, "I want to sign up").complexity == 6, "another open run, and a third topic"
    assert after(talk, "never mind").complexity == 5
    assert after(talk, "never mind").complexity == 4, "what runs counted outlasts them"


def test_S40_a_turn_that_no_customer_began_measures_nothing() -> None:
    talk = shop()
    after(talk, "I want a refund", "ORD-12345", "yes", "broken", "none")
    assert talk.turns[-1].notes.archived, "the turn of the result"
    assert talk.turns[-1].notes.signals is None
    assert talk.conversation.course.turns == 5


def test_S40_texts_that_waited_are_one_turn_with_all_their_signals() -> None:
    talk = shop(desk=DeskDef(escalation={"keyword": {"words": ["lawyer", "court"]}}))
    talk.say("this is terrible", "my lawyer knows", "see you in court?")
    assert signals(talk).keywords == ("lawyer", "court")
    assert signals(talk).sentiment == -0.7
    assert talk.conversation.course.turns == 1
    assert talk.conversation.course.questions == 1


def test_S27_a_turn_is_about_a_heading_a_flow_or_neither() -> None:
    talk = shop(knowledge=Prices())
    for text, topic in (
        ("qwerty", OTHER),
        ("what does it cost?", "pricing"),
        ("I want a refund", "refund"),
        ("I want to sign up", "signup"),
        ("never mind", "signup"),
        ("ORD-12345", "refund"),
    ):
        talk.say(text)
        assert talk.turns[-1].notes.topic == topic, text
    assert talk.conversation.course.topics == {OTHER: 1, "pricing": 1, "refund": 2, "signup": 2}


def test_S27_so_many_topics_have_names_and_the_rest_is_other() -> None:
    many = {f"t{number}": 1 for number in range(MOST_TOPICS)}
    assert named("t3", many) == "t3"
    assert named("one_more", many) == OTHER
    assert topic_of_heading("Plans, What it costs (2026)") == "what_it_costs_2026"


@pytest.mark.parametrize(
    ("text", "at_least", "at_most"),
    [
        ("this is absolutely terrible", -1.0, -0.7),
        ("I HATE THIS SERVICE", -1.0, -0.8),
        ("you are useless", -0.7, -0.6),
        ("I am very disappointed", -0.6, -0.5),
        ("my phone is broken", -0.2, -0.1),
        ("it is not good", -0.2, -0.1),
        ("ORD-12345", 0.0, 0.0),
        ("", 0.0, 0.0),
        ("yes", 0.0, 0.0),
        ("not bad", 0.05, 0.2),
        ("perfect, I love it", 1.0, 1.0),
        ("that was helpful", 0.3, 0.4),
    ],
)
def test_S40_the_mood_of_a_message(text: str, at_least: float, at_most: float) -> None:
    assert at_least <= read_mood(text) <= at_most
