"""Text as it crosses a channel's edge: encodable, and nothing where there is nothing to see."""

from __future__ import annotations

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that draw nothing (Unicode: Default_Ignorable_Code_Point, and the blank Braille pattern)."""
_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_SELECTORS = range(0xFE00, 0xFE10)


def storable(text: str) -> str:
    """`text` with each NUL and lone surrogate replaced by U+FFFD, so that every store and provider can encode it."""
    return _UNSTORABLE.sub("\ufffd", text)


def visible(text: str) -> bool:
    """Something is left after removing white space, zero-width and format characters (C19)."""
    return "!" <= text[:1] <= "~" or any(not _unseen(char) for char in text)


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN_KINDS or char in _UNSEEN or ord(char) in _SELECTORS
