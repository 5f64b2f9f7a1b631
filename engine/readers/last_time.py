""" "Same as last time": whoever says so wants an earlier task again (S13)."""

from __future__ import annotations

import re

_LAST_TIME = re.compile(
    r"\b(?:(?:the )?same(?: \w+)?(?: again)?(?:,? as| like)? (?:the )?(?:last time|last order|before|usual)"
    r"|(?:just |exactly )?(?:like|as) (?:the )?last time|the usual(?: please)?|same again|once more the same)\b",
    re.IGNORECASE,
)


def like_last_time(text: str) -> bool:
    """Do these words ask for what was had before?"""
    return _LAST_TIME.search(text) is not None
