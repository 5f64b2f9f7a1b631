"""Until when a case sleeps: `45m`, `2h`, `3d`, `14:30` or `tomorrow`, in the desk's zone (H57)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_SPAN = re.compile(r"(\d{1,4})\s*(m|min|h|d)[a-z]*", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_MORNING = time(9)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def read_until(text: str, now: datetime, zone: str) -> datetime | None:
    """The time that is meant, always after `now`; None when none is."""
    words = text.strip().lower()
    if found := _SPAN.fullmatch(words):
        return now + timedelta(**{_UNITS[found[2][0].lower()]: int(found[1])})
    here = now.astimezone(ZoneInfo(zone))
    if words == "tomorrow":
        return datetime.combine(here.date() + timedelta(days=1), _MORNING, here.tzinfo)
    if found := _CLOCK.fullmatch(words):
        at = datetime.combine(here.date(), time(int(found[1]), int(found[2])), here.tzinfo)
        return at if at > here else at + timedelta(days=1)
    return None
