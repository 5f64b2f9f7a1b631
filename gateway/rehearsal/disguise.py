"""Other people's data in place of a customer's: the same wherever it stood, and still what its slot accepts (X60).

What was read into a slot is replaced by something invented of its kind; what is left and looks like a contact, a card,
an account, an id or a secret is masked. A name that only stood in free text is beyond this: somebody must read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.account import HIDDEN, Took
from engine.flow import FlowDef, SlotDef, SlotType
from engine.message import Address
from engine.readers.values import check
from handoff.redaction import redact

NAMES = ("Robin Meadows", "Kim Waters", "Alex Rivers", "Sam Brooks", "Jo Fields", "Lee Marsh")
NUMBER_FROM = 10_001
"""The first invented number; others count on from here."""
UNKNOWN_REGION, AMERICAN = "US", "+12015550123"
"""Where a number's own country is not known."""
_TELLING = 4
"""Characters from which an account's id is looked for in texts."""
_LONG = 5
"""Digits from which a number that no slot took may be somebody's."""
_DIGITS = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_MASKS = str.maketrans("[]", "()")


class Disguise:
    """Knows what stands for what in one conversation."""

    def __init__(self, took: Iterable[Took], flows: Mapping[str, FlowDef], address: Address | None) -> None:
        self._instead: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._figures: set[str] = set()
        """Digits that are a figure, not a name for anything: a promise is about them."""
        self._people = 0
        for one in took:
            flow = flows.get(one.flow)
            slot = flow.slots.get(one.slot) if flow else None
            if slot is not None and one.value is not None and one.value != HIDDEN:
                self._learn(slot, str(one.value), one.words)
        for id in {address.chat, address.person} if address else ():
            if len(id) >= _TELLING:
                self._instead.setdefault(id.casefold(), "customer")
        longest_first = sorted(self._instead, key=len, reverse=True)
        self._known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def text(self, text: str) -> str:
        """The text without the customer."""
        parts: list[str] = []
        place = 0
        for found in self._known.finditer(text) if self._instead else ():
            parts += [self._rest(text[place : found.start()]), self._instead[found[0].casefold()]]
            place = found.end()
        return "".join([*parts, self._rest(text[place:])])

    def value(self, value: Any) -> Any:
        """The same for a JSON value, whatever strings are in it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.value(one) for name, one in value.items()}
        return [self.value(one) for one in value] if isinstance(value, list) else value

    def _rest(self, text: str) -> str:
        """What no slot took: contacts, cards and secrets masked, long numbers and those of an identifier replaced. A
        mask in brackets would read as choices."""
        found = redact(text)
        masked = found.text.translate(_MASKS) if found.count else text
        return _DIGITS.sub(lambda run: self._other(run[0]), masked)

    def _other(self, run: str) -> str:
        if run in self._figures or (len(run) < _LONG and run not in self._numbers):
            return run
        return self._digits(run)

    def _learn(self, slot: SlotDef, value: str, words: str) -> None:
        match slot.type:
            case SlotType.NAME:
                self._name(value)
            case SlotType.EMAIL:
                self._put(value, words, f"person{self._next_person()}@example.com")
            case SlotType.PHONE:
                self._put(value, words, _number_like(value))
            case SlotType.TEXT | SlotType.POSTCODE if slot.pattern or slot.type is SlotType.POSTCODE:
                self._identifier(slot, value, words)
            case SlotType.TEXT | SlotType.ENUM:
                """Open words: what can be told in them is masked."""
            case _:
                self._figures.update(_DIGITS.findall(f"{value} {words}"))

    def _name(self, value: str) -> None:
        if value.casefold() in self._instead:
            return
        invented = NAMES[self._next_person() % len(NAMES)].split()
        parts = value.split()
        self._put(value, "", " ".join(invented[: max(len(parts), 1)]))
        for part, other in zip(parts, invented, strict=False):
            self._put(part, "", other)

    def _identifier(self, slot: SlotDef, value: str, words: str) -> None:
        """Other digits in the same places; kept where its slot would refuse them."""
        other = re.sub(r"\d+", lambda found: self._digits(found[0]), value)
        if check(slot, other):
            return
        self._put(value, words, other)

    def _digits(self, run: str) -> str:
        if run not in self._numbers:
            self._numbers[run] = str(NUMBER_FROM + len(self._numbers)).zfill(len(run))[-len(run) :]
        return self._numbers[run]

    def _put(self, value: str, words: str, other: str) -> None:
        for real in filter(None, (value, words)):
            self._instead.setdefault(real.casefold(), other)

    def _next_person(self) -> int:
        self._people += 1
        return self._people


def _number_like(value: str) -> str:
    """The example of its country's numbering plan."""
    import phonenumbers  # noqa: PLC0415 - its metadata is large

    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(value)) or UNKNOWN_REGION
    except phonenumbers.NumberParseException:
        region = UNKNOWN_REGION
    example = phonenumbers.example_number(region)
    return phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164) if example else AMERICAN
