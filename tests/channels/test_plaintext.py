"""What counts as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.plaintext import storable, visible


@pytest.mark.parametrize(
    "text", ["", " \t\r\n", "\u00a0\u3000", "\u200b\u2060\ufeff", "\u202e\u00ad", "\u3164\u2800", "\ufe0f"]
)
def test_C19_text_nobody_can_see_is_no_text(text: str) -> None:
    assert not visible(text)


@pytest.mark.parametrize("text", ["a", " . ", "👍\ufe0f", "\u200b!", "न"])
def test_C19_anything_to_see_is_text(text: str) -> None:
    assert visible(text)


@given(st.text(st.characters(exclude_categories=[])))
def test_C19_storable_text_can_be_encoded_and_is_otherwise_as_written(text: str) -> None:
    kept = storable(text)
    kept.encode()
    assert len(kept) == len(text)
    assert all(b in (a, "\ufffd") for a, b in zip(text, kept, strict=True))
    assert "\x00" not in kept
