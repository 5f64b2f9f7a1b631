"""Option picks, routing, corrections."""

from __future__ import annotations

import pytest

from engine.flow import FlowDef
from engine.readers.corrections import correction_marker, names_label
from engine.readers.options import pick
from engine.readers.routing import FLOOR, Router, bare_request

LABELS = ("Paperback", "E-book", "Paper and e-book")

REFUND = FlowDef(
    name="refund",
    title="Refund an order",
    description="The customer wants money back for an order they placed.",
    triggers=("refund", "money back", "return my order"),
)
BILLING = FlowDef(
    name="billing",
    title="Explain a bill",
    description="Questions about a bill.",
    triggers=("bill", "why was I charged"),
)
PLAN = FlowDef(name="plan_change", title="Change my plan", triggers=("change my plan", "bigger plan"))
TECH = FlowDef(name="tech_support", title="Solve a technical problem", triggers=("no signal", "problem with my phone"))
ROUTER = Router([REFUND, BILLING, PLAN, TECH])


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("2", 1), (" 2. ", 1), ("#2", 1), ("option 2", 1), ("two", 1), ("the second one", 1), ("2nd", 1),
        ("the last one", 2),
        ("one", 0), ("paperback", 0), ("E-BOOK", 1), ("e-b", 1), ("Paperb", 0), ("pap", None), ("pa", None),
        ("4", None),
        ("0", None), ("", None), ("2 people", None), ("neither", None), ("the first please", 0),
    ],
)  # fmt: skip
def test_C27_options_are_picked_by_number_ordinal_or_label(text: str, index: int | None) -> None:
    assert pick(text, LABELS) == index


def test_C27_no_labels_no_pick() -> None:
    assert pick("1", ()) is None


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("I want a refund", "refund"),
        ("about those refunds", "refund"),
        ("I am returning my order", "refund"),
        ("show me my bill first", "billing"),
        ("I want to change my plan", "plan_change"),
        ("my phone has no signal", "tech_support"),
    ],
)
def test_S26_an_exact_trigger_wins_in_any_inflection(text: str, flow: str) -> None:
    best = ROUTER.route(text)[0]
    assert (best.flow, best.exact) == (flow, True)
    assert best.words in text


def test_R27_near_equals_are_both_candidates() -> None:
    named = ROUTER.route("I have a problem with my plan")
    assert {each.flow for each in named} == {"plan_change", "tech_support"}
    assert all(FLOOR <= each.score <= 1 and not each.exact for each in named)


@pytest.mark.parametrize("text", ["hello", "", "the weather is lovely", "ORD-12345", "I don't want a refund"])
def test_S26_below_the_floor_is_no_candidate(text: str) -> None:
    assert ROUTER.route(text) == []


def test_S26_no_flows_no_candidates() -> None:
    assert Router([]).route("refund") == []


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("I want a refund", True),
        ("refund please", True),
        ("another refund, ORD-24680", False),
        ("the refund never arrived", False),
        ("show my bill instead", True),
    ],
)
def test_R28_a_bare_request_is_lead_in_and_trigger(text: str, bare: bool) -> None:
    assert bare_request(text, ROUTER.route(text)[0]) is bare


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("sorry, I meant ORD-24680", True), ("actually 80 people was right", True), ("no, it's ORD-24680", True),
        ("change my address to Rome", True), ("make it 5", True), ("the address is wrong", True),
        ("John... no, Alex", True),
        ("ORD-12345", False), ("no", False), ("I have no idea", False),
    ],
)  # fmt: skip
def test_R30_a_correction_has_a_marker(text: str, marked: bool) -> None:
    assert (correction_marker(text) is not None) is marked


def test_R35_a_label_is_named_in_any_inflection() -> None:
    assert names_label("both addresses are wrong", "address")
    assert names_label("change my order number", "order number")
    assert not names_label("the number of my order", "order number")
    assert not names_label("anything", "")


FILM = FlowDef(
    name="film",
    title="Rent a film",
    description="The customer wants to rent a film for an evening.",
    triggers=("film rental", "rent a film"),
)
RENTS = Router([FILM, REFUND])


@pytest.mark.parametrize(
    "text",
    [
        "let's not do the film rental", "let us not rent a film", "please don't do the film rental",
        "I don't want to do the film rental", "I no longer want the film rental", "I no longer need to rent a film",
        "we are not doing the film rental", "I'd rather not rent a film", "no need to rent a film",
        "I'm not going to rent a film", "I don't need a film rental any more",
    ],
)  # fmt: skip
def test_S26_a_task_that_is_declined_is_not_asked_for(text: str) -> None:
    assert RENTS.route(text) == []


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("why not rent a film", "film"),
        ("why don't we do the film rental", "film"),
        ("I don't have a film, rent me one", "film"),
        ("not only do I want to rent a film", "film"),
        ("I don't want my money back but a film rental", "film"),
        ("let's not do the refund, rent a film", "film"),
        ("I didn't like it and want a refund", "refund"),
        ("I don't need this any more so please refund it", "refund"),
    ],
)
def test_S26_what_only_looks_declined_is_asked_for(text: str, flow: str) -> None:
    assert RENTS.route(text)[0].flow == flow
