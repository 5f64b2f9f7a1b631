"""Is a value allowed in its slot: its type's shape, then pattern, values, min and max (R4, R19)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from engine.flow import Json, SlotDef, SlotType
from engine.readers.enums import phrases
from engine.readers.lists import item_slot
from engine.readers.patterns import fits

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63}){1,8}")


def check(slot: SlotDef, value: Json) -> str:
    """Why a canonical value breaks a rule of the slot, as a sentence; "" when it is fine.

    The sentence is the slot's `error_msg` where it has one.
    """
    fault = _fault(slot, value)
    return (slot.error_msg or fault) if fault else ""


def shaped(kind: SlotType, value: Json) -> bool:
    """Has the value the canonical shape of its type? (DESIGN section 7)"""
    return _SHAPES[kind][0](value)


def _fault(slot: SlotDef, value: Json) -> str:
    label = slot.called[:1].upper() + slot.called[1:]
    fits_type, needs = _SHAPES[slot.type]
    if not fits_type(value):
        return f"{label} needs {needs}."
    if slot.type is SlotType.LIST and isinstance(value, list):
        faults = [fault for item in value if (fault := _fault(item_slot(slot), item))]
        return faults[0] if faults else _bounds(slot, label, Decimal(len(value)), "items")
    if slot.type is SlotType.ENUM and value not in slot.values and value not in slot.choices:
        return f"{label} is one of: {', '.join(said[0] for said in phrases(slot).values())}."
    if slot.pattern is not None and not (isinstance(value, str | int) and fits(slot, str(value))):
        return f"That does not look like {slot.called}."
    return _out_of_bounds(slot, label, value)


def _out_of_bounds(slot: SlotDef, label: str, value: Json) -> str:
    if isinstance(value, dict):
        return _bounds(slot, label, _decimal(value.get("amount")), str(value.get("currency", "")))
    if slot.type in {SlotType.TEXT, SlotType.NAME, SlotType.POSTCODE} and isinstance(value, str):
        return _bounds(slot, label, Decimal(len(value)), "characters")
    if slot.type in {SlotType.NUMBER, SlotType.INTEGER, SlotType.DURATION}:
        return _bounds(slot, label, _decimal(value), "seconds" if slot.type is SlotType.DURATION else "")
    if slot.type in {SlotType.DATE, SlotType.TIME, SlotType.DATETIME} and isinstance(value, str):
        if isinstance(slot.min, str) and value < slot.min:
            return f"{label} must not be before {slot.min}."
        if isinstance(slot.max, str) and value > slot.max:
            return f"{label} must not be after {slot.max}."
    return ""


def _bounds(slot: SlotDef, label: str, number: Decimal | None, unit: str) -> str:
    least, most = _decimal(slot.min), _decimal(slot.max)
    after = f" {unit}" if unit else ""
    if number is not None and least is not None and number < least:
        return f"{label} must be at least {least}{after}."
    if number is not None and most is not None and number > most:
        return f"{label} must be at most {most}{after}."
    return ""


def _decimal(value: Json) -> Decimal | None:
    if value is None or isinstance(value, bool | list | dict):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number.to_integral_value() if number.is_finite() and number == number.to_integral_value() else number


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_amount(value: Json) -> bool:
    if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
        return False
    number = _decimal(value["amount"])
    return isinstance(value["amount"], str) and number is not None and number.is_finite()


def _is_iso(parse: Callable[[str], object], length: int) -> Callable[[Json], bool]:
    def shaped(value: Json) -> bool:
        if not isinstance(value, str) or len(value) < length:
            return False
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return shaped


def _is_words(value: Json) -> bool:
    return isinstance(value, str) and bool(value.strip())


_SHAPES: dict[SlotType, tuple[Callable[[Json], bool], str]] = {
    SlotType.TEXT: (_is_words, "some words"),
    SlotType.NAME: (_is_words, "a name"),
    SlotType.NUMBER: (_is_number, "a number"),
    SlotType.INTEGER: (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    SlotType.AMOUNT: (_is_amount, "an amount of money"),
    SlotType.DATE: (_is_iso(date.fromisoformat, 10), "a date"),
    SlotType.TIME: (_is_iso(time.fromisoformat, 5), "a time of day"),
    SlotType.DATETIME: (_is_iso(datetime.fromisoformat, 16), "a day and a time"),
    SlotType.DURATION: (
        lambda value: _is_number(value) and isinstance(value, int | float) and value >= 0,
        "a duration",
    ),
    SlotType.BOOLEAN: (lambda value: isinstance(value, bool), "a yes or a no"),
    SlotType.ENUM: (lambda value: isinstance(value, str), "one of its options"),
    SlotType.EMAIL: (lambda value: isinstance(value, str) and _EMAIL.fullmatch(value) is not None, "an e-mail address"),
    SlotType.PHONE: (lambda value: isinstance(value, str) and _E164.fullmatch(value) is not None, "a phone number"),
    SlotType.POSTCODE: (_is_words, "a postcode"),
    SlotType.LIST: (lambda value: isinstance(value, list), "a list"),
}
"""For each type: does the JSON value have its canonical shape, and how to say what it needs."""
