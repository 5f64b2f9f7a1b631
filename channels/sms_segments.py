"""What a text costs as SMS: its alphabet, its segments, and the plain twins of typographic signs (C78, C79)."""

from __future__ import annotations

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""3GPP TS 23.038, 6.2.1: the default alphabet. One septet each."""
GSM_7_EXTENDED = frozenset("\f^{}\\[~]|€")
"""3GPP TS 23.038, 6.2.1.1: an escape and a sign. Two septets."""
_EVERY_GSM_7 = GSM_7 | GSM_7_EXTENDED

GSM_7_ALONE, GSM_7_CHAINED = 160, 153
"""Septets of a single segment, and of each in a chain (3GPP TS 23.040, 9.2.3.24.1: 6 octets go to the header)."""
UCS_2_ALONE, UCS_2_CHAINED = 70, 67
"""The same in UTF-16 units."""

_TWINS = str.maketrans(
    dict.fromkeys("‘’‚‛‹›′`´", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f", " ")
    | {"…": "..."}
)
"""Quotes, dashes, spaces and the ellipsis only: a letter of a name is never changed."""


def segments(text: str) -> int:
    """How many SMS segments `text` takes: 160 GSM-7 septets alone, 153 in a chain; 70/67 UTF-16 units otherwise.

    No segment ends inside an escape pair or a surrogate pair. Empty text takes none. Source: 3GPP TS 23.038, 23.040.
    """
    if _in_gsm_7(text):
        costs = [2 if char in GSM_7_EXTENDED else 1 for char in text]
        alone, chained = GSM_7_ALONE, GSM_7_CHAINED
    else:
        costs = [2 if char > "\uffff" else 1 for char in text]
        alone, chained = UCS_2_ALONE, UCS_2_CHAINED
    if sum(costs) <= alone:
        return 1 if text else 0
    count, room = 1, chained
    for cost in costs:
        if cost > room:
            count, room = count + 1, chained
        room -= cost
    return count


def plainest(text: str) -> str:
    """`text` with typographic signs as their GSM-7 twins, if that makes the whole of it GSM-7; else as it is (C79)."""
    twin = text.translate(_TWINS)
    return twin if _in_gsm_7(twin) else text


def cost(text: str) -> int:
    """Segments of `text` as it leaves: what a part is measured by."""
    return segments(plainest(text))


def _in_gsm_7(text: str) -> bool:
    return _EVERY_GSM_7.issuperset(text)
