"""Values of slots: what counts as one, where it stands, and what was taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.flow import Json, SlotDef, SlotType
from engine.readers.reading import Reading
from engine.readers.values import find_values, near_values

MONDAY = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))

ORDER = SlotDef(
    name="order_number", pattern=r"ORD-\d{3,}", normalize="upper", error_msg="An order number is ORD-12345."
)
REASON = SlotDef(
    name="reason",
    type=SlotType.ENUM,
    values={
        "defective": ("broken", "faulty", "damaged"),
        "wrong_item": ("wrong item", "wrong thing"),
        "changed_mind": ("changed my mind",),
        "other": (),
    },
)
COMPANY = SlotDef(name="company", cues=("we are",))
TEAM_SIZE = SlotDef(name="team_size", type=SlotType.INTEGER, cues=("people",), min=1)
BUDGET = SlotDef(name="budget", type=SlotType.AMOUNT)
NAME = SlotDef(name="contact_name", type=SlotType.NAME)
EMAIL = SlotDef(name="email", type=SlotType.EMAIL)


def read(slot: SlotDef, text: str, *, asked: bool = True, reading: Reading = MONDAY) -> list[Json]:
    found = find_values(slot, text, reading, asked=asked)
    assert all(text[each.start : each.end] == each.words for each in found)
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ORD-12345", ["ORD-12345"]),
        ("it's ord-12345, thanks", ["ORD-12345"]),
        ("found it: ORD-12345.", ["ORD-12345"]),
        ("number 12345", []),
        ("the blue one", []),
        ("XORD-12345", []),
        ("ORD-12345X", []),
        ("ORD-12345-6", []),
    ],
)
def test_R11_a_pattern_is_found_in_the_normalized_text_and_not_inside_longer_words(
    text: str, values: list[Json]
) -> None:
    assert read(ORDER, text) == values


def test_R11_a_pattern_is_read_through_separators_when_digits_are_asked_for() -> None:
    account = SlotDef(name="account", pattern=r"\d{8}", normalize="digits")
    assert read(account, "it is 12-34 56 78, call me in 5 minutes") == ["12345678"]
    assert read(account, "12-34 56 78 9") == []


def test_R11_a_pattern_keeps_the_place_of_its_words_when_a_letter_grows() -> None:
    found = find_values(ORDER, "ß ß ord-777!", MONDAY, asked=True)
    assert [(each.value, each.words) for each in found] == [("ORD-777", "ord-777")]


def test_R11_unasked_values_are_read_beside_labels_and_cues() -> None:
    text = "40 people, budget $15,000, and actually the company is Acme Labs"
    assert read(TEAM_SIZE, text, asked=False) == [40]
    assert read(BUDGET, text, asked=False) == [{"amount": "15000.00", "currency": "USD"}]
    assert read(COMPANY, text, asked=False) == ["Acme Labs"]


@pytest.mark.parametrize(
    ("slot", "text", "values"),
    [
        (COMPANY, "I'm interested in your product, we are Acme with 80 people", ["Acme"]),
        (COMPANY, "we are interested in your product", []),
        (COMPANY, "Acme", []),
        (COMPANY, "the company is wrong", []),
        (COMPANY, "we are Marks and Spencer", ["Marks and Spencer"]),
        (TEAM_SIZE, "I'm interested, we are Acme with 80 people", [80]),
        (TEAM_SIZE, "80", []),
        (TEAM_SIZE, "the team size is about 40", [40]),
        (TEAM_SIZE, "sorry, it's 12 people", [12]),
        (NAME, "I'm Nora Field, write to nora@example.com", ["Nora Field"]),
        (NAME, "I'm interested in your product", []),
        (NAME, "my name is lee park and I want a refund", ["lee park"]),
        (EMAIL, "I'm Nora Field, write to Nora@Example.com.", ["nora@example.com"]),
        (BUDGET, "around 15k", []),
        (BUDGET, "our budget is around 15k", [{"amount": "15000.00", "currency": "USD"}]),
    ],
)
def test_R11_unasked_text_and_bare_numbers_count_only_beside_their_words(
    slot: SlotDef, text: str, values: list[Json]
) -> None:
    assert read(slot, text, asked=False) == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Acme", "Acme"),
        ("it's Acme Labs.", "Acme Labs"),
        ("we are Acme", "Acme"),
        ("the company is called Acme", "Acme"),
        ("sure, the thing is my parcel never came", "my parcel never came"),
        ("Hello! Acme, please", "Acme"),
        ("Acme, and how much does it cost?", "Acme"),
        ("Acme, no wait, Acme Labs", "Acme Labs"),
        ("I plan to go to Hayward.", "Hayward"),
    ],
)
def test_R11_an_asked_text_is_the_message_without_what_leads_into_it(text: str, value: str) -> None:
    assert read(COMPANY, text) == [value]


def test_R41_a_question_is_never_an_asked_text() -> None:
    assert read(COMPANY, "what time is it?") == []
    assert read(SlotDef(name="question", takes="question"), " how long do I have? ") == ["how long do I have?"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Lee Park, lee@example.com", ["Lee Park"]),
        ("nora", ["nora"]),
        ("it's J. R. Müller-Smith", ["J. R. Müller-Smith"]),
        ("Ludwig van Beethoven", ["Ludwig van Beethoven"]),
        ("the blue one", []),
        ("I don't want to say", []),
        ("12", []),
    ],
)
def test_R19_an_asked_name_looks_like_one(text: str, values: list[Json]) -> None:
    assert read(NAME, text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("40", [40]),
        ("twelve", [12]),
        ("twenty-one of us", [21]),
        ("about 1,200", [1200]),
        ("three hundred and one", [301]),
        ("the blue one", []),
        ("3 tickets for March 5th at 6 pm", [3]),
        ("Around 6", [6]),
        ("12 people and 3 dogs", [12]),
    ],
)
def test_R16_an_asked_integer_takes_no_dates_times_or_money(text: str, values: list[Json]) -> None:
    assert read(TEAM_SIZE, text) == values


def test_R8_the_last_of_a_self_correction_wins() -> None:
    assert read(TEAM_SIZE, "50, no, 60") == [60]
    assert read(REASON, "defective, no wait, wrong item") == ["wrong_item"]
    assert read(ORDER, "ORD-111, sorry, I mean ORD-222") == ["ORD-222"]
    assert read(TEAM_SIZE, "not 50 but 60") == [60]
    assert read(TEAM_SIZE, "change it from 50 to 60") == [60]


def test_R25_two_options_named_are_both_found() -> None:
    assert read(REASON, "defective or wrong item") == ["defective", "wrong_item"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("it arrived broken", ["defective"]),
        ("it broke", ["defective"]),
        ("The WRONG items!", ["wrong_item"]),
        ("it is not broken", []),
        ("it isn't really damaged", []),
        ("neither", []),
        ("unbroken", []),
        ("changed my mind", ["changed_mind"]),
    ],
)
def test_R25_an_option_is_named_by_whole_words_and_not_when_denied(text: str, values: list[Json]) -> None:
    assert read(REASON, text) == values


def test_R25_hyphens_and_labels_name_an_option() -> None:
    book = SlotDef(
        name="format", type=SlotType.ENUM, values={"paperback": (), "ebook": ()}, choices={"ebook": "Digital"}
    )
    assert read(book, "the e-book please") == ["ebook"]
    assert read(book, "digital") == ["ebook"]
    assert read(book, "no paperback please") == ["paperback"]


def test_R26_a_near_match_is_scored_and_not_taken() -> None:
    assert read(REASON, "defectve") == []
    best, score = near_values(REASON, "defectve")[0]
    assert best == "defective" and 0.9 < score < 1
    assert near_values(REASON, "") == []


def test_R14_a_boolean_is_read_from_its_answer_only() -> None:
    confirmed = SlotDef(name="confirmed", type=SlotType.BOOLEAN)
    assert read(confirmed, "yes please") == [True]
    assert read(confirmed, "no, it's ORD-24680") == [False]
    assert read(confirmed, "maybe") == []
    assert read(confirmed, "yes", asked=False) == []
    assert read(confirmed, "the weather is lovely") == []


def test_R16_an_unasked_boolean_needs_a_cue_of_its_author() -> None:
    shared = SlotDef(name="shared", label="shared ride", cues=("shared ride",), type=SlotType.BOOLEAN)
    works = SlotDef(name="works", label="works", type=SlotType.BOOLEAN)
    assert read(works, "my printer is not working", asked=False) == []
    assert read(shared, "I want a shared ride", asked=False) == [True]
    assert read(shared, "no shared ride please", asked=False) == [False]
    assert read(shared, "is a shared ride cheaper?", asked=False) == []


def test_R18_a_list_holds_each_item_once() -> None:
    firms = SlotDef(
        name="companies", type=SlotType.LIST, of=SlotType.ENUM, values={"alderway": (), "brightmoor": ()}, min=2
    )
    assert read(firms, "compare Alderway and Brightmoor, alderway first") == [["alderway", "brightmoor"]]
    assert find_values(firms, "Alderway", MONDAY, asked=True)[0].fault == "Companies must be at least 2 items."
    assert read(SlotDef(name="toppings", type=SlotType.LIST), "cheese, ham and olives") == [["cheese", "ham", "olives"]]


def test_R19_a_broken_rule_is_found_with_its_sentence() -> None:
    assert [each.fault for each in find_values(TEAM_SIZE, "0", MONDAY, asked=True)] == ["Team size must be at least 1."]
    half = find_values(TEAM_SIZE, "2.5", MONDAY, asked=True)[0]
    assert (half.value, half.fault) == (2.5, "Team size needs a whole number.")
    early = SlotDef(name="day", type=SlotType.DATE, min="2026-03-10", error_msg="We open on 10 March.")
    assert find_values(early, "tomorrow", MONDAY, asked=True)[0].fault == "We open on 10 March."
