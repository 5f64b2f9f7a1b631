"""What an author is shown of a line that does not hold, word by word."""

from __future__ import annotations

import pytest

from gateway.rehearsal.difference import difference


def shown(expected: str, got: str) -> str:
    return " ".join(map(str, difference(expected, got)))


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        ("Which order is it?", "Which order number is it?", "Which order {+number+} is it?"),
        ("Lamp, $34.50", "Order ORD-1: Lamp, $43.50. Right?", "Lamp, [-$34.50-] {+$43.50.+}"),
        (
            "Is that the right one? [yes|no]",
            "Well. Is THAT the right? Hm.",
            "Is THAT the [-right one?-] {+right? Hm.+}",
        ),
        ("Your lamp is here", "Well, the old lamp is here", "[-Your-] {+old+} lamp is here"),
        ("order ... refunded already", "Your order was refunded", "order {+was+} refunded [-already-]"),
    ],
)
def test_the_nearest_words_are_set_beside_what_was_expected(expected: str, got: str, said: str) -> None:
    assert shown(expected, got) == said


@pytest.mark.parametrize(
    ("expected", "got"), [("/which order/", "Which one"), ("A kettle", "Which order?"), ("-", "x")]
)
def test_an_expression_and_another_sentence_have_no_difference_to_show(expected: str, got: str) -> None:
    assert difference(expected, got) == ()
