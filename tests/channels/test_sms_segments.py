"""What a text costs as SMS, where it is cut, and which of its signs may change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms import KIND
from channels.sms_segments import GSM_7, GSM_7_EXTENDED, cost, plainest, segments
from channels.split import split

GSM_TEXT = st.text(alphabet=sorted(GSM_7 | GSM_7_EXTENDED))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("ê", 1),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_C78_a_segment_holds_160_septets_or_70_units_and_less_in_a_chain(text: str, count: int) -> None:
    assert segments(text) == count


def test_C78_an_escape_pair_is_never_cut() -> None:
    assert segments("a" * 152 + "€" + "a" * 152) == 3, "septets 153 and 154 are one sign; 306 septets do not fit in two"
    assert segments("a" * 153 + "€" + "a" * 151) == 2


def test_C78_a_surrogate_pair_is_never_cut() -> None:
    assert segments("ê" * 66 + "😀" + "ê" * 66) == 3
    assert segments("ê" * 67 + "😀" + "ê" * 65) == 2


def test_C78_the_alphabet_is_the_standards() -> None:
    assert len(GSM_7) == 127, "128 septets, one of which is the escape"
    assert len(GSM_7_EXTENDED) == 10


@given(text=GSM_TEXT)
def test_C78_the_count_is_that_of_packing_whole_signs(text: str) -> None:
    packed: list[int] = []
    for char in text:
        septets = 2 if char in GSM_7_EXTENDED else 1
        if not packed or packed[-1] + septets > 153:
            packed.append(0)
        packed[-1] += septets
    assert segments(text) == (min(len(packed), 1) if sum(packed) <= 160 else len(packed))


def test_C79_typography_turns_plain_where_that_makes_the_whole_gsm() -> None:
    assert plainest("“Andrés’s” – 5\u00a0€…") == '"Andrés\'s" - 5 €...'


def test_C79_letters_of_names_are_never_changed() -> None:
    assert plainest("“Zoë” – ok") == "“Zoë” – ok"
    assert plainest("Łukasz’s") == "Łukasz’s"


@given(text=st.text())
def test_C79_what_changes_is_all_gsm_then(text: str) -> None:
    plain = plainest(text)
    assert plain == text or set(plain) <= GSM_7 | GSM_7_EXTENDED


@given(text=st.text(min_size=1).map(lambda text: text * 40))
def test_C78_no_part_is_longer_than_four_segments_or_1600_characters(text: str) -> None:
    for part in split(text, KIND.limits, size=cost):
        assert cost(part) <= KIND.limits.max_chars
        assert len(plainest(part)) <= 1600


def test_C78_parts_are_counted() -> None:
    parts = split("One sentence of many. " * 60, KIND.limits, size=cost)
    assert [part[:6] for part in parts] == [f"({n}/{len(parts)}) " for n in range(1, len(parts) + 1)]
