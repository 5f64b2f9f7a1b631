"""Forms of language beyond the plain ones: steps from a day, spelled minutes, counts without a number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.flow import FlowDef, Json, SlotDef, SlotType
from engine.readers.control import Control, read_control
from engine.readers.date_forms import may_name_a_day
from engine.readers.reading import Reading
from engine.readers.routing import Router
from engine.readers.times import may_name_an_hour
from engine.readers.values import find_values

TUESDAY = Reading(now=datetime(2022, 3, 15, 9, 0, tzinfo=UTC))


def last(kind: SlotType, text: str, *, name: str = "value") -> Json:
    found = find_values(SlotDef(name=name, type=kind), text, TUESDAY, asked=True)
    assert all(text[each.start : each.end] == each.words for each in found)
    return found[-1].value if found else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("two weeks after Easter", "2022-05-01"),
        ("three days before the 20th of May", "2022-05-17"),
        ("two months after next Friday", "2022-05-25"),
        ("Thursday in a week", "2022-03-24"),
        ("a week on Monday", "2022-03-28"),
        ("Monday after next", "2022-03-28"),
        ("in a fortnight's time", "2022-03-29"),
        ("in 1 year, 2 months and 3 days", "2023-05-18"),
        ("at the end of next month", "2022-04-30"),
        ("by the end of the year", "2022-12-31"),
        ("last night", "2022-03-14"),
        ("tomorow", "2022-03-16"),
        ("the third Saturday in June", "2022-06-18"),
    ],
)
def test_R11_a_day_is_counted_from_another_one(text: str, day: str) -> None:
    assert last(SlotType.DATE, text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Monday the 13th", "2022-06-13"),
        ("Saturday 2nd", "2022-04-02"),
        ("Thursday, July 21", "2022-07-21"),
        ("Friday, March 11", "2022-03-11"),
        ("Sunday the 24th of July, 2033", "2033-07-24"),
        ("Friday, July 21", "2023-07-21"),
        ("Monday, July 21", "2022-07-21"),
    ],
)
def test_R11_a_weekday_settles_which_month_or_year_a_day_is_of_and_a_wrong_one_does_not(text: str, day: str) -> None:
    assert last(SlotType.DATE, text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("the fourth of July nineteen eighty-four", "1984-07-04"),
        ("June thirty, two thousand and ten", "2010-06-30"),
        ("Nov7, 2023", "2023-11-07"),
        ("08-Oct-2024", "2024-10-08"),
        ("03rd Sep 2023", "2023-09-03"),
        ("September, 9", "2022-09-09"),
    ],
)
def test_R11_a_date_may_be_spelled_glued_or_filled_with_zeros(text: str, day: str) -> None:
    assert last(SlotType.DATE, text) == day


@pytest.mark.parametrize("text", ["it may be late", "9 may be too many", "for 3 days from here", "12:30 mar"])
def test_R11_a_number_beside_a_word_of_the_calendar_is_no_day(text: str) -> None:
    assert last(SlotType.DATE, text) is None


def test_R11_a_count_behind_a_weekday_is_no_day_of_the_month() -> None:
    assert last(SlotType.DATE, "Friday 14 people") == "2022-03-18"
    assert last(SlotType.DATE, "Friday 14") == "2022-10-14"


def test_R11_a_stay_that_begins_on_a_day_is_not_counted_from_it() -> None:
    assert last(SlotType.DATE, "stay for 2 weeks from Friday") == "2022-03-18"
    assert last(SlotType.DATE, "2 weeks from Friday") == "2022-04-01"


@pytest.mark.parametrize("text", ["today", "on Ash Wednesday", "the fifth", "3/4", "next week", "halloween", "tmrw"])
def test_the_cheap_look_overlooks_no_day(text: str) -> None:
    assert may_name_a_day(text)


def test_the_cheap_look_passes_a_text_that_names_neither_day_nor_hour() -> None:
    assert not may_name_a_day("my printer is broken") and not may_name_an_hour("my printer is broken")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("eleven oh five", "11:05"),
        ("six forty-three", "06:43"),
        ("twenty-two minutes past nine", "09:22"),
        ("seven-thirty tomorrow evening", "19:30"),
        ("at 4.15", "04:15"),
        ("tonight 845", "20:45"),
        ("mid night", "00:00"),
    ],
)
def test_R11_the_minutes_and_the_part_of_the_day_of_an_hour_are_read(text: str, hour: str) -> None:
    assert last(SlotType.TIME, text) == hour


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("tomorrow night at 9", "2022-03-16T21:00:00"),
        ("by the end of Thursday", "2022-03-17T23:59:59"),
        ("end of day", "2022-03-15T23:59:59"),
        ("on Sunday late evening at 10:00", "2022-03-20T22:00:00"),
    ],
)
def test_R11_a_day_and_its_part_and_hour_make_one_moment(text: str, moment: str) -> None:
    assert last(SlotType.DATETIME, text) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("an hour forty", 6000),
        ("3/4h", 2700),
        ("3 and a half minutes", 210),
        ("a fortnight", 1209600),
        ("5 mos", 12960000),
    ],
)
def test_R11_a_span_of_time_may_be_told_in_parts(text: str, seconds: int) -> None:
    assert last(SlotType.DURATION, text) == seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("just me", 1),
        ("my husband and I", 2),
        ("me, my sister and three friends", 5),
        ("a couple", 2),
        ("a triple room, please", 1),
        ("we bring no dogs", 0),
        ("five hundred and two dozen", 524),
        ("three hundred point forty-two", 300.42),
        (".75", 0.75),
    ],
)
def test_R11_a_count_may_be_told_without_a_number_or_in_words(text: str, count: float) -> None:
    assert last(SlotType.NUMBER, text) == count


@pytest.mark.parametrize(
    "text", ["no thanks", "a question", "I have a problem", "no idea", "how much is a room?", "me too"]
)
def test_R11_talk_is_no_count(text: str) -> None:
    assert last(SlotType.INTEGER, text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Please find me something in Kuala Lumpur.", "Kuala Lumpur"),
        ("I need a quiet hotel in Los Angeles", "Los Angeles"),
        ("Can you look for one in St. Gallen?", "St. Gallen"),
        ("I'm going to the Brooklyn area", "Brooklyn"),
        ("Send it to Ludwig van Beethoven please", "Ludwig van Beethoven"),
        ("Geneva would work well", "Geneva"),
        ("My Sony phone broke in London", "My Sony phone broke in London"),
        ("I ordered it from Acme last week", "I ordered it from Acme last week"),
        ("The Green Mile", "The Green Mile"),
    ],
)
def test_R11_a_short_answer_is_cut_out_of_its_sentence_and_a_story_stays_whole(text: str, value: str) -> None:
    assert last(SlotType.TEXT, text) == value


def test_R11_a_slot_for_a_whole_sentence_takes_the_whole_sentence() -> None:
    text = "find me something in Kuala Lumpur"
    assert last(SlotType.TEXT, text, name="message") == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("there is a booking under marlo quist for tonight", "marlo quist"),
        ("please send 40 euros to odette", "odette"),
        ("hi, tamsin here", "tamsin"),
        ("on behalf of Jonas Brandt, from Monday on", "Jonas Brandt"),
        ("transfer it to my savings account", None),
        ("it's broken", None),
        ("nobody here", None),
        ("book a table for friday", None),
    ],
)
def test_R11_a_name_is_found_in_a_sentence_about_a_person(text: str, name: str | None) -> None:
    assert last(SlotType.NAME, text) == name


@pytest.mark.parametrize(
    "text",
    [
        "978-3-16-148410-0",
        "12 000 000",
        "1234567 usd",
        "it weighs 1234567 kg",
        "219-09-9999",
        "1234567%",
        "-4155550123",
        "1998/2004",
    ],
)
def test_R11_a_book_number_a_sum_or_a_measure_is_no_phone(text: str) -> None:
    assert last(SlotType.PHONE, text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("20 rupiah", {"amount": "20.00", "currency": "IDR"}),
        ("30 naira", {"amount": "30.00", "currency": "NGN"}),
        ("5 hong kong dollars", {"amount": "5.00", "currency": "HKD"}),
        ("42RM", {"amount": "42.00", "currency": "MYR"}),
        ("a dollar fifty", {"amount": "1.50", "currency": "USD"}),
        ("$2.5 bil", {"amount": "2500000000.00", "currency": "USD"}),
    ],
)
def test_R11_money_of_another_country_is_not_taken_for_ones_own(text: str, amount: Json) -> None:
    assert last(SlotType.AMOUNT, text) == amount


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("half seven", "07:30"),
        ("quarter of 5", "04:45"),
        ("at 1930", "19:30"),
        ("7ish", "07:00"),
        ("in 20 minutes", "09:20"),
    ],
)
def test_R11_an_hour_is_read_as_soldiers_the_british_and_the_hurried_tell_it(text: str, hour: str) -> None:
    assert last(SlotType.TIME, text) == hour


def test_R11_now_is_a_moment_and_a_new_one_is_no_hour() -> None:
    assert last(SlotType.DATETIME, "right now please") == "2022-03-15T09:00:00"
    assert last(SlotType.TIME, "I would like a new one") is None


def test_R11_an_article_before_what_a_slot_counts_is_one() -> None:
    assert last(SlotType.INTEGER, "I would like to book a family room", name="rooms") == 1
    assert last(SlotType.INTEGER, "I would like to book a family room", name="guests") is None
    assert last(SlotType.INTEGER, "there are a lot of rooms", name="rooms") is None


def test_R11_the_feast_of_a_king_may_be_written_with_points() -> None:
    assert last(SlotType.DATE, "MLK Jr. day 2023") == "2023-01-16"


def test_S26_a_slip_of_the_pen_is_read_and_another_word_is_not() -> None:
    router = Router(
        [FlowDef(name="payment", title="Make a payment", triggers=("make a payment", "settle the invoice"))]
    )
    assert [each.flow for each in router.route("i want to make a paymet")] == ["payment"]
    assert router.route("what does the invoke command do in basic") == []


def test_S26_a_question_for_a_fact_is_doubted_by_a_flow_that_does_something() -> None:
    triggers = ("block my card", "please block my card", "i lost my card", "block the card now", "my card is gone")
    router = Router([FlowDef(name="block_card", title="Block a card", triggers=triggers)])
    assert [each.flow for each in router.route("block the visa card")] == ["block_card"]
    assert router.route("what is the limit of the visa card") == []


def test_cancel_by_a_verb_that_has_other_uses_needs_an_object() -> None:
    assert read_control("withdraw", TUESDAY) is None and read_control("terminate", TUESDAY) is None
    withdrawn = read_control("withdraw my request", TUESDAY)
    assert withdrawn is not None and withdrawn.control is Control.CANCEL
