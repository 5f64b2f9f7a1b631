"""Whether a proposed value may count: canonical by the slot's own reader, its rules kept, said by the customer (R4)."""

from __future__ import annotations

import re

from engine.extraction import MAX_VALUE_CHARS
from engine.flow import Json, SlotDef, SlotType
from engine.promises import bound
from engine.readers.reading import Reading
from engine.readers.values import check, find_values
from engine.readers.words import only, stems

AS_SAID = frozenset({SlotType.EMAIL, SlotType.PHONE, SlotType.POSTCODE})
"""Types whose letters and digits must stand in the customer's own words, as those of a `pattern` must."""

MOST_UNSAID_WORDS = 10
"""Of an open text, those that the customer did not say: enough for the hotel meant by "there", too few for a letter."""
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_REACHING = re.compile(r"https?:|www\.|://|[<>\[\]{}`\\]|@\w|\b\w+\.(?:com|org|net|io|example|test)\b", re.IGNORECASE)
"""What could be a link, a mention or markup: never from a model alone (F20)."""
_HOST = re.compile(r"[^\W\d_]{2}\w{0,63}\.[^\W\d_]{2}|[^\W\d_]{3}:[^\W\d_]|\d{1,3}(?:\.\d{1,3}){3}")
"""Two words with a point or a colon and no space between them, or an address in numbers."""


def accepted(slot: SlotDef, value: Json, said: str, reading: Reading) -> tuple[Json, str]:
    """(canonical value, "") of a proposed value, or (None, why it does not count). `said`: the customer's words.

    An amount must be readable in those words, not only its digits: nobody else may say how much (F20).
    """
    text = _text(value)
    if text is None or len(text) > MAX_VALUE_CHARS:
        return None, "not a value of its type"
    found = _canonical(slot, value, text, reading)
    if found is None or check(slot, found):
        return None, "refused by its reader"
    if (slot.pattern is not None or slot.type in AS_SAID) and not stands_in(str(found), said):
        return None, "not in the customer's words"
    if slot.type is SlotType.AMOUNT and not _reads(slot, found, said, reading):
        return None, "not in the customer's words"
    if is_open(slot) and _unsaid(text, said) > MOST_UNSAID_WORDS:
        return None, "not in the customer's words"
    if _REACHING.search(text) and not stands_in(text, said):
        return None, "not in the customer's words"
    if is_open(slot) and not bound(text) <= bound(said):
        return None, "binding words that are not the customer's"
    return found, ""


def is_open(slot: SlotDef) -> bool:
    """May its value be any text?"""
    return slot.type in {SlotType.TEXT, SlotType.NAME} and slot.pattern is None


def stands_in(value: str, said: str) -> bool:
    """Do the letters and digits of a value stand in these words, whatever is between them?"""
    bare = _bare(value)
    return bool(bare) and bare in _bare(said)


def quoted(words: str, said: str) -> bool:
    """Do these words stand in the others, whole and in their order?"""
    return bool(only(words)) and f" {only(words)} " in f" {only(said)} "


def reaches(text: str) -> bool:
    """Could this be a link, a mention or markup? (F20)"""
    return bool(_REACHING.search(text) or _HOST.search(text))


def _unsaid(text: str, said: str) -> int:
    known = set(stems(said))
    return sum(stem not in known for stem in stems(text))


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _text(value: Json) -> str | None:
    """A value as a customer might have written it; None for what is no value."""
    if isinstance(value, list):
        parts = [_text(item) for item in value]
        return None if None in parts else ", ".join(filter(None, parts))
    if isinstance(value, bool | int | float | str):
        return str(value).strip() or None
    return None


def _canonical(slot: SlotDef, value: Json, text: str, reading: Reading) -> Json:
    """As the slot's reader reads it alone; an open text is its own canonical form."""
    if slot.type is SlotType.BOOLEAN:
        return value if isinstance(value, bool) else _BOOLEANS.get(text.casefold())
    if slot.type is SlotType.ENUM and not check(slot, text):
        return text
    if is_open(slot):
        return " ".join(text.split()) if isinstance(value, str) else text
    found = [each for each in find_values(slot, text, reading, asked=True) if not each.fault]
    return found[-1].value if found else None


def _reads(slot: SlotDef, value: Json, said: str, reading: Reading) -> bool:
    return any(each.value == value for each in find_values(slot, said, reading, asked=True))
