"""Being asked what was said before: "what was the book I asked about?" wants a value back, and brings none."""

from __future__ import annotations

import re

from engine.readers.words import clip, plain

_WHAT = re.compile(r"\b(?:what|which|remind me)\b")
_SAID = re.compile(
    r"\b(?:did i (?:ask|say|tell|give|want|mention|order|choose|pick|enter|write|type|take)"
    r"|i (?:had )?(?:asked|said|told|gave|wanted|mentioned|ordered|chose|picked|entered|wrote|typed|took)"
    r"|(?:was|were) (?:my|the)\b.*\b(?:again|last time|before)|do you (?:still )?(?:remember|have) (?:my|the))\b"
)


def asks_back(text: str) -> bool:
    """Is this a question for something that was said?"""
    folded = plain(clip(text))
    return _SAID.search(folded) is not None and (_WHAT.search(folded) is not None or "?" in folded)
