"""English number words: "twenty-one", "three hundred and one", "two and a half", "1.5 million"."""

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
_PARTS = dict(
    zip(
        ["half", "third", "quarter", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
        (2, 3, 4, 4, 5, 6, 7, 8, 9, 10),
        strict=True,
    )
)
_DOZENS = frozenset({"dozen", "doz", "dz"})
_FIGURE = re.compile(r"\d{1,15}")
_UNBOUNDED = 10**18


def number_below_100(word: str) -> int | None:
    """The number of one number word, or None: "twelve" -> 12."""
    return UNITS.get(word, TENS.get(word))


def spell(tokens: Sequence[str]) -> tuple[Decimal, int] | None:
    """The number that the first words spell, as long as it goes on, and how many words it took."""
    sign = -1 if tokens[:1] in (["minus"], ["negative"]) else 1
    skipped = 1 if sign < 0 else 0
    if part := _part(tokens[skipped:]):
        return sign * part[0], skipped + part[1]
    counted = _count(tokens[skipped:])
    if counted is None:
        return None
    value, used = counted
    value, more = _with_fraction(value, tokens[skipped + used :])
    if more:
        times, of = _scale_of(tokens[skipped + used + more :])
        whole = value // 1 if value >= 1000 else 0
        value, more = whole + (value - whole) * times, more + of
    return sign * value, skipped + used + more


def _part(tokens: Sequence[str]) -> tuple[Decimal, int] | None:
    """ "half a million", "a quarter", "quarter million": a part without a count before it."""
    lead = 1 if tokens[:1] in (["a"], ["an"], ["one"]) else 0
    under = _PARTS.get(tokens[lead]) if len(tokens) > lead else None
    if under is None:
        return None
    times, of = _scale_of(tokens[lead + 1 :])
    if not of and tokens[lead] not in {"half", "quarter", "third"} | ({"fifth", "tenth"} if lead else set()):
        return None
    return (Decimal(times) / under, lead + 1 + of) if of or (lead and len(tokens) == lead + 1) else None


def _scale_of(rest: Sequence[str]) -> tuple[int, int]:
    """ "of a million" behind a part: its factor, and how many words it took."""
    at = 1 if rest[:1] == ["of"] else 0
    at += rest[at : at + 1] in (["a"], ["an"], ["one"])
    scale = SCALES.get(_singular(rest[at])) if at < len(rest) else None
    return (scale, at + 1) if scale else (1, 0)


def _count(tokens: Sequence[str]) -> tuple[Decimal, int] | None:
    """The whole part: each next addend must be smaller than the place the last one left open (`room`)."""
    total, group, room, at, spelled = 0, 0, _UNBOUNDED, 0, False
    while at < len(tokens):
        word, singular = tokens[at], _singular(tokens[at])
        small = number_below_100(word)
        step = 1
        if small is not None and small < room and (small or not spelled):
            group, spelled = group + small, True
            room = 10 if word in TENS else 0
        elif at == 0 and _FIGURE.fullmatch(word) and _multiplies(tokens[1:2]):
            group, room = int(word), 0
        elif at == 0 and word in {"a", "an"} and _multiplies(tokens[1:2]):
            group = 1
        elif at == 0 and _FIGURE.fullmatch(word) and tokens[1:2] in (["point"], ["over"]):
            group, room, spelled = int(word), 0, True
        elif at == 0 and word == "hundred" and _multiplies(tokens[1:2]):
            group, room, spelled = 100, 100, True
        elif singular == "hundred" and 0 < group < 100:
            group, room, spelled = group * 100, 100, True
        elif singular in _DOZENS and group:
            return Decimal(total + group + 11 * (group % 100 or group)), at + 1
        elif singular in SCALES and (group or total):
            total = total + group * SCALES[singular] if group else total * SCALES[singular]
            group, room, spelled = 0, SCALES[singular], True
        elif word == "and" and spelled and room >= 100 and _starts_number(tokens[at + 1 : at + 2]):
            step = 1
        else:
            break
        at += step
    return (Decimal(total + group), at) if spelled else None


def _with_fraction(value: Decimal, rest: Sequence[str]) -> tuple[Decimal, int]:
    """What follows the whole part: "three | quarters", "five | and a half", "two | point seven one"."""
    if not rest:
        return value, 0
    under = _PARTS.get(_singular(rest[0]))
    if under and (value == 1 or rest[0] != _singular(rest[0])):
        return value / under, 1
    if rest[0] == "and" and len(rest) > 1:
        over, name = (1, rest[1]) if rest[1] in _PARTS else (UNITS.get(rest[1], rest[1] == "a"), "".join(rest[2:3]))
        under = _PARTS.get(_singular(name))
        if over and under:
            return value + Decimal(over) / under, 2 if rest[1] in _PARTS else 3
    if rest[0] == "over" and len(rest) > 1:
        below = _count(rest[1:]) or ((Decimal(rest[1]), 1) if _FIGURE.fullmatch(rest[1]) else None)
        return (value / below[0], 1 + below[1]) if below and below[0] > value else (value, 0)
    if rest[0] == "point":
        digits = _while_digit(rest[1:])
        if digits:
            return value + Decimal(f"0.{_run_on(digits)}"), 1 + len(digits)
    return value, 0


def _run_on(said: Sequence[str]) -> str:
    """The digits behind the point: "seven one", "71" and "seventy-one" are the same."""
    digits = ""
    for before, word in zip(("", *said), said, strict=False):
        small = number_below_100(word)
        joined = before in TENS and small is not None and 0 < small < 10
        digits = digits[:-1] + _digits(word) if joined else digits + _digits(word)
    return digits


def _digits(word: str) -> str:
    small = number_below_100(word)
    return word if small is None else str(small)


def _while_digit(tokens: Sequence[str]) -> list[str]:
    taken: list[str] = []
    for word in tokens[:12]:
        if word not in UNITS and word not in TENS and not (_FIGURE.fullmatch(word) and len(word) < 8):
            break
        taken.append(word)
    return taken


def _multiplies(tokens: Sequence[str]) -> bool:
    return bool(tokens) and _singular(tokens[0]) in {"hundred", *_DOZENS, *SCALES}


def _starts_number(tokens: Sequence[str]) -> bool:
    return bool(tokens) and number_below_100(tokens[0]) is not None


def _singular(word: str) -> str:
    if word == "halves":
        return "half"
    return word[:-1] if word.endswith("s") else word
