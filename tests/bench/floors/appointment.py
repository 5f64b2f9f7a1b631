"""The appointment by hand: eight values, each read by one call of a library, then a confirmation and a call.

Libraries are those the gateway has for such values: rapidfuzz, dateutil, phonenumbers. Not dateparser, which the
gateway keeps for languages it has no reader of its own for, and which takes a millisecond for a date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import phonenumbers
from dateutil.parser import parse
from rapidfuzz import fuzz, process

from tests.bench.floors.talk import YES_NO, Asking, Keyboard, Memory, Said, keyboard_of

SERVICES = ("haircut", "colour", "massage")
NUMBERS = {
    word: number for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"), 1)
}
NUMBER = re.compile(rf"\b(?:[1-8]|{'|'.join(NUMBERS)})\b")
PRICE = re.compile(r"\$ ?(\d+(?:\.\d\d)?)")
NAME = re.compile(r"(?:my name is |i'm |i am )?(.+)", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def _service(text: str) -> str:
    found = process.extractOne(text.lower(), SERVICES, scorer=fuzz.partial_ratio, score_cutoff=80)
    return found[0] if found else ""


def _day(text: str) -> str:
    today = datetime.now(UTC).date()
    day = parse(text, fuzzy=True).date()
    return (day if day >= today else date(day.year + 1, day.month, day.day)).isoformat()


def _time(text: str) -> str:
    return f"{parse(text, fuzzy=True):%H:%M}"


def _guests(text: str) -> str:
    found = NUMBER.search(text.lower())
    return str(NUMBERS.get(found[0], found[0])) if found else ""


def _budget(text: str) -> str:
    found = PRICE.search(text)
    return f"${float(found[1]):.2f}" if found else ""


def _customer(text: str) -> str:
    found = NAME.fullmatch(text)
    return found[1] if found else ""


def _phone(text: str) -> str:
    for match in phonenumbers.PhoneNumberMatcher(text, "US", leniency=phonenumbers.Leniency.POSSIBLE):
        return str(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
    return ""


def _email(text: str) -> str:
    found = EMAIL.search(text)
    return found[0].lower() if found else ""


SLOTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "service": ("What shall we do for you?", _service),
    "day": ("On which day?", _day),
    "time": ("At what time?", _time),
    "guests": ("How many of you are coming?", _guests),
    "budget": ("How much may it cost?", _budget),
    "customer": ("What is your name?", _customer),
    "phone": ("What is your phone number?", _phone),
    "email": ("Where may we write to?", _email),
}
"""Each with its question and how its answer is read."""

_NAMES = tuple(SLOTS)


async def appointment(memory: Memory, text: str, asking: Asking) -> Said:
    """The next step of it."""
    at = memory["at"]
    if at == "new" and "appointment" in text.lower():
        return _ask(memory, 0)
    if at in SLOTS:
        try:
            value = SLOTS[at][1](text)
        except ValueError:
            value = ""
        if value:
            memory[at] = value
            return _ask(memory, _NAMES.index(at) + 1)
    if at == "sure" and text.lower() == "yes":
        booking = {name: memory[name] for name in _NAMES}
        await asking.post("/bookings", booking, memory["phone"])
        memory["at"] = "new"
        return f"It is booked. We look forward to your {memory['service']}.", None
    return "I did not understand that.", None


def _ask(memory: Memory, place: int) -> Said:
    if place < len(_NAMES):
        memory["at"] = name = _NAMES[place]
        keyboard: Keyboard | None = keyboard_of(*SERVICES) if name == "service" else None
        return SLOTS[name][0], keyboard
    memory["at"] = "sure"
    service, day, time, guests, budget, *person = (memory[name] for name in _NAMES)
    told = f"A {service} on {day} at {time} for {guests}, up to {budget}, {', '.join(person)}."
    return f"{told} Shall we book it?", YES_NO
