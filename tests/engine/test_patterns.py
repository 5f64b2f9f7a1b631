"""What can be told of a pattern without running it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.patterns import every_text, fault, nested_quantifier, text_without_digits


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("yes|no|y|n", ("yes", "no", "y", "n")),
        ("^(?:ye[sa]|no)$", ("yes", "yea", "no")),
        ("ab?", ("ab", "a")),
        ("A", ("A",)),
        (r"\d", None),
        ("a+", None),
        ("[^a]", None),
        ("[ab][ab][ab][ab][ab][ab]", None),
    ],
)
def test_a_short_list_of_texts_is_told(pattern: str, texts: tuple[str, ...] | None) -> None:
    assert every_text(pattern) == texts


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"ORD-\S{3,}", "ORD-abc"),
        (r"ORD-\d{3,}", None),
        (r"[A-Z]{2}\d?", "AB"),
        (r"[^a-z]{3}", "ABC"),
        (r"\d*", None),
        (r"(?:\d|no)", "no"),
        (r"A1", None),
        (r"(?=\d)\w+", None),
        (r"(?>[ab]+)-.", "a-b"),
    ],
)
def test_a_text_of_letters_that_fits_is_found(pattern: str, text: str | None) -> None:
    assert text_without_digits(pattern) == text


@pytest.mark.parametrize("pattern", ["(", "a{999999999999}", "(?P<a>x)(?P<a>y)", "(?<=a+)b", "(" * 5000 + ")" * 5000])
def test_a_fault_is_told_and_not_raised(pattern: str) -> None:
    assert fault(pattern)


def test_a_pattern_that_only_looks_odd_is_taken() -> None:
    assert fault("[[a]") is None
    assert every_text("[[a]") == ("[", "a")


_PATTERNS = st.from_regex(
    r"(?:[ab1-]|\\[dwsDWS.]|[+*?|.]|\[[^\]\\]{1,3}\]|\{[1-3],?\}|\(\?:[ab]\)){0,8}", fullmatch=True
)


@given(_PATTERNS)
def test_what_is_told_of_a_pattern_is_true(pattern: str) -> None:
    if fault(pattern) is not None:
        return
    nested_quantifier(pattern)
    letters = text_without_digits(pattern)
    if letters is not None:
        assert re.fullmatch(pattern, letters)
        assert not any(char.isdigit() for char in letters)
    for text in every_text(pattern) or ():
        assert re.fullmatch(pattern, text)
