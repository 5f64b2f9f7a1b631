"""Where a text that is too long for a channel is cut."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

import regex

from engine.message import Limits

Size = Callable[[str], int]
"""Measures a text in a channel's own unit; a longer text never measures less."""

ELLIPSIS = "…"

_SEAMS = tuple(
    regex.compile(seam)
    for seam in (
        r"\s*\n\s*\n\s*",  # paragraph
        r"\s*\n\s*",  # line
        r"(?<=[.!?…][\"'”’)\]]?)\s+|(?<=[。！？][」』”’）]?)(?![。！？」』”’）])",  # sentence
        r"\s+",  # word
    )
)
_FULL_ENOUGH = 0.25
"""A better seam is taken only if the part before it fills this share of what fits: else parts would be crumbs."""

_WHOLE = regex.compile(
    r"(?:https?://|www\.)\S+"  # URL
    r"|\+\d[\d ().\u00a0-]{4,20}\d"  # phone number
    r"|[$€£¥]?\d+(?:[.,:/'’\u00a0\u202f\u2009-]\d+)*%?"  # amount, date, time, number with its groups
)
_GRAPHEME = regex.compile(r"\X")


def utf16_units(text: str) -> int:
    """UTF-16 code units: what Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limits: Limits, *, size: Size | None = None, ending: str = ELLIPSIS) -> list[str]:
    """Cut `text` into parts of at most `limits.max_chars` of `limits.unit` each (C23).

    Parts end at a paragraph, line, sentence or word, in that order, and never inside a grapheme cluster, a URL or a
    number unless one of these alone is longer than a part. Joined they equal the text but for the white space at the
    cuts. Text beyond `max_parts` is left out and the last part closes with `ending`. With `part_counter` several
    parts begin with "(1/2) ", counted in. Blank text gives no part. `size` measures units other than utf16 and chars.
    """
    measure = size or (utf16_units if limits.unit == "utf16" else len)
    whole = text.strip()
    if not whole or measure(whole) <= limits.max_chars:
        return [whole] if whole else []
    counter = f"({limits.max_parts}/{limits.max_parts}) " if limits.part_counter and limits.max_parts > 1 else ""
    parts = _cut(whole, limits, lambda part: measure(counter + part), ending)
    if not counter:
        return parts
    return [f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, 1)]


def shorten(text: str, limit: int, *, size: Size = len) -> str:
    """`text` in at most `limit` units, closed with "…" if something had to go; no grapheme is cut."""
    if size(text) <= limit:
        return text
    fits = _reach(text, limit, lambda part: size(part + ELLIPSIS))
    return text[: _before(_graphemes(text[: fits + 1]), fits)].rstrip() + ELLIPSIS


def _cut(text: str, limits: Limits, size: Size, ending: str) -> list[str]:
    parts: list[str] = []
    while text and len(parts) < limits.max_parts - 1:
        cut = _place(text, _reach(text, limits.max_chars, size))
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    if text and size(text) > limits.max_chars:
        text = text[: _place(text, _reach(text, limits.max_chars, lambda part: size(part + ending)))].rstrip() + ending
    return [*parts, text] if text else parts


def _reach(text: str, limit: int, size: Size) -> int:
    """How many code points of `text` fit: at least one, or nothing would ever be sent."""
    return max(1, bisect_right(range(1, len(text) + 1), limit, key=lambda count: size(text[:count])))


def _place(text: str, fits: int) -> int:
    """Where to cut, given that `fits` code points fit."""
    if fits >= len(text):
        return len(text)
    # One code point further shows whether a seam, a grapheme or a number goes on behind the edge.
    whole = [match.span() for match in _WHOLE.finditer(text, endpos=_next_space(text, fits))]
    clusters = list(_graphemes(text[: fits + 64]))
    for seam in _SEAMS:
        cut = _last_seam(seam, text, fits, whole, clusters)
        if cut > fits * (_FULL_ENOUGH if seam is not _SEAMS[-1] else 0):
            return cut
    unbroken = next((start for start, end in whole if start < fits < end), fits)
    return _before(clusters, unbroken) or _before(clusters, fits) or fits


def _last_seam(
    seam: regex.Pattern[str], text: str, fits: int, whole: list[tuple[int, int]], clusters: list[int]
) -> int:
    """End of the part before the last seam that starts within `fits`; 0 if there is none."""
    known = set(clusters)
    found = 0
    for match in seam.finditer(text, endpos=fits + 1):
        start, goes_on = match.start(), match.end()
        torn = any(begin < start < end for begin, end in whole) or (goes_on <= fits and goes_on not in known)
        if 0 < start <= fits and start in known and not torn:
            found = start
    return found


def _graphemes(text: str) -> Iterator[int]:
    """Positions between grapheme clusters, from 0."""
    yield 0
    for match in _GRAPHEME.finditer(text):
        yield match.end()


def _before(positions: Iterator[int] | list[int], limit: int) -> int:
    """The last of ascending `positions` that is at most `limit`."""
    last = 0
    for position in positions:
        if position > limit:
            break
        last = position
    return last


def _next_space(text: str, start: int) -> int:
    """Where the word around `start` ends, with room for a phone number's groups behind it."""
    space = regex.search(r"\s", text, pos=start)
    return min(len(text), (space.start() if space else len(text)) + 24)
