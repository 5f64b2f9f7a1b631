"""Wordings beyond the plain ones: numbers of other countries, feasts, corrections, requests for people, near tasks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.flow import FlowDef, SlotDef, SlotType
from engine.readers.answer import revises
from engine.readers.control import Control, read_control
from engine.readers.person_requests import asks_for_person
from engine.readers.reading import Reading
from engine.readers.regions import home_of
from engine.readers.routing import Router
from engine.readers.values import find_values

READING = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))
BANK = Router(
    [
        FlowDef(name="pay", title="Pay a bill", triggers=("pay my bill", "make a payment on my bill")),
        FlowDef(name="freeze", title="Freeze an account", triggers=("freeze my account", "block my account please")),
    ]
)


def read(kind: SlotType, text: str) -> object:
    found = find_values(SlotDef(name="value", type=kind), text, READING, asked=True)
    return found[-1].value if found else None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (SlotType.PHONE, "it's +49 176 12345678", "+4917612345678"),
        (SlotType.PHONE, "my account is 12345678", None),
        (SlotType.PHONE, "on 16/04/2026", None),
        (SlotType.DATE, "Christmas Eve", "2026-12-24"),
        (SlotType.DATE, "good friday 2027", "2027-03-26"),
        (SlotType.DATE, "thanksgiving", "2026-11-26"),
        (SlotType.DATE, "mother's day", "2026-05-10"),
        (SlotType.EMAIL, "ann dot lee at example dot com", "ann.lee@example.com"),
        (SlotType.NUMBER, "half a million", 500_000),
        (SlotType.NUMBER, "2 adults for 7 nights", 2),
        (SlotType.AMOUNT, "15 dollars 50", {"amount": "15.50", "currency": "USD"}),
    ],
)
def test_R11_values_in_other_wordings(kind: SlotType, text: str, value: object) -> None:
    assert read(kind, text) == value


def test_R11_a_choice_is_named_by_its_kin_where_only_one_is() -> None:
    slot = SlotDef(name="event", type=SlotType.ENUM, values={"Music": (), "Sports": ()})
    assert [one.value for one in find_values(slot, "a concert would be nice", READING, asked=True)] == ["Music"]
    assert not find_values(slot, "a concert or a game", READING, asked=True)


@pytest.mark.parametrize("text", ["Sorry, could we do 11 am instead?", "change it to three", "actually 4 people"])
def test_R30_another_wish_is_a_no_to_what_was_shown(text: str) -> None:
    assert revises(text)
    assert not revises("I live in Berlin")


@pytest.mark.parametrize("text", ["put me through to billing please", "can I speak to your front desk", "no more bots"])
def test_R60_a_person_is_asked_for(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize("text", ["transfer me to my savings", "are you a real person?", "can someone help me pay?"])
def test_R60_false_friends_ask_for_nobody(text: str) -> None:
    assert not asks_for_person(text)


def test_R51_stopping_has_many_words() -> None:
    heard = read_control("please abort the current process", READING)
    assert heard is not None
    assert heard.control is Control.CANCEL


def test_S26_what_asks_for_something_else_starts_nothing() -> None:
    assert [one.flow for one in BANK.route("I need to pay my water bill")] == ["pay"]
    assert not BANK.route("what is the interest rate on savings")


def test_S26_what_is_denied_speaks_for_nothing() -> None:
    assert [one.flow for one in BANK.route("I don't want to pay, please block my account")] == ["freeze"]


def test_a_locale_tells_the_region_and_its_money() -> None:
    assert [home_of(locale) for locale in ("en-GB", "de", "fr_CH", "en", "xx")] == [
        *(("GB", "GBP"), ("DE", "EUR"), ("CH", "CHF"), ("US", "USD"), ("US", "USD")),
    ]
