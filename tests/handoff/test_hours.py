"""Opening hours, and clocks that run only then, also where the clocks change (F23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.hours import Hours, read_hours, wall_time

OFFICE = read_hours("Mon-Fri 09:00-17:00", "America/New_York")
ZONES = ("UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin")
SHIFTS = (
    "Mon-Fri 09:00-17:00",
    "Sat 22:00-06:00",
    "Sun 01:30-02:15; Mon 00:00-24:00",
    "Fri-Mon 08:00-12:00, 13:00-18:00",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_no_hours_are_always_open() -> None:
    assert Hours().open_at(at("2026-01-01T00:00"))
    assert Hours().after(at("2026-01-01T00:00"), 90) == at("2026-01-01T00:01:30")


@pytest.mark.parametrize(
    ("when", "open_", "opens"),
    [
        ("2026-03-02T14:00", True, "2026-03-02T14:00"),  # Monday 09:00
        ("2026-03-02T13:59", False, "2026-03-02T14:00"),
        ("2026-03-02T22:00", False, "2026-03-03T14:00"),  # 17:00 sharp
        ("2026-03-06T23:00", False, "2026-03-09T13:00"),  # over the weekend into summer time
    ],
)
def test_the_next_opening(when: str, open_: bool, opens: str) -> None:
    assert OFFICE.open_at(at(when)) is open_
    assert OFFICE.next_opening(at(when)) == at(opens)


def test_a_clock_stands_still_while_the_desk_is_closed() -> None:
    assert OFFICE.after(at("2026-03-06T21:58"), 300) == at("2026-03-09T13:03")


def test_a_shift_may_pass_midnight() -> None:
    night = read_hours("Sat 22:00-06:00")
    assert night.open_at(at("2026-03-08T05:59"))
    assert not night.open_at(at("2026-03-08T06:00"))


def test_F23_a_missing_hour_opens_at_its_end() -> None:
    early = read_hours("Sun 02:30-05:00", "America/New_York")
    assert early.next_opening(at("2026-03-08T05:00")) == at("2026-03-08T07:00")  # 03:00 summer time


def test_F23_a_doubled_hour_opens_once_at_its_first() -> None:
    early = read_hours("Sun 01:30-05:00", "America/New_York")
    opens = early.next_opening(at("2026-11-01T04:00"))
    assert opens == at("2026-11-01T05:30")
    assert early.open_at(at("2026-11-01T06:15"))


def test_F23_half_an_hour_of_summer_time() -> None:
    island = read_hours("Sun 02:15-04:00", "Australia/Lord_Howe")
    assert island.next_opening(at("2026-10-03T12:00")) == at("2026-10-03T15:30")  # 02:30, the gap's end


@pytest.mark.parametrize(
    "text", ["always", ";", "Mon 9-17", "Xyz 09:00-17:00", "Mon-Tue-Wed 09:00-17:00", "Mon 09:00-25:00"]
)
def test_what_is_no_opening_time_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="write it like"):
        read_hours(text)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="IANA"):
        read_hours("Mon 09:00-17:00", "Mars/Olympus")


def test_a_customer_is_told_their_own_time() -> None:
    opens = at("2026-03-03T14:00")
    told = wall_time(opens, now=at("2026-03-03T02:00"), zone="America/New_York", theirs=True)
    assert told == "09:00 (your time)"
    later = wall_time(opens, now=at("2026-02-28T02:00"), zone="Europe/Berlin", theirs=False)
    assert later == "Tue 15:00 (Europe/Berlin)"


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(ZONES),
    st.sampled_from(SHIFTS),
    st.floats(0, 200_000),
    st.floats(0, 200_000),
)
def test_clocks_add_up_and_end_in_opening_hours(
    when: datetime, zone: str, shifts: str, first: float, then: float
) -> None:
    hours = read_hours(shifts, zone)
    start = when.replace(tzinfo=UTC)
    halfway, end = hours.after(start, first), hours.after(start, first + then)
    assert abs(hours.after(halfway, then) - end) < timedelta(milliseconds=1)
    assert end >= start + timedelta(seconds=first + then) - timedelta(milliseconds=1)
    opens = hours.next_opening(start)
    assert opens >= start
    assert hours.open_at(opens)
