"""What no model may see of a text: characters that nobody sees, and whatever `sensitive` slots hold (S24, X50)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from engine.draft import Draft
from engine.flow import SlotDef
from engine.frame import Slot
from engine.readers.values import find_values
from engine.views import HIDDEN, shown

_UNSEEN = ("Cc", "Cf", "Cs")
_UNLIKELY = 4
"""Characters from which a secret stands in no other word by chance."""


def shielded(draft: Draft, text: str) -> str:
    """A text of the talk: also without what could be a value of a sensitive slot of an open run."""
    text = visible(text)
    for slot in _sensitive(draft):
        for found in find_values(slot, text, draft.reading, asked=False):
            text = text.replace(found.words, HIDDEN) if found.words else text
    return without_held(draft, text)


def without_held(draft: Draft, text: str) -> str:
    """A text of our own: without the sensitive values that the conversation still knows."""
    for secret in sorted(_held(draft), key=len, reverse=True):
        if len(secret) >= _UNLIKELY:
            text = text.replace(secret, HIDDEN)
        else:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text)
    return text


def one_line(draft: Draft, value: object) -> str:
    """A value in a list of ours: on one line, so that it cannot pretend to be more than that."""
    return without_held(draft, " ".join(visible(str(value)).split()))


def visible(text: str) -> str:
    """Without characters that nobody sees."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)


def _sensitive(draft: Draft) -> Iterator[SlotDef]:
    for frame in draft.stack:
        yield from (slot for slot in draft.book.of(frame).definition.slots.values() if slot.sensitive)


def _held(draft: Draft) -> set[str]:
    """Sensitive values, as stored and as they were said, of open runs, of the one that ended last, and shared ones."""
    found: set[str] = set()
    for frame in draft.stack:
        found |= _said(draft.book.of(frame).definition.slots, frame.slots)
    ended = draft.ended and draft.book.current(draft.ended.flow)
    if draft.ended and ended:
        found |= _said(ended.definition.slots, draft.ended.slots)
    if secrets := draft.book.secrets:
        for shared in draft.scopes.values():
            found |= _said(secrets, shared)
        found |= _said(secrets, {name: loose.slot for name, loose in draft.loose.items()})
    return found - {""}


def _said(declared: Mapping[str, SlotDef], held: Mapping[str, Slot]) -> set[str]:
    secret = [(declared[name], one) for name, one in held.items() if name in declared and declared[name].sensitive]
    return {
        word
        for slot, one in secret
        if one.value is not None
        for word in (str(one.value), str(shown(one.value, slot)), one.words)
    }
