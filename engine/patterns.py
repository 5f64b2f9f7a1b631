"""What can be told of a slot's `pattern` without running it: does it compile, what fits it, can it run away (X32)."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from itertools import cycle, product
from re import _constants as op  # type: ignore[attr-defined]  # the standard library's own parser: any other
from re import _parser as parser  # type: ignore[attr-defined]  # would read some pattern differently than re does
from string import ascii_letters
from typing import Any

_MOST_TEXTS = 50
_MANY_ROUNDS = 3
"""Rounds of an outer quantifier up to which an inner one does no harm worth naming."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_LONGEST = 1_000
"""Characters of a sample: no pattern ever runs on more (X32)."""
_TRIED = ascii_letters + "-_ ./#:+"


def fault(pattern: str) -> str | None:
    """Why `pattern` is no regular expression; None when it is one."""
    try:
        _compiled(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error) or "it is nested too deep"
    return None


def nested_quantifier(pattern: str) -> bool:
    """Does it repeat a part of open length inside another repetition, as `(a+)+` does? `pattern` must compile.

    So does one whose repetitions multiply to more characters than are ever read.
    """
    return _runs_away(_parsed(pattern), least=1, most=1)


def every_text(pattern: str) -> tuple[str, ...] | None:
    """All texts that fit, in the pattern's order, when they are few, as of `yes|no`; else None."""
    found = _texts(_parsed(pattern))
    return tuple(dict.fromkeys(found)) if found is not None else None


def text_without_digits(pattern: str) -> str | None:
    """A text of letters that fits the pattern, `ORD-abc` for `ORD-\\S{3,}`; None when it cannot do without a digit."""
    sample = None if nested_quantifier(pattern) else _sample(_parsed(pattern), cycle("abcdefghij"))
    if sample is None or not any(char.isalpha() for char in sample):
        return None
    return sample if _compiled(pattern).fullmatch(sample) else None


def _compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # "possible nested set": it still means what it meant
        return re.compile(pattern)


def _parsed(pattern: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return parser.parse(pattern)


def _runs_away(nodes: Any, *, least: int, most: int) -> bool:
    """`least` and `most` are the rounds that the repetitions around `nodes` make."""
    for code, argument in nodes:
        low, high = (int(argument[0]), int(argument[1])) if code in _REPEATS else (1, 1)
        if (low != high and most > _MANY_ROUNDS) or (least > 1 and least * low > _LONGEST):
            return True
        inside = _inside(code, argument)
        if any(_runs_away(inner, least=least * max(low, 1), most=most * high) for inner in inside):
            return True
    return False


def _inside(code: Any, argument: Any) -> Iterator[Any]:
    """The node lists that one node holds."""
    if code in _REPEATS:
        yield argument[2]
    elif code is op.SUBPATTERN:
        yield argument[3]
    elif code is op.BRANCH:
        yield from argument[1]
    elif code is op.ATOMIC_GROUP:
        yield argument
    elif code in (op.ASSERT, op.ASSERT_NOT):
        yield argument[1]
    elif code is op.GROUPREF_EXISTS:
        yield from (part for part in argument[1:] if part is not None)


def _texts(nodes: Any) -> list[str] | None:
    parts: list[list[str]] = []
    for code, argument in nodes:
        texts = _texts_of(code, argument)
        if texts is None:
            return None
        parts.append(texts)
        count = 1
        for part in parts:
            count *= len(part)
        if count > _MOST_TEXTS:
            return None
    return ["".join(chosen) for chosen in product(*parts)]


def _texts_of(code: Any, argument: Any) -> list[str] | None:
    if code is op.LITERAL:
        return [chr(argument)]
    if code is op.AT:
        return [""]
    if code is op.IN and all(kind is op.LITERAL for kind, _ in argument):
        return [chr(char) for _, char in argument]
    if code is op.SUBPATTERN:
        return _texts(argument[3])
    if code is op.BRANCH:
        found = [_texts(branch) for branch in argument[1]]
        return [text for texts in found if texts is not None for text in texts] if None not in found else None
    if code in _REPEATS and int(argument[1]) <= 1:
        inner = _texts(argument[2])
        return None if inner is None else [*inner, ""] if argument[0] == 0 else inner
    return None


def _sample(nodes: Any, letters: Iterator[str]) -> str | None:
    parts = [_sample_of(code, argument, letters) for code, argument in nodes]
    return None if any(part is None for part in parts) else "".join(part or "" for part in parts)


def _sample_of(code: Any, argument: Any, letters: Iterator[str]) -> str | None:
    if code is op.LITERAL:
        char = chr(argument)
        return None if char.isdigit() else char
    if code is op.ANY:
        return next(letters)
    if code is op.NOT_LITERAL:
        return next(letter for letter in letters if ord(letter) != argument)
    if code is op.IN:
        letter = next(letters)
        return next((char for char in (letter, letter.upper(), *_TRIED) if _member(char, argument)), None)
    if code in _REPEATS:
        return _repeated(argument, letters)
    if code is op.SUBPATTERN:
        return _sample(argument[3], letters)
    if code is op.ATOMIC_GROUP:
        return _sample(argument, letters)
    if code is op.BRANCH:
        return next((text for branch in argument[1] if (text := _sample(branch, letters)) is not None), None)
    return ""  # an anchor, a look-around or a back reference: the whole sample is tried at the end


def _repeated(argument: Any, letters: Iterator[str]) -> str | None:
    low, high, body = argument
    rounds = max(int(low), 1) if int(high) else 0
    part = _sample(body, letters) if rounds else ""
    if part is None or len(part) * rounds > _LONGEST:
        return "" if low == 0 else None
    others = [_sample(body, letters) or part for _ in range(rounds - 1)] if len(part) == 1 else [part] * (rounds - 1)
    return "".join([part, *others])


def _member(char: str, items: Any) -> bool:
    wanted = True
    inside = False
    for kind, argument in items:
        if kind is op.NEGATE:
            wanted = False
        elif kind is op.LITERAL:
            inside |= ord(char) == argument
        elif kind is op.RANGE:
            inside |= argument[0] <= ord(char) <= argument[1]
        elif kind is op.CATEGORY:
            inside |= _CATEGORIES[argument](char)
    return inside is wanted


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"


_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    op.CATEGORY_WORD: _word,
    op.CATEGORY_NOT_WORD: lambda char: not _word(char),
}
