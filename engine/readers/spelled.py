"""Numbers as words spell them, with their fractions: "two and a half", "three quarters", "five over two"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engine.readers.number_words import (
    DOZENS,
    FIGURE,
    PARTS,
    SCALES,
    TENS,
    UNITS,
    count,
    denominator,
    number_below_100,
    singular,
    small_count,
)

_DOZEN = 12


def spell(tokens: Sequence[str]) -> tuple[Decimal, int] | None:
    """The number that the first words spell, as long as it goes on, and how many words it took."""
    sign = -1 if tokens[:1] in (["minus"], ["negative"]) else 1
    skipped = 1 if sign < 0 else 0
    if part := _part(tokens[skipped:]) or _below_one(tokens[skipped:]):
        return sign * part[0], skipped + part[1]
    counted = count(tokens[skipped:])
    if counted is None:
        return None
    value, used = counted
    value, more = _with_fraction(value, tokens[skipped + used :])
    if more:
        times, of = _scale_of(tokens[skipped + used + more :])
        own = SCALES.get(singular(tokens[skipped + used - 1]), 1) if tokens[skipped + used] == "and" else 1
        whole = value // 1 if value >= 1000 else 0
        value, more = whole + (value - whole) * (times if of else own), more + of
    return sign * value, skipped + used + more


def _part(tokens: Sequence[str]) -> tuple[Decimal, int] | None:
    """ "half a million", "half a dozen", "a quarter", "quarter million": a part without a count before it."""
    lead = 1 if tokens[:1] in (["a"], ["an"], ["one"]) else 0
    under = PARTS.get(tokens[lead]) if len(tokens) > lead else None
    if under is None:
        return None
    times, of = _scale_of(tokens[lead + 1 :])
    if not of and tokens[lead] not in {"half", "quarter", "third"} | ({"fifth", "tenth"} if lead else set()):
        return None
    return (Decimal(times) / under, lead + 1 + of) if of or (lead and len(tokens) == lead + 1) else None


def _below_one(tokens: Sequence[str]) -> tuple[Decimal, int] | None:
    """ "point five"."""
    digits = _while_digit(tokens[1:]) if tokens[:1] == ["point"] else []
    return (Decimal(f"0.{_run_on(digits)}"), 1 + len(digits)) if digits else None


def _scale_of(rest: Sequence[str]) -> tuple[int, int]:
    """ "of a million" behind a part: its factor, and how many words it took."""
    at = 1 if rest[:1] == ["of"] else 0
    at += rest[at : at + 1] in (["a"], ["an"], ["one"])
    if at >= len(rest):
        return 1, 0
    scale = _DOZEN if rest[at] in DOZENS else SCALES.get(singular(rest[at]))
    return (scale, at + 1) if scale else (1, 0)


def _with_fraction(value: Decimal, rest: Sequence[str]) -> tuple[Decimal, int]:
    """What follows the whole part: "three | quarters", "five | and a half", "two | point seven one"."""
    if not rest:
        return value, 0
    if under := denominator(rest[:2], plural=value != 1):
        return value / under[0], under[1]
    if rest[0] == "and" and len(rest) > 1:
        over, used = (1, 0) if rest[1] in PARTS else (1, 1) if rest[1] == "a" else small_count(rest[1:3]) or (0, 0)
        below = denominator(rest[1 + used : 3 + used], plural=over > 1) if over else None
        if below:
            return value + Decimal(over) / below[0], 1 + used + below[1]
    if rest[0] == "over" and len(rest) > 1:
        divisor = count(rest[1:]) or ((Decimal(rest[1]), 1) if FIGURE.fullmatch(rest[1]) else None)
        return (value / divisor[0], 1 + divisor[1]) if divisor and divisor[0] > value else (value, 0)
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
        if word not in UNITS and word not in TENS and not (FIGURE.fullmatch(word) and len(word) < 8):
            break
        taken.append(word)
    return taken
