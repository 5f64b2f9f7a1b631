"""Proofs of the rules about what is told from the desk's own texts (S33, S34)."""

from __future__ import annotations

from engine.ports import Quote
from tests.engine.proofs.register import proof, refund
from tests.engine.talk import Talk, flow

FAQ = flow("""
frontdesk: 1
flow: faq
title: Ask about returns
triggers: [a question]
slots:
  bought: {type: enum, label: bought, optional: true, values: {online: [], in_store: [in the store]}}
  question: {type: text, takes: question, label: question}
  follow_up: {type: text, takes: question, label: follow-up, optional: true}
actions:
  look_up: {knowledge: "{{ follow_up or question }}", save: {answer: text, heading: source}}
states:
  where: {prompt: "Where was it bought?", slot: bought, next: topic}
  topic: {prompt: "What is it?", slot: question, next: answer}
  answer: {action: look_up, branches: {found: told, nothing: untold}}
  told: {prompt: "{{ answer }}", next: more}
  untold: {prompt: "Nobody wrote that down.", next: more}
  more: {prompt: "Anything else?", slot: follow_up, loop: true, branches: {none: done, else: answer}}
  done: {prompt: "Goodbye!", terminal: true}
""")
PERIOD = Quote(text="You have 30 days. Keep the box.", source="Period", place="returns.md:2")
LONGER = Quote(text="You have 60 days.", source="Longer", place="more.md:2")
ONLINE = Quote(text="Online you have 14 days.", source="Online orders", place="returns.md:9")


class Texts:
    """Knowledge by a word of the question."""

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """What stands under the first word that the question has."""
        found = {"weeks": (PERIOD, LONGER), "online": (ONLINE,), "days": (PERIOD,)}
        return next((quotes for word, quotes in found.items() if word in question), ())


def asking(without: tuple[str, ...] = ()) -> Talk:
    """A talk that stands before its first question."""
    talk = Talk(FAQ, without=without, people=True, knowledge=Texts())
    talk.say("a question")
    talk.say("skip")
    return talk


@proof("S33")
def a_topic_that_is_asked_again_is_told_shorter(without: tuple[str, ...]) -> None:
    talk = asking(without)
    assert "Keep the box" in talk.say("how many days are there?")
    said = talk.say("how many days are there?")
    assert "As I said: You have 30 days. (Source: Period)" in said
    assert "Keep the box" not in said


@proof("S34")
def two_answers_that_disagree_are_both_named_and_a_person_is_offered(without: tuple[str, ...]) -> None:
    said = asking(without).say("how many weeks are there?")
    assert "(Source: Period)" in said
    assert "(Source: Longer)" in said
    assert "talk to a person" in said


@proof("R41.said")
def what_was_told_is_told_back_and_is_no_new_value(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("I want a refund for ORD-12345")
    said = talk.say("what was the order number I gave you?")
    assert "The order number was: ORD-12345." in said
    assert "Is that the one?" in said
