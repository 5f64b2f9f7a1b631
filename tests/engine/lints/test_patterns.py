"""Patterns, and the promises made beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]

ASKED = """\
slots:
  code: {type: text, %s}
states:
  ask: {prompt: "%s", slot: code, next: done}
  done: {prompt: "Bye.", terminal: true}
"""


def test_a_pattern_that_does_not_compile_is_told(found: Found) -> None:
    problem = found(ASKED % ("pattern: 'A-(\\d+'", "Which?"))["broken-pattern"]
    assert (problem.key, problem.line) == ("slots.code.pattern", 5)
    assert problem.what.startswith("this is no regular expression: missing )")


@pytest.mark.parametrize("pattern", [r"(a+)+", r"(\w+\s?)*", r"(?:x?){30}", r"((ab)*c)*", r"(?:a{2,}|b)+"])
def test_X32_a_repeated_repetition_is_refused(found: Found, pattern: str) -> None:
    assert "hostile text" in found(ASKED % (f"pattern: '{pattern}'", "Which?"))["runaway-pattern"].what


@pytest.mark.parametrize("pattern", [r"ORD-\d{3,}", r"(?:\d{3}-)+\d{4}", r"(\d{1,3}\.){3}\d{1,3}", r"[\w-]+(?:\.com)?"])
def test_X32_a_plain_repetition_is_fine(found: Found, pattern: str) -> None:
    assert found(ASKED % (f"pattern: '{pattern}'", "Which?")) == {}


def test_a_pattern_that_takes_letters_where_digits_are_promised_is_told(found: Found) -> None:
    says = "error_msg: 'An order number is ORD- and three digits.'"
    problem = found(ASKED % (rf"pattern: 'ORD-\S{{3}}', {says}", "Which?"))["letters-for-digits"]
    assert problem.what.startswith("it accepts `ORD-abc`, though `error_msg` promises digits: ")
    assert problem.remedy == r"say `\d` in the pattern where digits belong: `ORD-\d{3}`"


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"ORD-\d{3}", "ORD- and three digits."),
        ("[A-Z0-9]{6}", "Six letters or digits."),
        ("[A-Z]{6}", "That is no booking number."),
    ],
)
def test_a_pattern_that_keeps_its_promise_is_fine(found: Found, pattern: str, says: str) -> None:
    assert found(ASKED % (f"pattern: '{pattern}', error_msg: '{says}'", "Which?")) == {}


def test_options_listed_for_a_slot_that_takes_any_text_are_told(found: Found) -> None:
    problem = found(ASKED % ("label: reason", "Why? Options: broken, wrong item or other."))["options-for-any-text"]
    assert problem.key == "states.ask.prompt"
    assert problem.remedy == "give it `type: enum` with `values: {broken: [], wrong_item: [], other: []}`"
