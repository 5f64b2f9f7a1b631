"""What the customer hears of the desk, in words: lines filled in, times on their own clock (section 2)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from engine.book import Book
from engine.message import Option
from handoff.case import Case
from handoff.moves import Line

WAY_BACK = "fd:desk:"
"""How the token of the "Go on with the assistant" button begins; the case's reference follows."""
_TIMES = {"opens_at": "time"}
"""Values that are instants -> the name under which a line shows them."""


def in_words(line: Line, book: Book, *, now: datetime, zone: str) -> str:
    """The line as the desk words it; "" when it is to say nothing."""
    values: dict[str, object] = {}
    for name, value in line.values.items():
        values[_TIMES.get(name, name)] = _clock(value, now, zone) if name in _TIMES else value
    return book.line(line.key, None, **values)


def way_back(case: Case, book: Book) -> Option:
    """The button back to the bot, where a channel has buttons (H10)."""
    return Option(label=book.line("way_back"), token=f"{WAY_BACK}{case.reference}")


def _clock(instant: str, now: datetime, zone: str) -> str:
    """`09:00` today, `Tue 09:00` within a week, else with its date."""
    here = ZoneInfo(zone)
    at, today = datetime.fromisoformat(instant).astimezone(here), now.astimezone(here).date()
    if at.date() == today:
        return f"{at:%H:%M}"
    days = (at.date() - today).days
    return f"{at:%a %H:%M}" if days < 7 else f"{at:%a} {at.day} {at:%b %H:%M}"
