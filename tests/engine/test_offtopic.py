"""Questions beside the point: which source answers, what returns, what else of the message counts (S5, R41-R44)."""

from __future__ import annotations

import pytest

from engine.desk import DeskDef
from engine.ports import Quote
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk

HOURS = Quote(text="The shop is open from 9 to 5.", source="Shop", place="shop.md:2")
FEE = Quote(text="There is no fee.", source="Fees", place="fees.md:2")
OTHER_FEE = Quote(text="The fee is $3.", source="Costs", place="costs.md:2")


class Written:
    """Knowledge by a word of the question; keeps what it was asked."""

    def __init__(self, **quotes: tuple[Quote, ...]) -> None:
        self._quotes = quotes
        self.asked: list[tuple[str, str | None]] = []

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        self.asked.append((question, flow))
        return next((quotes for word, quotes in self._quotes.items() if word in question), ())


def talk(desk: DeskDef | None = None, *, people: bool = False, **quotes: tuple[Quote, ...]) -> Talk:
    """A talk about refunds at a desk that has these written down."""
    return Talk(REFUND, SIGNUP, answers=SHOP, desk=desk, people=people, knowledge=Written(**quotes))


def test_S5_the_clock_comes_before_the_desks_hours_before_what_is_written() -> None:
    told = talk(DeskDef(hours="Mon-Fri 09:00-17:00; Sat 10:00-14:00", timezone="Europe/Berlin"), open=(HOURS,))
    assert told.say("when are you open?") == "We are open Mon-Fri 09:00-17:00, Sat 10:00-14:00 (Europe/Berlin)."
    assert told.say("are you open now?").endswith("It is 4:15 PM.")
    assert told.turns[-1].notes.quoted == ()
    assert "Source: Shop" in talk(open=(HOURS,)).say("when are you open?")


@pytest.mark.parametrize("question", ["do you open a new account?", "is my case open?", "how long is it open?"])
def test_S5_not_every_open_means_opening_hours(question: str) -> None:
    assert "We are open" not in talk(DeskDef(hours="Mon-Fri 09:00-17:00")).say(question)


def test_S34_the_notes_name_file_and_line_of_what_answered() -> None:
    told = talk(fee=(FEE,))
    told.say("refund")
    told.say("is there a fee?")
    assert told.turns[-1].notes.quoted == ("fees.md:2",)


def test_R44_a_value_and_a_question_are_both_heard() -> None:
    told = talk(fee=(FEE,))
    told.say("refund")
    said = told.say("ORD-12345, and is there a fee?")
    assert said.index("There is no fee.") < said.index("Is that the one?")
    assert "Going back" not in said
    assert told.value("order_number") == "ORD-12345"


def test_R44_a_wrong_value_beside_a_question_is_still_told() -> None:
    told = talk(fee=(FEE,))
    told.say("sign up")
    for text in ("Mara Quist", "mara@example.com"):
        told.say(text)
    said = told.say("900 seats. Is there a fee?")
    assert "There is no fee." in said
    assert "1 to 500" in said
    assert told.top.tries == 1


def test_R44_two_questions_are_both_answered_and_what_is_left_is_said() -> None:
    told = talk(fee=(FEE,), open=(HOURS,))
    told.say("refund")
    said = told.say("When are you open? Is there a fee? Who is your gardener?")
    assert [part in said for part in ("9 to 5", "no fee", "The rest of that I can't answer")] == [True] * 3


def test_R42_a_question_that_only_brings_a_value_or_a_task_is_no_question_beside() -> None:
    told = talk()
    assert "can't help" not in told.say("can I get a refund?")
    assert "can't help" not in told.say("could it be ORD-12345?")
    assert told.value("order_number") == "ORD-12345"


def test_R42_a_question_beside_a_task_is_not_dropped() -> None:
    told = talk(fee=(FEE,))
    assert "There is no fee." in told.say("I want a refund, is there a fee?")
    assert told.top.flow == "refund"


def test_S26_without_a_run_bare_words_are_looked_up_too_and_in_a_run_they_are_answers() -> None:
    told = talk(parking=(FEE,))
    assert "no fee" in told.say("parking")
    told.say("refund")
    assert "no fee" not in told.say("parking")
    assert told.top.tries == 1


def test_S34_two_that_disagree_are_both_named_and_a_person_is_offered() -> None:
    told = talk(people=True, fee=(FEE, OTHER_FEE))
    said = told.say("is there a fee?")
    assert said.splitlines() == [
        "I find two answers to that.",
        "There is no fee. (Source: Fees)",
        "The fee is $3. (Source: Costs)",
        "Shall I get a person?",
    ]
    told.say("yes")
    assert told.turns[-1].wanted is not None


def test_S34_in_a_run_its_own_question_stays_the_one_question() -> None:
    told = talk(people=True, fee=(FEE, OTHER_FEE))
    told.say("refund")
    said = told.say("is there a fee?")
    assert "talk to a person" in said
    assert said.endswith("Going back to refund an order: Which order number is it?")


def test_S34_without_people_nobody_is_offered() -> None:
    assert "no person" in talk(fee=(FEE, OTHER_FEE)).say("is there a fee?")


def test_S5_after_two_questions_in_a_row_the_way_to_a_person_is_named() -> None:
    told = talk(people=True, fee=(FEE,))
    told.say("refund")
    assert "talk to a person" not in told.say("is there a fee?")
    assert "talk to a person" in told.say("who is your gardener?")
    told.say("ORD-12345")
    assert "talk to a person" not in told.say("is there a fee?")


def test_S5_the_active_flow_is_named_to_the_knowledge() -> None:
    written = Written()
    told = Talk(REFUND, answers=SHOP, knowledge=written)
    told.say("who is your gardener?")
    told.say("refund")
    told.say("who is your gardener?")
    assert [flow for _, flow in written.asked] == [None, "refund"]


def test_P4_a_greeting_that_asks_is_a_greeting() -> None:
    told = talk(people=True)
    told.say("refund")
    assert "can't help" not in told.say("how are you?")


def test_R41_a_question_that_names_the_active_task_is_answered_too() -> None:
    told = talk(refund=(FEE,))
    told.say("I want a refund")
    assert "There is no fee." in told.say("when does the refund come?")
    assert "no fee" not in told.say("can I get a refund?")


def test_R41_a_question_without_a_subject_is_about_what_was_said_before_it() -> None:
    told = talk(parcel=(FEE,))
    told.say("refund")
    assert "no fee" in told.say("My parcel is not here. When does it come?")


def test_S26_who_asks_us_to_do_something_is_not_told_about_it() -> None:
    asking, requesting = talk(account=(FEE,)), talk(account=(FEE,))
    assert "no fee" in asking.say("who may sign for a new account?")
    requesting.say("could you sign me on for a new account?")
    assert requesting.top.flow == "signup"
