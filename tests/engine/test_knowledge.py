"""Markdown is cut by its headings; nothing that is no text gets into an answer."""

from __future__ import annotations

import pytest

from engine.knowledge import Passage, Section, cut
from engine.lints.knowledge import check_knowledge
from engine.paragraphs import in_sentences


def only(text: str) -> list[tuple[int, str, str]]:
    """Line, source and text of every passage."""
    return [(one.line, one.source, one.text) for section in cut(text, "shop/faq.md") for one in section.passages]


def test_a_passage_carries_the_headings_above_it_and_its_line() -> None:
    text = "# Shop\n\n## Hours\nOpen at 9.\nTill 5.\n\nNot on Sundays.\n\n## Pets\nNo.\n# Other\nYes.\n"
    assert only(text) == [
        (4, "Shop, Hours", "Open at 9. Till 5."),
        (7, "Shop, Hours", "Not on Sundays."),
        (10, "Shop, Pets", "No."),
        (12, "Other", "Yes."),
    ]


def test_an_underlined_heading_is_one_and_a_line_across_the_page_is_none() -> None:
    assert only("Hours\n=====\nOpen.\n\n---\n\nStill.\n\nPets\n---\nNo.") == [
        (3, "Hours", "Open."),
        (7, "Hours", "Still."),
        (11, "Hours, Pets", "No."),
    ]


def test_text_above_every_heading_is_named_after_its_file() -> None:
    assert only("Just this.") == [(1, "faq", "Just this.")]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("**Bold** and _thin_ and `code`", "Bold and thin and code"),
        ('See [our terms](https://x.example/t "T") now', "See our terms (https://x.example/t) now"),
        ("![logo](a.png) We are here", "We are here"),
        ("> Said once", "Said once"),
        ("snake_case_name stays, 2*3*4 too", "snake_case_name stays, 2*3*4 too"),
    ],
)
def test_marks_are_left_out(written: str, told: str) -> None:
    assert only(f"# A\n{written}") == [(2, "A", told)]


def test_comments_and_fenced_code_are_never_told_and_lines_still_count() -> None:
    assert only("# A\n<!-- secret\nnote -->\n```\ncode\n```\nTold.\n<!-- open end") == [(7, "A", "Told.")]


def test_a_short_list_is_one_passage_behind_the_line_that_leads_to_it() -> None:
    assert only("# Pay\nWe take:\n\n- Visa\n- PayPal\n") == [(2, "Pay", "We take: Visa; PayPal.")]
    assert only("# Pay\n1. Visa\n2. Cash\n") == [(2, "Pay", "Visa; Cash.")]


def test_the_items_of_a_long_list_and_the_rows_of_a_table_stand_alone() -> None:
    items = [f"- Item {number} with a good many words about it" for number in range(9)]
    sections = cut("# Pay\nWe take:\n" + "\n".join(items), "a.md")
    passages = [one for section in sections for one in section.passages]
    assert [one.item for one in passages] == [True] * 9
    assert (passages[2].text, passages[2].line) == ("Item 2 with a good many words about it", 5)
    table = "# Pay\n| Card | Fee |\n|:--|--:|\n| Visa | 1 % |\n| Amex | |"
    assert only(table) == [(4, "Pay", "Card: Visa, Fee: 1 %"), (5, "Pay", "Card: Amex")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("It costs 4.90 euros. Always.", 2),
        ("Take fruit, e.g. Apples, or approx. 3 pears.", 1),
        ("Write to a@b.example. We answer.", 2),
        ('He said "No." Then he left.', 2),
        ("Take tram no. 5 to us. It is free.", 2),
        ("no end", 1),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(in_sentences(text)) == count
    assert " ".join(in_sentences(text)) == text


def lints(text: str) -> list[tuple[int, str]]:
    """Line and name of every warning."""
    found = check_knowledge("a.md", cut(text, "a.md"))
    assert all(one.warning and one.remedy for one in found)
    return [(one.line, one.lint) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# A\nText.\n## B\nText.", []),
        ("# A\n## B\nText.", []),
        ("", [(1, "empty-knowledge")]),
        ("<!-- later -->\n", [(1, "empty-knowledge")]),
        ("# A\n# B\nText.\n", [(1, "heading-without-text")]),
        ("# A\nText.\n\n# B", [(4, "heading-without-text")]),
        ("Text.\n\n# A\nText.", [(1, "untitled-knowledge")]),
        ("# A\nText.\n\n# a\nOther.", [(4, "duplicate-heading")]),
        ("# A\n## X\nText.\n# B\n## X\nOther.", []),
        ("# A\n" + "word " * 70 + "end.", [(2, "long-sentence")]),
        ("# A\n" + "A few words here. " * 60, [(2, "long-passage")]),
    ],
)
def test_what_nobody_can_be_told_is_warned_of(text: str, found: list[tuple[int, str]]) -> None:
    assert lints(text) == found


def test_a_section_knows_whether_parts_follow() -> None:
    first, second = cut("# A\n## B\nText.", "a.md")
    assert (first.has_parts, second.has_parts) == (True, False)
    assert isinstance(first, Section)
    assert isinstance(second.passages[0], Passage)
