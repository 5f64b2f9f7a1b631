"""Trying it another way and keeping what there is: "fork: what if ...", "go back to the focus and try pricing"."""

from __future__ import annotations

import re

_LEAD = (
    r"^\W{0,4}(?:(?:please|ok|okay|no|wait|actually|sorry|now|then|and|can we|could we|can you|could you|can i|let's"
    r"|let us|i want to|i'd like to|i would like to|i need to|let me)[\s,]{1,3}){0,4}"
)
_FORK = re.compile(
    _LEAD + r"(?:make a |try a )?fork\b(?: (?:it|this|that|here|the \w{1,20}))?(?P<to>)\s{0,2}[:,.-]?\s{0,2}"
)
_TRY = re.compile(
    _LEAD + r"(?:(?:go|take me|get|jump|return|switch) )?back to\s(?:(?:the|my|our|that|this)\s)?"
    r"(?P<to>[^.;!?\n]{2,80}?)\s{0,2}[,.;]?\s{0,2}(?:(?:and|then|but)\s){0,2}"
    r"(?:let's |lets |let us |i'd like to |i would like to |i want to )?try\s(?!again\b)"
)


def forking(folded: str) -> tuple[int, int, int] | None:
    """Of a wish to try it another way: start and end of the earlier point, nothing where none is named; and where the
    rest begins."""
    if "fork" not in folded and "try" not in folded:
        return None
    found = _TRY.match(folded) or _FORK.match(folded)
    return (found.start("to"), found.end("to"), found.end()) if found else None
