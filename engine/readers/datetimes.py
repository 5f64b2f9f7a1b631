"""A day with a time: "tomorrow at 3 pm", "2026-03-01T18:30", "in two hours"."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import datetime, time, timedelta

from msgspec.structs import replace

from engine.readers.date_periods import AT_ONCE
from engine.readers.dates import dates_in
from engine.readers.durations import find_durations
from engine.readers.reading import Found, Reading
from engine.readers.times import times_in
from engine.readers.words import plain

_ISO = re.compile(
    r"(?<![\w-])(?P<moment>\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?)(?:\.\d{1,6})?(?:z|[+-]\d\d:?\d\d)?(?![\w:])"
)
"""What zone it is said in is left alone: the person's is meant."""
_ZONE = r"\(?(?:[ecmp][sd]?t|gmt|utc|bst|i?st|a[ek][sd]t|zulu)\)?"
_AT = re.compile(
    rf"(?: ?{_ZONE})?,?\s{{0,2}}(?:(?:at|on|around|about|by|from|for|in|before|after|until|till|the|@|-"
    rf"|\((?:\w{{3,9}})\)|{_ZONE}|(?:early |late )?(?:morning|afternoon|evening|night))\s{{0,2}}){{0,3}}"
)
_END_OF = re.compile(r"\b(?:(?:end|close) of (?:the |this )?(?:(?P<day>day|business)\b)?|(?P<eod>eod|cob)\b)")
_LAST_SECOND = time(23, 59, 59)
_NOW = re.compile(rf"\b{AT_ONCE}\b(?! (?:i|we|it|that|my|the)\b)")
_AGO = re.compile(r"\s{1,2}ago\b")
_FROM_NOW = re.compile(r"\s{1,2}(?:from now|later|hence)\b")
_IN = re.compile(
    r"\b(?:in|within)\s{1,2}(?:(?:about|around|approximately|exactly|precisely|just|roughly|like|the next)\s)?$"
)
_FROM_HOUR = re.compile(r"\s(?P<side>before|after|past|from|to|till)\s(?:the\s)?$")
_FINE = re.compile(r"\d ?[hms](?![a-z])|h(?:ou)?r|min|sec")
"""A unit below a day."""
_DAY_S = 86_400
_LEAD_CHARS, _IN_CHARS = 12, 20


def find_datetimes(text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """Moments as ISO 8601 wall-clock times of the person's zone, to the second: "2026-03-01T18:30:00".

    A day and a time that stand next to each other make one. Asked, a time alone is its next occurrence.
    """
    found = [*_iso(text), *_paired(text, reading), *_relative(text, reading), *_ends(text, reading)]
    if not found and asked:
        found = [_next_occurrence(text, reading, *each) for each in times_in(text, asked=True)] or _now(text, reading)
    kept: list[Found] = []
    for each in sorted(_counted_from(text, found), key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def times_from_now(text: str, reading: Reading) -> list[Found]:
    """Times of day as "HH:MM" that are told by how far off they are, today: "in 45 minutes"."""
    today = reading.here.date().isoformat()
    moments = _relative(text, reading) or _now(text, reading)
    soon = (each for each in moments if str(each.value).startswith(today))
    return [replace(each, value=str(each.value)[11:16]) for each in soon]


def _iso(text: str) -> list[Found]:
    found = []
    for m in _ISO.finditer(plain(text)):
        try:
            found.append(_found(text, datetime.fromisoformat(m["moment"].upper()), m.start(), m.end()))
        except ValueError:
            continue
    return found


def _paired(text: str, reading: Reading) -> list[Found]:
    folded, found = plain(text), []
    hours = times_in(text, asked=True)
    for day, start, end in dates_in(text, reading, asked=True):
        at = bisect_left(hours, start, key=lambda each: each[1])
        for hour, hour_start, hour_end in hours[max(0, at - 1) : at + 2]:
            left, right = min(end, hour_end), max(start, hour_start)
            if left <= right and _AT.fullmatch(folded, left, right):
                found.append(_found(text, datetime.combine(day, hour), min(start, hour_start), max(end, hour_end)))
                break
    return found


def _relative(text: str, reading: Reading) -> list[Found]:
    folded, found = plain(text), []
    for duration in find_durations(text):
        ago, later = _AGO.match(folded, duration.end), _FROM_NOW.match(folded, duration.end)
        lead = _IN.search(folded, max(0, duration.start - _IN_CHARS), duration.start)
        if not (ago or later or lead) or not isinstance(duration.value, int | float):
            continue
        try:
            moment = _on(reading.here, -duration.value if ago else duration.value, duration.words)
        except OverflowError:
            continue
        tail = ago or later
        found.append(
            _found(text, moment, lead.start() if lead else duration.start, tail.end() if tail else duration.end)
        )
    return found


def _on(moment: datetime, seconds: float, said: str) -> datetime:
    """The moment so far off; a distance of whole days tells no minute, and leads to the hour."""
    later = moment + timedelta(seconds=seconds)
    fine = seconds % _DAY_S or _FINE.search(said.lower())
    return later if fine else later.replace(minute=0, second=0, microsecond=0)


def _counted_from(text: str, found: list[Found]) -> list[Found]:
    """ "two hours before noon", "15 minutes from 1 pm": each moment with the distance said before it."""
    folded = plain(text)
    sides = [_FROM_HOUR.search(folded, max(0, each.start - _LEAD_CHARS), each.start) for each in found]
    if not any(sides):
        return found
    steps = {step.end: step for step in find_durations(text)}
    return [
        _moved(text, each, step, back=side["side"] in {"before", "to", "till"})
        if side and (step := steps.get(side.start()))
        else each
        for each, side in zip(found, sides, strict=True)
    ]


def _moved(text: str, found: Found, step: Found, *, back: bool) -> Found:
    if not isinstance(step.value, int | float):
        return found
    try:
        moment = datetime.fromisoformat(str(found.value)) + timedelta(seconds=-step.value if back else step.value)
    except OverflowError:
        return found
    return _found(text, moment, step.start, found.end)


def _now(text: str, reading: Reading) -> list[Found]:
    m = _NOW.search(plain(text))
    return [_found(text, reading.here.replace(microsecond=0), m.start(), m.end())] if m else []


def _ends(text: str, reading: Reading) -> list[Found]:
    """ "by end of day", "the end of Sunday": its last second."""
    folded, found = plain(text), []
    for m in _END_OF.finditer(folded):
        if m["day"] or m["eod"]:
            found.append(_found(text, datetime.combine(reading.here.date(), _LAST_SECOND), m.start(), m.end()))
            continue
        days = (each for each in dates_in(text, reading, asked=True) if m.start() < each[1] <= m.end())
        found.extend(_found(text, datetime.combine(day, _LAST_SECOND), m.start(), end) for day, _, end in days)
    return found


def _next_occurrence(text: str, reading: Reading, hour: time, start: int, end: int) -> Found:
    here = reading.here
    moment = datetime.combine(here.date(), hour)
    return _found(text, moment if moment > here else moment + timedelta(days=1), start, end)


def _found(text: str, moment: datetime, start: int, end: int) -> Found:
    return Found(value=moment.isoformat(timespec="seconds"), start=start, end=end, words=text[start:end])
