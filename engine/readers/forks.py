"""Trying it another way: "fork: what if ...", "go back to the focus and try pricing", "back to the first version"."""

from __future__ import annotations

import re

_LEAD = (
    r"^\W{0,4}(?:(?:please|ok|okay|no|wait|actually|sorry|now|then|and|can we|could we|can you|could you|can i|let's"
    r"|let us|i want to|i'd like to|i would like to|i need to|let me)[\s,]{1,3}){0,4}"
)
_MOVE = r"(?:(?:go|take me|get|jump|return|switch|change) )?back to\s|(?:return|switch|change|go) to\s"
_THE = r"(?:(?:the|my|our|that|this)\s)?"
_FORK = re.compile(
    _LEAD + r"(?:make a |try a )?fork\b(?: (?:it|this|that|here|the \w{1,20}))?(?P<to>)\s{0,2}[:,.-]?\s{0,2}"
)
_TRY = re.compile(
    _LEAD
    + rf"(?:(?:go|take me|get|jump|return|switch) )?back to\s{_THE}(?P<to>[^.;!?\n]{{2,80}}?)\s{{0,2}}[,.;]?\s{{0,2}}"
    r"(?:(?:and|then|but)\s){0,2}(?:let's |lets |let us |i'd like to |i would like to |i want to )?try\s"
)
_VERSION = re.compile(
    _LEAD + rf"(?:{_MOVE}){_THE}(?P<to>(?:[\w'-]{{1,30}}\s){{1,5}}(?:version|branch|variant)"
    r"|(?:version|branch|variant)\s[\w-]{1,20})\b(?:\s{0,2}[,.;:!]?\s{0,2}(?:(?:and|then|please)\s){0,2})"
)

Span = tuple[int, int, int]
"""Start and end of what is named, and where the rest begins."""


def forking(folded: str) -> Span | None:
    """Of a wish to keep what is there and try it another way: the earlier point, "" where none is named (S31)."""
    return _span(_TRY.match(folded) or _FORK.match(folded))


def back_to_version(folded: str) -> Span | None:
    """Of "back to the first version and ...": which version."""
    return _span(_VERSION.match(folded))


def _span(found: re.Match[str] | None) -> Span | None:
    return (found.start("to"), found.end("to"), found.end()) if found else None
