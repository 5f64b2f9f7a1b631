"""What a desk knows by itself: the time, the date, its opening hours (S5)."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from engine.draft import Draft

_TIME = re.compile(r"\bwhat(?:'s| is)? (?:the )?time\b(?! (?:does|do|will|can|should|are))", re.IGNORECASE)
_DATE = re.compile(r"\bwhat(?:'s| is)? (?:the |today'?s )?(?:date|day)(?: is it| today)?\W*$", re.IGNORECASE)
_US = r"(?:you(?: guys)?|the (?:shop|store|desk|office)|your (?:shop|store|desk|office|team))"
_HOURS = re.compile(
    rf"\b(?:opening|business|office|working) (?:hours|times)\b|\b(?:your|the) hours\b"
    rf"|\b(?:are|is|do|does) {_US} (?:(?:still|already|ever) )?(?:open|closed?)\b(?! (?:an?|my|the|new)\b)",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:now|today|still|at the moment)\b", re.IGNORECASE)


def desk_fact(draft: Draft, question: str) -> str:
    """The answer to a question about time, date or opening hours, on the desk's clock; "" for any other question."""
    desk = draft.book.desk
    now = draft.now.astimezone(ZoneInfo(desk.timezone))
    time = draft.line("time_is", time=f"{now:%I:%M %p}".lstrip("0"))
    if desk.hours and _HOURS.search(question):
        hours = draft.line("hours_are", hours=desk.hours.replace(";", ","), zone=desk.timezone)
        return f"{hours} {time}" if _NOW.search(question) else hours
    if _TIME.search(question):
        return time
    if _DATE.search(question):
        return draft.line("date_is", date=f"{now:%A}, {now.day} {now:%B %Y}")
    return ""
