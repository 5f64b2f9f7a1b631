"""Dates in other languages than English: a whole short answer, read by dateparser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from engine.readers.reading import Found, Reading

_MAX_CHARS = 40
"""Longer answers are sentences; dateparser would find dates where none are."""
_Parse = Callable[..., datetime | None]


def foreign_date(text: str, reading: Reading) -> Found | None:
    """The date that the whole message means in the person's language ("1. März", "mañana"), or None."""
    bare = text.strip(" .!\n\t")
    if not bare or len(bare) > _MAX_CHARS or not any(map(str.isalpha, bare)):
        return None
    settings = {"RELATIVE_BASE": reading.here, "PREFER_DATES_FROM": "future", "REQUIRE_PARTS": ["day", "month"]}
    try:
        day = _parse()(bare, languages=[reading.language], settings=settings)
    except ValueError:
        return None
    if day is None:
        return None
    start = text.index(bare)
    return Found(value=day.date().isoformat(), start=start, end=start + len(bare), words=bare)


@cache
def _parse() -> _Parse:
    """Imported on first use: it costs a third of a second."""
    from dateparser import parse  # noqa: PLC0415

    return parse
