"""What a text claims that can be checked: amounts, dates, times, numbers, ids, ways to reach somebody (S25)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.flow import SlotDef, SlotType
from engine.readers.calendar_words import MONTHS, WEEKDAYS
from engine.readers.contacts import find_emails
from engine.readers.dates import dates_in
from engine.readers.durations import find_durations
from engine.readers.money import find_amounts
from engine.readers.numerals import find_numerals
from engine.readers.phones import find_phones
from engine.readers.reading import Reading
from engine.readers.spans import Taken
from engine.readers.times import times_in
from engine.readers.words import clip, plain, words

_AMOUNT = SlotDef(name="amount", type=SlotType.AMOUNT)
_WITH_DIGITS = re.compile(r"\S*\d\S*")
_EDGES = ".,;:!?\"'()[]{}<>*_~-–—"
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_MONTHS = {name: number for name, number in MONTHS.items() if len(name) > len("may") and name != "march"}
"""Without those that are other words too."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One of them: what kind, its canonical value, its place in the text. Two ways to write one thing are equal."""

    kind: str
    value: str
    start: int
    end: int

    @property
    def what(self) -> tuple[str, str]:
        """Without its place."""
        return self.kind, self.value


def claims(text: str, reading: Reading) -> list[Claim]:
    """Every claim of a text, in its order; a figure that belongs to a longer claim is none of its own."""
    text = clip(text)
    found = sorted(_read(text, reading), key=lambda claim: (claim.start, -claim.end))
    named = list(_ids(text, found))
    taken = Taken([(claim.start, claim.end) for claim in (*found, *named)])
    figures = [
        Claim("number", f"{each.value.normalize():f}", each.start, each.end)
        for each in find_numerals(text, reading.comma_decimals)
        if not taken.touches(each.start, each.end)
    ]
    read = [*found, *named, *figures]
    return sorted([*read, *_left(text, read)], key=lambda claim: claim.start)


def _read(text: str, reading: Reading) -> Iterator[Claim]:
    for email in find_emails(text, asked=False):
        yield Claim("email", str(email.value), email.start, email.end)
    for phone in find_phones(text, reading, asked=False):
        yield Claim("phone", str(phone.value), phone.start, phone.end)
    for amount in find_amounts(_AMOUNT, text, reading, asked=False):
        yield Claim("amount", str(amount.value), amount.start, amount.end)
    for day, start, end in dates_in(text, reading, asked=False):
        yield Claim("date", day.isoformat(), start, end)
    for hour, start, end in times_in(text, asked=False):
        yield Claim("time", hour.isoformat(), start, end)
    for span in find_durations(text, comma_decimals=reading.comma_decimals):
        if span.words.split()[0] not in ("a", "an"):  # "just a moment", "a second": a way of speaking
            yield Claim("duration", str(span.value), span.start, span.end)


def _ids(text: str, found: list[Claim]) -> Iterator[Claim]:
    """Words of letters and digits, such as an order's number, that no reader has taken."""
    taken = Taken([(claim.start, claim.end) for claim in found])
    for token in _WITH_DIGITS.finditer(plain(text)):
        bare = token[0].strip(_EDGES)
        start = token.start() + token[0].index(bare)
        if _LETTER.search(bare) and not taken.touches(start, start + len(bare)):
            yield Claim("id", "".join(filter(str.isalnum, bare)), start, start + len(bare))


def _left(text: str, read: list[Claim]) -> Iterator[Claim]:
    """What no reader takes for a value and is a claim all the same: the figures of "24/7", a month by itself."""
    taken = Taken([(claim.start, claim.end) for claim in read])
    for digits in _DIGITS.finditer(plain(text)):
        if not taken.touches(*digits.span()):
            yield Claim("number", str(int(digits[0])), *digits.span())
    for word in words(text):
        name = word.text.removesuffix("s")
        for kind, names in (("month", _MONTHS), ("weekday", WEEKDAYS)):
            if name in names and not taken.touches(word.start, word.end):
                yield Claim(kind, str(names[name]), word.start, word.end)
