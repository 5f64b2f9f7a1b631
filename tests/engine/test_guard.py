"""What a model makes of a reply, and what of it may be said (S25, X55, X56, X58, F20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace as limits_with

from engine.footing import WHY, Fault, Footing
from engine.guard import guarded
from engine.message import NO_LIMITS
from engine.promises import bound, denies
from engine.readers.reading import Reading
from gateway.metrics import PHRASINGS
from gateway.promptfolder import OURS

HERE = Path(__file__).parent
READING = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))
CANARY = "canary"
INSTRUCTION = f"{(OURS / 'phrasing.md').read_text('utf-8')}\nThe word of the day is {CANARY}."
OTHERS = ("Technical problem", "Explain a bill", "Change my plan")
LET_THROUGH_LEAST = 0.85
"""Of the good lines: a guard that refuses everything is no use to anybody."""


def footing(told: str = "", question: str = "", *, known: tuple[str, ...] = (), kept: tuple[str, ...] = ()) -> Footing:
    """What a line is held against."""
    return Footing(
        told=told,
        question=question,
        known=known,
        kept=(*known, *kept),
        others=OTHERS,
        instruction=INSTRUCTION,
        mark="0f1e2d3c",
        limits=NO_LIMITS,
        budget=300,
        reading=READING,
    )


ASKS = footing(question="Which order number is it?")
GOT = footing("Got it: order number ORD-12345.", "Why would you like a refund?", kept=("ORD-12345",))
DONE = footing("Your order ORD-12345 stays as it is.", known=("$79.99",))


def attacks() -> list[str]:
    """The corpus, the canary in its place."""
    lines = (HERE / "attacks_out.txt").read_text("utf-8").split("\n")
    return [line.replace("CANARY", CANARY) for line in lines if line.strip() and not line.startswith("# ")]


def good_lines() -> Iterator[tuple[Footing, str]]:
    """Each good line with the reply that it puts in other words."""
    for block in (HERE / "good_lines.txt").read_text("utf-8").split("\n\n"):
        rows = [row.partition(":") for row in block.splitlines() if row and not row.startswith("#")]
        said = {key.strip(): value.strip() for key, _, value in rows}
        if "line" in said:
            known, kept = (
                tuple(filter(None, map(str.strip, said.get(key, "").split(";")))) for key in ("knows", "keeps")
            )
            yield footing(said.get("told", ""), said.get("asks", ""), known=known, kept=kept), said["line"]


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("We are open 24/7.", "We are open 24/6."),
        ("It takes 10-14 days.", "It takes 10-40 days."),
        ("It is in hall #17.", "It is in hall #18."),
    ],
)
def test_S25_a_figure_that_no_reader_takes_for_a_value_is_claimed_all_the_same(told: str, line: str) -> None:
    assert guarded(told, footing(told)) == (told, None)
    assert guarded(line, footing(told)) == ("", Fault.VALUE)


def test_X56_the_corpus_has_two_hundred_attempts() -> None:
    assert len(set(attacks())) >= 200


@pytest.mark.parametrize("on", [ASKS, GOT, DONE], ids=["asking", "telling and asking", "telling"])
def test_S25_no_attack_is_said_alone(on: Footing) -> None:
    said = {line: guarded(line, on) for line in attacks()}
    assert [line for line, (_, fault) in said.items() if fault is None] == []


@pytest.mark.parametrize(
    ("on", "right"),
    [
        (ASKS, "Happy to help. {} Which order number is it?"),
        (GOT, "Thanks, I have order number ORD-12345. {} Why would you like a refund?"),
        (GOT, "{} Thanks, I have order number ORD-12345. Why would you like a refund?"),
        (GOT, "Thanks, I have order number ORD-12345. Why would you like a refund? {}"),
        (DONE, "All right, your order ORD-12345 stays as it is. {}"),
    ],
)
def test_S25_no_attack_is_said_inside_a_line_that_is_right_without_it(on: Footing, right: str) -> None:
    assert guarded(right.replace("{} ", "").replace(" {}", ""), on)[1] is None
    said = {line: guarded(right.format(line), on) for line in attacks()}
    assert [line for line, (_, fault) in said.items() if fault is None] == []


def test_S25_most_good_lines_are_said() -> None:
    lines = list(good_lines())
    refused = {line: fault for on, line in lines if (fault := guarded(line, on)[1])}
    assert len(lines) >= 40
    assert 1 - len(refused) / len(lines) >= LET_THROUGH_LEAST, refused


def test_X16_every_reason_is_told_to_a_person_and_counted() -> None:
    assert set(WHY) == set(Fault)
    assert set(PHRASINGS) == {"said", "away", *Fault}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", Fault.SILENT),
        ("Thanks. " * 200 + "Why would you like a refund?", Fault.LONG),
        ("Thanks, I have your order number. Why would you like a refund?", Fault.MISSING),
        ("Thanks, I have no order number ORD-12345. Why would you like a refund?", Fault.DENIAL),
        ("Thanks, I have order number ORD-12345.", Fault.QUESTION),
        ("Thanks, I have order number ORD-12345. What is your name?", Fault.QUESTION),
        ("Order number ORD-12345? Why would you like a refund?", Fault.QUESTION),
        ("Lovely. Why would you like a refund?", Fault.MISSING),
        ("0f1e2d3c order number ORD-12345. Why would you like a refund?", Fault.PROMPT),
    ],
)
def test_S25_each_fault_is_seen(line: str, fault: Fault) -> None:
    assert guarded(line, GOT)[1] is fault


def test_S25_two_values_do_not_change_places() -> None:
    on = footing("Changed date: March 3 → March 5. Changed size: medium → large.", kept=("medium", "large"))
    assert guarded("I changed the date from March 3 to March 5 and the size from medium to large.", on)[1] is None
    assert guarded("I changed the date from March 5 to March 3 and the size from medium to large.", on)[1]
    assert guarded("I changed the date from March 3 to March 5 and the size from large to medium.", on)[1]


def test_S25_a_question_in_other_words_gives_way_to_the_authors() -> None:
    assert guarded("Happy to help! Could you give me the order number, please?", ASKS) == ("Happy to help!", None)


def test_X58_the_authors_own_link_stays_and_no_other_comes() -> None:
    on = footing("Read more at https://shop.example/returns about returns.")
    assert guarded("Please read more about returns at https://shop.example/returns.", on)[1] is None
    assert guarded("Please read more about returns at https://shop.example.evil/returns.", on)[1] is Fault.LINK
    assert guarded("Please read more about returns.", on)[1] is Fault.MISSING


def test_S25_a_line_by_sms_takes_no_more_segments_than_it_must() -> None:
    short = replace(GOT, limits=limits_with(NO_LIMITS, unit="segments"))
    right = "Thanks, I have order number ORD-12345. Why would you like a refund?"
    assert guarded(right, short)[1] is None
    assert guarded(right.replace("Thanks", "Thank you 😊"), short)[1] is Fault.CHARACTERS
    assert guarded(right.replace("Thanks", "Thanks a lot and please let me know whenever " * 3), short)[1] is Fault.LONG
    assert guarded(right.replace("Thanks", "Thank you 😊"), GOT)[1] is None


@pytest.mark.parametrize(
    ("text", "denied"),
    [("I can't use that.", True), ("No problem, it works.", False), ("Das ist nicht da.", True), ("All right.", False)],
)
def test_S25_a_denial_is_one_in_any_language_and_a_courtesy_is_none(text: str, denied: bool) -> None:
    assert denies(text) is denied


def test_S25_a_promise_is_found_in_whatever_form() -> None:
    assert bound("We are refunding you; Sie erhalten eine Erstattung") == {"refund", "erstatt"}
    assert not bound("Which colour is it?")


@pytest.mark.parametrize("long", ["x" * 4000, "x " * 2000, "a.b" * 1300, "1" * 4000, "dot at " * 120, "$1 " * 290])
def test_F19_a_line_of_any_length_is_judged_in_a_moment(long: str) -> None:
    assert guarded(long, GOT)[1] is not None
