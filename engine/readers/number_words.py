"""English words of whole numbers: "twenty-one", "three hundred and one", "two dozen", "a couple of thousand"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {"nil": 0, "nought": 0, "naught": 0}
TENS = {
    word: 10 * ten
    for ten, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
} | {"fourty": 40, "ninty": 90}
SCALES = {
    "thousand": 10**3,
    "grand": 10**3,
    "lakh": 10**5,
    "lac": 10**5,
    "lkh": 10**5,
    "million": 10**6,
    "mil": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "crore": 10**7,
    "cr": 10**7,
    "koti": 10**7,
    "billion": 10**9,
    "bil": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
PARTS = {
    **dict(zip(["half", "third", "quarter", "fourth", "fifth", "sixth"], (2, 3, 4, 4, 5, 6), strict=True)),
    **dict(zip(["seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"], range(7, 13), strict=True)),
    **{f"{word}th": number for word, number in UNITS.items() if number > 12},
    **{f"{word[:-1]}ieth": number for word, number in TENS.items()},
    "hundredth": 100, "thousandth": 1000, "millionth": 10**6,
}  # fmt: skip
"""Of how many parts a fraction's word speaks."""
DOZENS = frozenset({"dozen", "doz", "dz"})
FIGURE = re.compile(r"\d{1,15}")
_UNBOUNDED = 10**18


_JOINED = {ten + unit: tens + one for ten, tens in TENS.items() for unit, one in UNITS.items() if 0 < one < 10}
"""Written as one word: "twentyone"."""


def number_below_100(word: str) -> int | None:
    """The number of one number word, or None: "twelve" -> 12."""
    return UNITS.get(word, TENS.get(word, _JOINED.get(word)))


def count(tokens: Sequence[str]) -> tuple[Decimal, int] | None:
    """The whole number that the first words spell and how many words it took; it ends where a fraction begins.

    Each next addend must be smaller than the place the last one left open (`room`).
    """
    total, group, room, at, spelled = 0, 0, _UNBOUNDED, 0, False
    if lead := _couple(tokens):
        group, at = 2, lead
    while at < len(tokens):
        word, one = tokens[at], singular(tokens[at])
        small = None if spelled and group and _begins_parts(tokens[at:]) else number_below_100(word)
        step = 1
        if small is not None and small < room and (small or not spelled):
            group, spelled = group + small, True
            room = 10 if word in TENS else 0
        elif at == 0 and FIGURE.fullmatch(word) and _multiplies(tokens[1:2]):
            group, room = int(word), 0
        elif at == 0 and word in {"a", "an"} and _multiplies(tokens[1:2]):
            group = 1
        elif at == 0 and FIGURE.fullmatch(word) and tokens[1:2] in (["point"], ["over"]):
            group, room, spelled = int(word), 0, True
        elif at == 0 and word == "hundred" and _multiplies(tokens[1:2]):
            group, room, spelled = 100, 100, True
        elif one == "hundred" and 0 < group < 100:
            group, room, spelled = group * 100, 100, True
        elif one in DOZENS and group:
            return Decimal(total + group + 11 * (group % 100 or group)), at + 1
        elif one in SCALES and (group or total):
            total = total + group * SCALES[one] if group else total * SCALES[one]
            group, room, spelled = 0, SCALES[one], True
        elif word == "and" and spelled and room >= 100 and _goes_on(tokens[at + 1 :]):
            step = 1
        else:
            break
        at += step
    return (Decimal(total + group), at) if spelled else None


def small_count(tokens: Sequence[str]) -> tuple[int, int] | None:
    """The number below 100 of the first words and how many they are: "seven", "twenty five"."""
    first = number_below_100(tokens[0]) if tokens else None
    if first is None:
        return None
    unit = number_below_100(tokens[1]) if tokens[0] in TENS and len(tokens) > 1 else None
    return (first + unit, 2) if unit is not None and 0 < unit < 10 else (first, 1)


def denominator(tokens: Sequence[str], *, plural: bool) -> tuple[int, int] | None:
    """Of how many parts the first words are and how many words: "thirds", "hundredth", "twenty fifths"."""
    tens = TENS.get(tokens[0]) if len(tokens) > 1 else None
    word = tokens[1] if tens else tokens[0] if tokens else ""
    one = singular(word)
    under = PARTS.get(one)
    if under is None or (plural and one == word) or (tens and not 2 < under < 10):
        return None
    return (tens + under, 2) if tens else (under, 1)


def singular(word: str) -> str:
    """A number word without its plural: "millions", "halves"."""
    if word == "halves":
        return "half"
    return word[:-1] if word.endswith("s") else word


def _couple(tokens: Sequence[str]) -> int:
    """How many words "a couple of" takes where it counts hundreds, dozens or more."""
    at = 1 if tokens[:1] == ["a"] else 0
    if tokens[at : at + 1] != ["couple"]:
        return 0
    at += 2 if tokens[at + 1 : at + 2] == ["of"] else 1
    return at if _multiplies(tokens[at : at + 1]) else 0


def _multiplies(tokens: Sequence[str]) -> bool:
    return bool(tokens) and singular(tokens[0]) in {"hundred", *DOZENS, *SCALES}


def _begins_parts(rest: Sequence[str]) -> bool:
    """Of how many parts what was counted is: the "thirty fifths" of "one hundred thirty fifths"."""
    return rest[0] in TENS and denominator(rest, plural=True) is not None


def _goes_on(rest: Sequence[str]) -> bool:
    """Does a number follow, and no fraction ("two million and | three fifths")?"""
    small = small_count(rest[:2])
    if small is None:
        return False
    value, used = small
    return denominator(rest[used : used + 2], plural=value != 1) is None
