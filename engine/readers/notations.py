"""Numbers in a notation of their own: powers ("2^10", "1.3x10^6", "1.3e6") and fractions of one sign ("1½")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation, localcontext

_SIGNS = "½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_PARTS = frozenset(_SIGNS)
_POWER = re.compile(
    r"(?<![\w.,^/])(?P<sign>[-+])?(?P<factor>\d{1,9}(?:\.\d{1,9})?)"
    r"(?:e(?P<tens>[+-]?\d{1,2})|(?: ?[x*×] ?(?P<base>10))?\^ ?(?P<power>[+-]?\d{1,2}))(?![\w^]|\.\d)"
)
_RAISED = re.compile(r"\^|\de[\d+-]")
_PART = re.compile(rf"(?<![\w.,/])(?P<whole>\d{{1,6}})? ?(?P<part>[{_SIGNS}])(?!\w)")
_MOST_DIGITS = 24


def in_notation(folded: str) -> Iterator[tuple[Decimal, int, int]]:
    """(value, start, end) of each; a power beyond 24 digits is no number that anybody means."""
    if not _PARTS.isdisjoint(folded):
        for m in _PART.finditer(folded):
            part = Decimal(str(unicodedata.numeric(m["part"])))
            yield int(m["whole"] or 0) + part, m.start() if m["whole"] else m.start("part"), m.end()
    for m in _POWER.finditer(folded) if _RAISED.search(folded) else ():
        value = _raised(m)
        if value is not None and abs(value) < 10**_MOST_DIGITS:
            yield value, m.start(), m.end()


def _raised(m: re.Match[str]) -> Decimal | None:
    factor = Decimal((m["sign"] or "") + m["factor"])
    with localcontext() as within:
        within.prec = _MOST_DIGITS
        try:
            if m["power"] and not m["base"]:
                value: Decimal = factor ** int(m["power"])
                return value
            return factor * Decimal(10) ** int(m["tens"] or m["power"])
        except InvalidOperation:
            return None
