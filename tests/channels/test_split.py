"""Where long texts are cut, and where never."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from channels.split import shorten, split, utf16_units
from engine.message import Limits

UNITS = {"chars": len, "utf16": utf16_units}
PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            " ",
            "\n",
            "\n\n",
            "\r\n",
            ". ",
            "。",
            "👩‍🔧",
            "🇩🇪🇫🇷",
            "👍🏽",
            "e\u0301",
            "क्षि",
            "https://shop.example/a?b=1&c=2 ",
            "$1,234.50",
            "+44 7700 900123",
            "2026-11-21",
            "word ",
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def plain(max_chars: int, **more: object) -> Limits:
    return Limits(max_chars=max_chars, max_parts=10_000, **more)  # type: ignore[arg-type]  # named fields of Limits


def without_space(text: str) -> str:
    return "".join(text.split())


@given(TEXTS, st.integers(16, 60), st.sampled_from(sorted(UNITS)))
def test_C23_parts_fit_and_joined_equal_the_text_but_for_white_space(text: str, most: int, unit: str) -> None:
    parts = split(text, plain(most, unit=unit))
    assert without_space("".join(parts)) == without_space(text)
    assert all(part.strip() == part != "" for part in parts)
    assert all(UNITS[unit](part) <= most for part in parts)
    at = 0
    for part in parts:
        found = text.index(part, at)
        assert text[at:found].strip() == "", "white space inside a part was changed"
        at = found + len(part)


@given(TEXTS, st.integers(30, 60))
def test_C23_no_grapheme_cluster_is_cut(text: str, most: int) -> None:
    text = text.strip()
    parts = split(text, plain(most))
    boundaries, at = {match.end() for match in regex.finditer(r"\X", text)} | {0}, 0
    longest = max((len(cluster) for cluster in regex.findall(r"\X", text)), default=0)
    for part in parts if longest <= most else ():
        at = text.index(part, at)
        assert at in boundaries
        at += len(part)
        assert at in boundaries


@given(st.lists(st.sampled_from(["漢字", "https://shop.example/x1 ", "12,345.67", "2026-11-21", "、", " "])))
def test_C23_no_url_and_no_number_is_cut_even_without_spaces(pieces: list[str]) -> None:
    text = "".join(pieces)
    parts = split(text, plain(24))
    wholes = re.findall(r"https://\S+|\d+(?:[.,-]\d+)*", text)
    for whole in wholes:
        if len(whole) <= 24:
            assert any(whole in part for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One one.\nTwo.\n\nThree three three", ["One one.\nTwo.", "Three three three"]),
        ("One one one\ntwo two two. three", ["One one one", "two two two. three"]),
        ("One one one. Two two two two", ["One one one.", "Two two two two"]),
        ("one two three four five six", ["one two three four", "five six"]),
        ("Please call +44 7700 900123", ["Please call", "+44 7700 900123"]),
        ("一二三四五六七八九十。一二三四五六七八九十", ["一二三四五六七八九十。", "一二三四五六七八九十"]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
        ("9" * 30, ["9" * 20, "9" * 10]),
    ],
)
def test_C23_paragraph_then_line_then_sentence_then_word(text: str, parts: list[str]) -> None:
    assert split(text, plain(20)) == parts


def test_C23_more_parts_than_allowed_end_with_an_ellipsis_and_a_link() -> None:
    parts = split("word " * 50, Limits(max_chars=20, max_parts=3))
    assert len(parts) == 3
    assert parts[-1] == "word word word word…"
    linked = split("word " * 50, Limits(max_chars=40, max_parts=2), ending="…\nhttps://a.example")
    assert linked[-1] == "word word word word…\nhttps://a.example"


def test_C78_counters_are_counted_in() -> None:
    parts = split("word " * 20, Limits(max_chars=40, max_parts=9, part_counter=True))
    assert [part[:6] for part in parts] == ["(1/3) ", "(2/3) ", "(3/3) "]
    assert all(len(part) <= 40 for part in parts)
    assert split("word", Limits(max_chars=40, part_counter=True)) == ["word"]


def test_C78_a_channel_may_measure_its_own_unit() -> None:
    def segments(text: str) -> int:
        return -(-len(text) // 10)

    parts = split("word " * 20, Limits(max_chars=3, unit="segments"), size=segments)
    assert all(segments(part) <= 3 for part in parts)
    assert len(parts) == 4


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_C24_blank_text_gives_no_part(text: str) -> None:
    assert split(text, plain(10)) == []


def test_C23_a_cluster_longer_than_a_part_still_ends() -> None:
    assert split("a" + "\u0301" * 50, plain(20)) == ["a" + "\u0301" * 19, "\u0301" * 20, "\u0301" * 11]
    assert split("👍👍", plain(1, unit="utf16")) == ["👍", "👍"]


def test_C46_a_label_is_cut_at_a_grapheme() -> None:
    assert shorten("Yes", 64) == "Yes"
    assert shorten("👩‍🔧" * 10, 20, size=utf16_units) == "👩‍🔧" * 3 + "…"
    assert shorten("Ship to the office", 8) == "Ship to…"
