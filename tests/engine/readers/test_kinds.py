"""Each type's canonical values (DESIGN section 7)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.flow import Json, SlotDef, SlotType
from engine.readers.reading import Reading
from engine.readers.values import check, find_values

MONDAY = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))


def read(kind: SlotType, text: str, reading: Reading = MONDAY) -> Json:
    found = find_values(SlotDef(name="value", type=kind), text, reading, asked=True)
    return found[0].value if len(found) == 1 else [each.value for each in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-01", "2026-03-01"),
        ("today", "2026-03-02"),
        ("the day after tomorrow", "2026-03-04"),
        ("March 1st", "2027-03-01"),
        ("March 2nd", "2026-03-02"),
        ("1 April 2027", "2027-04-01"),
        ("the 5th", "2026-03-05"),
        ("on the 1st", "2026-04-01"),
        ("the twenty first of may", "2026-05-21"),
        ("12th of next month", "2026-04-12"),
        ("3/18", "2026-03-18"),
        ("18/3", "2026-03-18"),
        ("next Friday", "2026-03-13"),
        ("this Friday", "2026-03-06"),
        ("Friday", "2026-03-06"),
        ("Monday", "2026-03-09"),
        ("last Friday", "2026-02-27"),
        ("Wednesday next week", "2026-03-11"),
        ("Thursday, June 18th", "2026-06-18"),
        ("in two weeks", "2026-03-16"),
        ("three days ago", "2026-02-27"),
        ("I bought it on February 20", "2026-02-20"),
        ("the last Sunday of March", "2026-03-29"),
        ("31 June", []),
        ("2026-02-30", []),
        ("25", []),
        ("the second option", []),
    ],
)
def test_R11_a_date_is_an_iso_day(text: str, value: Json) -> None:
    assert read(SlotType.DATE, text) == value


def test_R11_a_date_is_read_where_the_person_is() -> None:
    late = Reading(now=datetime(2026, 3, 2, 23, 30, tzinfo=UTC), timezone="Asia/Tokyo", region="GB")
    assert read(SlotType.DATE, "today", late) == "2026-03-03"
    assert read(SlotType.DATE, "4/5", late) == "2026-05-04"
    nowhere = Reading(now=datetime(2026, 3, 2, 23, 30, tzinfo=UTC), timezone="Nowhere/At_All")
    assert read(SlotType.DATE, "today", nowhere) == "2026-03-02"


def test_R11_a_date_of_another_language_is_a_whole_answer() -> None:
    german = Reading(now=datetime(2026, 2, 2, 9, 0, tzinfo=UTC), locale="de-DE", region="DE")
    assert read(SlotType.DATE, "1. März", german) == "2026-03-01"


def test_R11_a_leap_day_without_a_year_is_the_next_one() -> None:
    assert read(SlotType.DATE, "February 29") == "2028-02-29"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18:30", "18:30"),
        ("6 pm", "18:00"),
        ("6:30 p.m.", "18:30"),
        ("12 am", "00:00"),
        ("12 pm", "12:00"),
        ("half past six", "06:30"),
        ("quarter to 4 in the afternoon", "15:45"),
        ("noon", "12:00"),
        ("at 7", "07:00"),
        ("evening 6", "18:00"),
        ("20 past 3pm", "15:20"),
        ("one for 10:30", "10:30"),
        ("25:00", []),
    ],
)
def test_R11_a_time_is_hours_and_minutes(text: str, value: Json) -> None:
    assert read(SlotType.TIME, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (SlotType.AMOUNT, "$79.99", {"amount": "79.99", "currency": "USD"}),
        (SlotType.AMOUNT, "5£", {"amount": "5.00", "currency": "GBP"}),
        (SlotType.AMOUNT, "fifty euros", {"amount": "50.00", "currency": "EUR"}),
        (SlotType.AMOUNT, "115.5USD", {"amount": "115.50", "currency": "USD"}),
        (SlotType.AMOUNT, "5 dollars and 20 cents", {"amount": "5.20", "currency": "USD"}),
        (SlotType.AMOUNT, "1500 yen", {"amount": "1500", "currency": "JPY"}),
        (SlotType.AMOUNT, "200", {"amount": "200.00", "currency": "USD"}),
        (SlotType.NUMBER, "2.5", 2.5),
        (SlotType.NUMBER, "-3", -3),
        (SlotType.NUMBER, "9 nights - 4 adults", 4),
        (SlotType.NUMBER, "two and a half", 2.5),
        (SlotType.NUMBER, "2 1/4", 2.25),
        (SlotType.NUMBER, "1.2M", 1200000),
        (SlotType.DATETIME, "tomorrow at 3 pm", "2026-03-03T15:00:00"),
        (SlotType.DATETIME, "2026-03-01T18:30", "2026-03-01T18:30:00"),
        (SlotType.DATETIME, "in two hours", "2026-03-02T17:15:00"),
        (SlotType.DATETIME, "at 9 am", "2026-03-03T09:00:00"),
        (SlotType.DURATION, "2 hours", 7200),
        (SlotType.DURATION, "1h 30m", 5400),
        (SlotType.DURATION, "an hour and a half", 5400),
        (SlotType.DURATION, "half an hour", 1800),
        (SlotType.DURATION, "minutes", []),
        (SlotType.EMAIL, "Nora.Field@Example.com.", "nora.field@example.com"),
        (SlotType.EMAIL, "hey@you", []),
        (SlotType.PHONE, "call (202) 555-0123", "+12025550123"),
        (SlotType.PHONE, "0049 176 12345678", "+4917612345678"),
        (SlotType.PHONE, "202 555 0018", "+12025550018"),
        (SlotType.PHONE, "(202) 0055512", "+12020055512"),
        (SlotType.PHONE, "+44 20 7946 0018", "+442079460018"),
        (SlotType.PHONE, "12345", []),
        (SlotType.POSTCODE, "zip is 90210", "90210"),
    ],
)
def test_R11_each_type_has_one_form(kind: SlotType, text: str, value: Json) -> None:
    assert read(kind, text) == value


def test_R11_region_and_locale_decide_what_is_ambiguous() -> None:
    british = Reading(now=MONDAY.now, region="GB", currency="GBP")
    assert read(SlotType.POSTCODE, "sw1a1aa please", british) == "SW1A 1AA"
    assert read(SlotType.PHONE, "020 7946 0958", british) == "+442079460958"
    german = Reading(now=MONDAY.now, locale="de", region="DE", currency="EUR")
    assert read(SlotType.NUMBER, "1.234,5", german) == 1234.5
    assert read(SlotType.NUMBER, "1,234.5") == 1234.5
    canadian = Reading(now=MONDAY.now, currency="CAD")
    assert read(SlotType.AMOUNT, "$20", canadian) == {"amount": "20.00", "currency": "CAD"}


@pytest.mark.parametrize(
    ("slot", "value", "fine"),
    [
        (SlotDef(name="n", type=SlotType.INTEGER), True, False),
        (SlotDef(name="n", type=SlotType.INTEGER, max=5), 5, True),
        (SlotDef(name="n", type=SlotType.INTEGER, max=5), 6, False),
        (SlotDef(name="a", type=SlotType.AMOUNT, max=50), {"amount": "50.01", "currency": "USD"}, False),
        (SlotDef(name="a", type=SlotType.AMOUNT), "50", False),
        (SlotDef(name="d", type=SlotType.DATE), "2026-02-30", False),
        (SlotDef(name="o", pattern=r"ORD|ORD-\d+"), "ORD-12", True),
        (SlotDef(name="o", pattern=r"ORD-\d+"), "ORD-12 ", False),
        (SlotDef(name="e", type=SlotType.ENUM, values={"a": ()}), "b", False),
        (SlotDef(name="e", type=SlotType.EMAIL), "a@b", False),
        (SlotDef(name="b", type=SlotType.BOOLEAN), "yes", False),
        (SlotDef(name="t"), "", False),
    ],
)
def test_R4_a_value_the_type_refuses_has_a_fault(slot: SlotDef, value: Json, fine: bool) -> None:
    assert (check(slot, value) == "") is fine
