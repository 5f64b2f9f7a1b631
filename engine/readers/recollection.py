"""Being asked what was said before: "what was the book I asked about?" wants a value back, and brings none."""

from __future__ import annotations

import re

from engine.readers.words import clip, plain

_SAID = re.compile(
    r"\bi\W+(?:(?:just|last|already)\W+)?(?:asked|said|gave|mentioned|told|wanted|wrote|chose|picked|entered)\b"
    r"|\bdid i\b"
)
_WHAT = re.compile(r"\b(?:what|which|whose|how (?:many|much|long)|remind me)\b")


def asks_back(text: str) -> bool:
    """Is this a question for something that was said?"""
    folded = plain(clip(text))
    return _SAID.search(folded) is not None and _WHAT.search(folded) is not None
