"""Cheap looks at a text: what it must hold before a form of a date is tried on it."""

from __future__ import annotations

import re
from functools import cache

from engine.readers import holidays

_MONTHS = re.compile(r"jan|feb|mar|apr|may|ju[nl]|a(?:ug|gu)|se[pt]|oc[to]|nov|dec")
_WEEKDAYS = re.compile(r"mon|t(?:ue|eu|us|hu|hr)|we[dn]|f(?:ri|ir)|s(?:at|un)")
_STEPS = re.compile(r"day|we?e?k|fortnight|mo|ye?a?r")
_PERIODS = re.compile(
    r"end|close|last day|first day|start|beginning|mid|ides|eo[mwy]|week|fortnight|2|tonite|very day|today'?s? date"
    r"|now|away|immediately|minute|moment|instant|once|time|asap|soon"
)
"""One cheap look each: what a month, a weekday, a distance, a stretch of time is told by, misspelled ones included."""


LOOKED = ("month", "weekday", "steps", "feast")
"""The groups of a form that tell which of the first looks it needs; where it has several, none will do."""


@cache
def looks() -> tuple[re.Pattern[str], ...]:
    """One cheap look for each kind of form."""
    return (_MONTHS, _WEEKDAYS, _STEPS, holidays.look(), _PERIODS)
