"""A value as a summary shows it: in its canonical form, or masked when it is somebody's own (H53)."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from msgspec import UNSET, UnsetType

from engine.flow import SlotDef, SlotType
from engine.money import is_amount
from handoff.redaction import Hook, masked_contact
from handoff.transcript import cut, sound

_MAX_TEXT = 500
_MAX_ITEMS = 20
PERSONAL = {
    SlotType.NAME: "name",
    SlotType.EMAIL: "email",
    SlotType.PHONE: "phone",
    SlotType.POSTCODE: "address",
}
"""Slot types whose values are always masked, with their class."""
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_GRAVEST = ("payment_card", "bank_account", "government_id", "credential", "email", "phone")
"""Which class names a text in which several were masked."""


def slug(name: str) -> str:
    """The name as the document's names are: small letters, digits and _, a letter first, at most 60."""
    made = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:60]
    return made if made[:1].isalpha() else f"x_{made}"[:60]


def in_words(name: str) -> str:
    """A name as people read it: underscores as spaces."""
    return name.replace("_", " ")


class Shown:
    """A value in clear, or masked with its class: never both."""

    __slots__ = ("masked", "pii_class", "value")

    def __init__(self, value: Any, definition: SlotDef | None, hook: Hook) -> None:
        self.value: Any = UNSET
        self.masked: str | UnsetType = UNSET
        self.pii_class = PERSONAL.get(definition.type) if definition else None
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        if definition is not None and definition.sensitive:
            self.pii_class = self.pii_class or "other"
            self.masked = "***"
        elif definition is not None and self.pii_class is not None:
            self.masked = _mask(definition.type, text)
        else:
            found = hook(sound(text))
            if found.count and not _only_a_phone(found.classes, definition):
                self.pii_class = next((one for one in _GRAVEST if one in found.classes), "other")
                self.masked = cut(found.text, 120)
            else:
                self.value = canonical(value)


def _only_a_phone(classes: frozenset[str], definition: SlotDef | None) -> bool:
    """Digits that fit the author's own pattern are the author's number, whatever country could dial it."""
    return classes == {"phone"} and definition is not None and definition.pattern is not None


def _mask(kind: SlotType, text: str) -> str:
    match kind:
        case SlotType.EMAIL:
            return cut(masked_contact("email", text), 120)
        case SlotType.PHONE:
            return masked_contact("phone", text)
        case SlotType.NAME:
            first, *others = text.split() or ["***"]
            return cut(" ".join([first, *(f"{other[0]}." for other in others[-1:])]), 120) if "@" not in text else "***"
        case _:
            return f"{text[:2]}***"


def canonical(value: Any) -> Any:
    """The value as the document holds values: a scalar, an amount, or a list of them; anything else as its text."""
    if isinstance(value, list) and all(not isinstance(item, list) for item in value[:_MAX_ITEMS]):
        return [canonical(item) for item in value[:_MAX_ITEMS]]
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if is_amount(value) and _AMOUNT.fullmatch(str(value["amount"])) and _CURRENCY.fullmatch(str(value["currency"])):
        return {"amount": str(value["amount"]), "currency": str(value["currency"])}
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return cut(sound(text), _MAX_TEXT)
