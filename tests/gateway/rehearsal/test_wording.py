"""How a line finds its words in a reply: what does not count, what may lie between, and where the next line begins."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rehearsal.wording import Wording, choices, normal


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("which order", "Which  order\nnumber is it?"),
        ("can't help", "I CAN’T HELP with that"),
        ('say "yes"', "Say “yes” or „no“"),
        ("5-7 days", "5–7\u00a0days"),
        ("strasse", "Hauptstraße"),
        ("STRASSE", "straße"),
    ],
)
def test_case_spaces_quotes_and_dashes_do_not_count(pattern: str, text: str) -> None:
    assert Wording(text).find(pattern) is not None


@pytest.mark.parametrize("pattern", ["which number", "which order is", "it ?"])
def test_every_other_character_counts(pattern: str) -> None:
    assert Wording("Which order number is it?").find(pattern) is None


def test_three_dots_between_words_match_anything_in_order() -> None:
    said = Wording("Order ORD-12345: Wireless headphones,\n$79.99. Right one?")
    assert said.find("ord-12345 ... $79.99 ... right one?") is not None
    assert said.find("ORD-12345: ... Wireless") is not None
    assert said.find("$79.99 ... ORD-12345") is None
    assert said.find("... right one?") is not None
    assert said.find("order ...") is not None


def test_dots_that_touch_a_word_are_dots() -> None:
    assert Wording("wait... what").find("wait... what") is not None
    assert Wording("wait, what").find("wait... what") is None


def test_regular_expressions_are_searched_whatever_the_case_and_over_lines() -> None:
    said = Wording("A person\nwill answer")
    assert said.find("/PERSON.will/") is not None
    assert said.find("/colleague|team/") is None
    assert said.find("/(?=.*answer)(?=.*person)/") is not None


def test_an_expression_that_is_none_is_an_error() -> None:
    with pytest.raises(re.error):
        Wording("x").find("/(/")


def test_the_next_line_is_looked_for_behind_the_one_before() -> None:
    said = Wording("yes   or  no,  yes?")
    place = said.find("or no")
    assert place is not None
    assert said.find("yes", place) is not None
    assert said.find("/^yes/", place) is None
    assert said.find("or", place) is None


def test_literals_and_expressions_speak_of_the_same_places() -> None:
    # Each ß is two letters when case does not count, and the white space is one.
    text = "ß  ß  ß \n\n yes  no"
    said = Wording(text)
    assert said.find("yes") == text.index("yes") + 3
    assert said.find("/yes/") == text.index("yes") + 3
    assert said.find("/no/", said.find("yes") or 0) == len(text)
    assert said.find("no", said.find("/yes/") or 0) == len(text)


@given(st.text(), st.text())
def test_the_place_is_just_behind_a_literal_that_stands_in_the_text(before: str, after: str) -> None:
    text = f"{before}|needle|{after}"
    place = Wording(text).find("|needle|")
    assert place is not None
    assert text[:place].endswith("|needle|")


@given(st.text())
def test_a_text_finds_itself(text: str) -> None:
    dots = text.split() and "..." in text.split()
    assert dots or text.startswith("/") or Wording(text).find(text) is not None


def test_choices_stand_in_brackets_at_the_end() -> None:
    assert choices("right one? [yes|no]") == ("right one?", ["yes", "no"])
    assert choices("[changed my mind]") == ("", ["changed my mind"])
    assert choices("no [brackets] here") == ("no [brackets] here", None)
    assert choices("/[ab]/") == ("/[ab]/", None)
    assert choices("/[ab]/ [yes|no]") == ("/[ab]/", ["yes", "no"])


def test_normal_text_has_no_space_at_its_ends() -> None:
    assert normal("  A\t B \n") == "a b"
    assert normal(" \n") == ""
