"""Opening hours: when people are at the desk, and clocks that run only then (section 2, F23)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = 7
_TIMES = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
_PART = re.compile(
    rf"(?P<days>[a-z][a-z ,–-]*?)\s+(?P<times>{_TIMES.pattern}(?:\s*,\s*{_TIMES.pattern})*)", re.IGNORECASE
)
_MIDNIGHT = 24 * 60
REMEDY = "write it like `Mon-Fri 09:00-17:00`, parts separated by `;`"


class HoursFault(ValueError):
    """A text that names no opening hours: `part` of it, `what` it is instead, and the remedy."""

    def __init__(self, part: str, what: str, remedy: str = REMEDY) -> None:
        super().__init__(f"{part!r} {what}; {remedy}")
        self.part, self.what, self.remedy = part, what, remedy


class Shift(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """People are there from `opens` to `closes`, minutes after midnight of `weekday` (Monday is 0).

    `closes` may pass midnight: 26:00 is 2 o'clock of the day after.
    """

    weekday: int
    opens: int
    closes: int


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """The week's shifts on the wall clock of `zone` (an IANA name). No shift at all: always open."""

    shifts: tuple[Shift, ...] = ()
    zone: str = "UTC"

    def open_at(self, at: datetime) -> bool:
        """Is somebody there at `at`?"""
        return self.next_opening(at) <= at

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself while the desk is open, else the start of the next shift."""
        if not self.shifts:
            return at
        return next(max(start, at) for start, end in self._shifts_around(at) if end > at)

    def after(self, at: datetime, seconds: float) -> datetime:
        """When `seconds` of opening time will have passed since `at`."""
        if not self.shifts:
            return at + timedelta(seconds=seconds)
        left = timedelta(seconds=seconds)
        done = at
        for start, end in self._shifts_around(at):
            begin = max(start, done)
            if begin + left <= end:
                return begin + left
            left -= max(end - begin, timedelta())
            done = max(done, end)
        raise AssertionError("the week comes round for ever")

    def _shifts_around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every shift that ends after `at`'s day before yesterday, in order, for ever. UTC."""
        zone = _zone(self.zone)
        day = at.astimezone(zone).date() - timedelta(days=2)
        while True:
            for shift in self.shifts:
                if shift.weekday == day.weekday():
                    yield _instant(day, shift.opens, zone, last=False), _instant(day, shift.closes, zone, last=True)
            day += timedelta(days=1)


def wall_time(at: datetime, *, now: datetime, zone: str, theirs: bool) -> str:
    """`at` as a customer is told it: `09:00 (your time)`, with the weekday when it is not within a day.

    `zone` is the customer's where it is known (`theirs`), else the desk's, which is then named.
    """
    local = at.astimezone(_zone(zone))
    day = "" if at - now < timedelta(days=1) else f"{_DAYS[local.weekday()].capitalize()} "
    return f"{day}{local:%H:%M} ({'your time' if theirs else zone})"


def read_hours(text: str, zone: str = "UTC") -> Hours:
    """`Mon-Fri 09:00-17:00; Sat 10:00-14:00`; "" is always open. Several times of a day stand behind commas.

    Raises HoursFault.
    """
    try:
        _zone(zone)
    except (KeyError, ValueError, OSError):
        raise HoursFault(zone, "is no time zone", "use an IANA name such as Europe/Berlin") from None
    shifts = [shift for part in text.split(";") if part.strip() for shift in _part(part.strip())]
    if text and not shifts:
        raise HoursFault(text, "names no opening time")
    return Hours(shifts=tuple(sorted(shifts)), zone=zone)


def _part(text: str) -> Iterator[Shift]:
    found = _PART.fullmatch(text)
    if found is None:
        raise HoursFault(text, "is no opening time")
    for days in found["days"].replace("–", "-").split(","):
        for weekday in _weekdays(days.strip()):
            for hour, minute, to_hour, to_minute in _TIMES.findall(found["times"]):
                opens, closes = int(hour) * 60 + int(minute), int(to_hour) * 60 + int(to_minute)
                if max(opens, closes) > _MIDNIGHT:
                    raise HoursFault(text, "holds a time after 24:00")
                yield Shift(weekday=weekday, opens=opens, closes=closes if closes > opens else closes + _MIDNIGHT)


def _weekdays(text: str) -> tuple[int, ...]:
    ends = [_weekday(name.strip()) for name in text.split("-")]
    if len(ends) > 2:
        raise HoursFault(text, "names no days")
    first, last = ends[0], ends[-1]
    return tuple((first + step) % _WEEK for step in range((last - first) % _WEEK + 1))


def _weekday(name: str) -> int:
    if name[:3].lower() not in _DAYS:
        raise HoursFault(name, "is no day of the week")
    return _DAYS.index(name[:3].lower())


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _instant(day: date, minutes: int, zone: ZoneInfo, *, last: bool) -> datetime:
    """A wall-clock time as an instant: of a doubled hour the first or the `last`, of a missing one its end (F23)."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = wall.replace(tzinfo=zone, fold=int(last)).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jumped over `wall`, to the second."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
