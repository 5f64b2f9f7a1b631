"""Text as Slack carries it: its marks undone on the way in, and none made by accident on the way out (C59, C61)."""

from __future__ import annotations

import re

from rich.emoji import Emoji

_MARK = re.compile(r"<([^<>]*)>( ?)")
"""What stands in angle brackets is Slack's: a `<` that somebody typed arrives as `&lt;`."""
_ENTITY = re.compile(r"&(lt|gt|amp);")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?://)?", re.IGNORECASE)
_SPOKEN_SCHEMES = ("mailto:", "tel:")
"""Slack makes these links by itself; what was typed is the label."""
_TONE = re.compile(":skin-tone-([2-6]):")
_FIRST_TONE = 0x1F3FB
"""EMOJI MODIFIER FITZPATRICK TYPE-1-2, which Slack calls skin-tone-2."""


def plain(text: str) -> str:
    """`text` as its writer saw it, un-escaped once: `<url|label>` is "label (url)", mentions are display names or
    nothing and never ids, `:smile:` is the character (H47). Emoji that only a workspace knows stay as they are."""
    words = _ENTITY.sub(lambda found: _ENTITIES[found[1]], _MARK.sub(_meant, text))
    return _TONE.sub(lambda found: chr(_FIRST_TONE + int(found[1]) - 2), Emoji.replace(words))


def escaped(text: str) -> str:
    """`text` so that Slack shows it as it is: no mention, no link and no channel can come of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def without_mention(text: str, user: str) -> tuple[str, bool]:
    """Raw `text` without mentions of `user`, and whether there were any."""
    left, found = re.subn(rf"<@{re.escape(user)}(\|[^<>]*)?> ?", "", text) if user else (text, 0)
    return (left.strip().lstrip(",:;").lstrip(), True) if found else (text, False)


def _meant(found: re.Match[str]) -> str:
    words = _words(found[1])
    return words + found[2] if words else ""


def _words(mark: str) -> str:
    """What a mark says to a reader; "" for a mention without a name."""
    target, _, label = mark.partition("|")
    match target[:1]:
        case "@" | "!":
            return label if label != target[1:] else ""
        case "#":
            return f"#{label}" if label else ""
    if target.startswith(_SPOKEN_SCHEMES):
        return label or target.partition(":")[2]
    if not label or label in (target, _SCHEME.sub("", target, count=1).rstrip("/")):
        return label or target
    return f"{label} ({target})"
