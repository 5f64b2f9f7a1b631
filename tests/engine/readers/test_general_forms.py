"""Forms that sentences of many kinds share: stretches of time, powers, feasts of the moon, short answers in a frame."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.flow import Json, SlotDef, SlotType
from engine.readers.holidays import names
from engine.readers.likeness import Evidence, sureness
from engine.readers.reading import Reading
from engine.readers.values import find_values
from engine.readers.words import words

WEDNESDAY = Reading(now=datetime(2019, 3, 6, 9, 20, tzinfo=UTC))


def first(kind: SlotType, text: str) -> Json:
    found = find_values(SlotDef(name="value", type=kind), text, WEDNESDAY, asked=True)
    assert all(text[each.start : each.end] == each.words for each in found)
    return found[0].value if found else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("by the end of next week", "2019-03-17"),
        ("the start of next week", "2019-03-11"),
        ("middle of April", "2019-04-15"),
        ("mid-July 2020", "2020-07-15"),
        ("at the beginning of February", "2020-02-01"),
        ("eom", "2019-03-31"),
        ("tomorrow week", "2019-03-14"),
        ("Saturday fortnight", "2019-03-23"),
        ("this time next week", "2019-03-13"),
        ("in half a year", "2019-09-06"),
        ("a year and a half ago", "2017-09-06"),
        ("the day after Boxing Day", "2019-12-27"),
        ("the week before Christmas", "2019-12-18"),
        ("the Saturday before Easter", "2019-04-20"),
        ("the second Monday after May 20", "2019-06-03"),
        ("as soon as possible please", "2019-03-06"),
        ("wensday", "2019-03-13"),
        ("July 9 '21", "2021-07-09"),
        ("9 July 21", "2021-07-09"),
    ],
)
def test_R11_a_day_is_told_by_a_stretch_of_time_or_by_another_day(text: str, day: str) -> None:
    assert first(SlotType.DATE, text) == day


@pytest.mark.parametrize(
    "text", ["i have a second question", "more now than it was", "there is a third person", "he is halfway there"]
)
def test_R11_what_only_sounds_like_a_day_is_none(text: str) -> None:
    assert first(SlotType.DATE, text) is None


@pytest.mark.parametrize(
    ("feast", "days"),
    [
        ("chinese new year", ["2017-01-28", "2020-01-25", "2023-01-22", "2026-02-17"]),
        ("diwali", ["2017-10-19", "2019-10-27", "2022-10-24"]),
        ("holi", ["2018-03-02", "2021-03-29", "2025-03-14"]),
        ("passover", ["2019-04-19", "2024-04-22"]),
        ("hanukkah", ["2019-12-22", "2023-12-07", "2024-12-25"]),
        ("tu bishvat", ["2018-01-30", "2020-02-09"]),
        ("yom hashoah", ["2018-04-11"]),
        ("yom kippur", ["2019-10-08"]),
        ("eid al-fitr", ["2018-06-15", "2020-05-24"]),
        ("eid al-adha", ["2018-08-21"]),
        ("guru nanak jayanti", ["2018-11-23"]),
        ("king's day", ["2014-04-26", "2018-04-27"]),
        ("boss's day", ["2021-10-15", "2016-10-17"]),
    ],
)
def test_R11_feasts_that_follow_the_moon_or_shun_a_weekend_fall_on_their_day(feast: str, days: list[str]) -> None:
    assert [names()[feast](date.fromisoformat(day).year).isoformat() for day in days] == days


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("between 7 and 8 pm", "19:00"),
        ("from 6 to 7pm", "18:00"),
        ("ten to 7 pm", "18:50"),
        ("tonight at 9ish", "21:00"),
        ("7ish pm", "19:00"),
        ("sixteen hundred hours", "16:00"),
        ("seventeen twenty", "17:20"),
        ("1730", "17:30"),
        ("lunchtime", "12:00"),
        ("ten to midnight", "23:50"),
        ("4 people at 6", "06:00"),
        ("25 past 22", "22:25"),
    ],
)
def test_R11_an_hour_is_read_in_a_range_in_words_and_about(text: str, hour: str) -> None:
    assert first(SlotType.TIME, text) == hour


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("three hours before noon", "2019-03-06T09:00:00"),
        ("20 minutes after 4 pm tomorrow", "2019-03-07T16:20:00"),
        ("in about 40 minutes", "2019-03-06T10:00:00"),
        ("in 1h45", "2019-03-06T11:05:00"),
        ("in 5 days", "2019-03-11T09:00:00"),
        ("48 hours from now", "2019-03-08T09:20:00"),
        ("2019-04-02T08:15:00Z", "2019-04-02T08:15:00"),
        ("5 p.m. EST tomorrow", "2019-03-07T17:00:00"),
        ("by eod", "2019-03-06T23:59:59"),
    ],
)
def test_R11_a_moment_is_counted_from_now_or_from_an_hour(text: str, moment: str) -> None:
    assert first(SlotType.DATETIME, text) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("half hour", 1800),
        ("an hour and a quarter", 4500),
        ("2h40", 9600),
        ("2:40 hours", 9600),
        ("20'", 1200),
        ('50"', 50),
        ("four business days", 345_600),
        ("couple of hours", 7200),
    ],
)
def test_R11_spans_are_read_with_their_parts_and_signs(text: str, seconds: int) -> None:
    assert first(SlotType.DURATION, text) == seconds


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("half a dozen", 6),
        ("seven hundredths", 0.07),
        ("eleven twentieths", 0.55),
        ("four and nine hundredths", 4.09),
        ("thirty twenty fifths", 1.2),
        ("two hundred forty fifths", 4.4444444444444),
        ("three million and a half", 3_500_000),
        ("two billion and three quarters million", 2_000_750_000),
        ("point four", 0.4),
        ("negative 7", -7),
        ("2.5e3", 2500),
        ("1.5 x 10^4", 15_000),
        ("3^4", 81),
        ("2^-1", 0.5),
        ("4½", 4.5),
        ("30 000", 30_000),
        ("thirtyfive", 35),
        ("a couple of hundred", 200),
    ],
)
def test_R11_a_number_is_read_in_fractions_powers_and_compounds(text: str, number: float) -> None:
    assert first(SlotType.NUMBER, text) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("my husband and I would like to stay", 2),
        ("a stay for myself and my sister", 2),
        ("I am coming with my mother and two kids", 4),
        ("a pair please", 2),
        ("both of us", 2),
        ("nobody", 0),
        ("I'm travelling alone", 1),
    ],
)
def test_R11_those_who_come_along_are_counted_with_the_customer(text: str, count: int) -> None:
    assert first(SlotType.INTEGER, text) == count


def test_R11_a_number_beside_the_company_counts_and_a_power_beyond_reason_is_none() -> None:
    assert first(SlotType.INTEGER, "my wife and I need 3 rooms") == 3
    assert first(SlotType.NUMBER, "9^99") != 9**99


@pytest.mark.parametrize(
    ("text", "amount"),
    [("RM45", "45.00"), ("$6 000", "6000.00"), ("half a pound", "0.50"), ("3 dollars & 9 cents", "3.09")],
)
def test_R11_amounts_are_read_where_mark_and_figure_touch_or_are_parted(text: str, amount: str) -> None:
    value = first(SlotType.AMOUNT, text)
    assert isinstance(value, dict) and value["amount"] == amount


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("it was booked by petrenko", "petrenko"),
        ("under the name of Ines da Costa", "Ines da Costa"),
        ("surname is okafor", "okafor"),
        ("everybody calls me Jo", "Jo"),
        ("send ingrid 40 euros", "ingrid"),
        ("send $10 to my friend tunde", "tunde"),
        ("did ingrid pay me yet?", "ingrid"),
        ("where is ingrid solberg's payment", "ingrid solberg"),
        ("has the money from ingrid arrived", "ingrid"),
        ("yes, under de la cruz", "de la cruz"),
    ],
)
def test_R11_a_person_is_named_by_what_is_done_with_them(text: str, name: str) -> None:
    assert first(SlotType.NAME, text) == name


@pytest.mark.parametrize(
    "text", ["send money by mistake", "did my payment go through", "pay the gas bill", "my company name is long"]
)
def test_R11_what_is_paid_or_booked_is_no_person(text: str) -> None:
    assert first(SlotType.NAME, text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The destination is Oslo", "Oslo"),
        ("Oslo is my departure city", "Oslo"),
        ("How about Oslo?", "Oslo"),
        ("Preferably in Oslo", "Oslo"),
        ("Oslo it is", "Oslo"),
        ("I'd like some Korean food", "Korean"),
        ("I want to watch a thriller movie", "thriller"),
        ("The song is called Song of Joy", "Song of Joy"),
        ("Can you play Blue Moon?", "Blue Moon"),
        ("The Hobbit", "The Hobbit"),
        ("I want cat food", "cat food"),
    ],
)
def test_R11_a_short_answer_is_found_inside_the_sentence_around_it(text: str, answer: str) -> None:
    assert first(SlotType.TEXT, text) == answer


def test_S26_a_flow_for_which_only_small_words_speak_is_less_surely_meant() -> None:
    evidence = Evidence(
        [("how do i get a new card", "how can i get one", "i need a card"), ("pay a bill", "my invoice")]
    )
    mud, card = (evidence.weigh(words(text))[0] for text in ("how do i get mud out of it", "how do i get a card"))
    assert mud.strange and not card.strange
    assert sureness(mud, 1.0) < sureness(replace(mud, strange=False), 1.0)
