"""Text of customers, models and agents as Slack may show it: nothing in it is live, nothing hides (H52, C61)."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_TAGS = range(0xE0000, 0xE0080)
_SPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    """The text with every hidden character spelled out: `[U+202E]`; tag characters as the letters they hide.

    Joiners stay between characters that need them (emoji, scripts that join).
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(text, place) for place in range(len(text)))


def one_line(text: str) -> str:
    """The text on one line: a customer's line break cannot begin a line of ours."""
    return _SPACE.sub(" ", text).strip()


def escaped(text: str, chars: int) -> str:
    """Visible and escaped (`&`, `<`, `>`), in at most `chars` characters; a cut never splits an escape."""
    shown = visible(text)
    whole = _escape(shown)
    if len(whole) <= chars:
        return whole
    kept = shown[:chars]
    while len(_escape(kept)) > chars - 1:
        kept = kept[: -max(1, (len(_escape(kept)) - chars + 1) // 5)]
    return _escape(kept.rstrip()) + "…"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("```", "'''")


def _shown(text: str, place: int) -> str:
    char = text[place]
    if char.isascii():
        return char if char.isprintable() or char in "\n\t" else " "
    if ord(char) in _TAGS:
        letter = chr(ord(char) - _TAGS[0])
        return letter if letter.isprintable() else f"[U+{ord(char):X}]"
    if char in _JOINERS and 0 < place < len(text) - 1 and not (text[place - 1] + text[place + 1]).isascii():
        return char
    return f"[U+{ord(char):04X}]" if unicodedata.category(char) in ("Cf", "Cc", "Co", "Cs") else char
