"""What the knowledge answers and what it leaves alone (S5, S34): better no answer than a wrong one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.knowledge import Passage, cut
from gateway.knowledge import Shelf
from tests.gateway.knowledge_pairs import ANSWERED

FOLDER = Path(__file__).parent / "knowledge"
LEAST_RECALL = 0.87
"""Of the questions that are answered somewhere; precision is 1, each question a test of its own."""


def passages(name: str) -> tuple[Passage, ...]:
    """What stands in a file of the folder beside this one."""
    sections = cut((FOLDER / f"{name}.md").read_text("utf-8"), f"{name}.md")
    return tuple(passage for section in sections for passage in section.passages)


def shelf(*texts: str, flows: tuple[str | None, ...] = ()) -> Shelf:
    """A shelf of files, each of a flow or of the desk."""
    owners = [*flows, *(None for _ in texts)]
    cuts = [cut(text, f"{at}.md", owners[at]) for at, text in enumerate(texts)]
    return Shelf(passage for sections in cuts for section in sections for passage in section.passages)


def asked(book: Shelf, question: str, flow: str | None = None) -> list[str]:
    """The texts it quotes."""
    return [quote.text for quote in book.quote(question, flow)]


ALONE = {name: Shelf(passages(name)) for name in ANSWERED}
TOGETHER = Shelf([passage for name in ANSWERED for passage in passages(name) if name != "gym"])


@pytest.mark.parametrize(
    ("name", "question"), [(name, question) for name, pairs in ANSWERED.items() for question in pairs]
)
def test_S34_a_question_is_answered_under_its_own_heading_or_not_at_all(name: str, question: str) -> None:
    wanted = ANSWERED[name][question]
    books = [ALONE[name]] if name == "gym" else [ALONE[name], TOGETHER]
    for book in books:
        sources = [quote.source.rsplit(", ", 1)[-1] for quote in book.quote(question, None)]
        assert sources in ([], [wanted] if wanted else [])


def test_S34_most_of_what_is_written_is_found() -> None:
    wanted = [(name, question) for name, pairs in ANSWERED.items() for question, heading in pairs.items() if heading]
    found = [question for name, question in wanted if ALONE[name].quote(question, None)]
    assert len(found) / len(wanted) >= LEAST_RECALL


def test_S5_the_flows_own_text_comes_before_the_desks() -> None:
    book = shelf("# Delivery\nDelivery takes 3 days.", "# Delivery\nDelivery takes 9 days.", flows=(None, "plants"))
    assert asked(book, "how long does delivery take?", "plants") == ["Delivery takes 9 days."]
    assert len(asked(book, "how long does delivery take?", "bikes")) == 2


def test_S5_a_flow_whose_texts_are_silent_leaves_it_to_the_desk() -> None:
    book = shelf("# Delivery\nDelivery takes 3 days.", "# Watering\nWater it daily.", flows=(None, "plants"))
    assert asked(book, "how long does delivery take?", "plants") == ["Delivery takes 3 days."]


def test_S34_two_texts_that_disagree_are_both_quoted() -> None:
    book = shelf(
        "# Returns\nYou have 30 days for returns.", "# Sending returns\nReturns are possible for two weeks or 14 days."
    )
    quotes = book.quote("how many days do I have for returns?", None)
    assert [quote.place for quote in quotes] == ["0.md:2", "1.md:2"]


@pytest.mark.parametrize(
    "other",
    [
        "# Returns again\nFor returns you have 30 days.",
        "# Returns of plants\nWe love returns in 14 boxes.",
    ],
)
def test_S34_two_texts_without_contrary_figures_do_not_disagree(other: str) -> None:
    book = shelf("# Returns\nYou have 30 days for returns.", other)
    assert len(book.quote("how many days do I have for returns?", None)) == 1


def test_S34_what_is_free_contradicts_what_costs() -> None:
    book = shelf("# Parking\nParking is free.", "# Parking for guests\nParking costs $5.")
    assert len(asked(book, "is parking free?")) == 2


def test_S34_an_answer_is_two_sentences_the_one_that_answers_among_them() -> None:
    book = shelf("# Plants\nWe grow them. Roses need sun. They bloom in June. Ferns need shade. Water them daily.")
    assert asked(book, "do ferns need shade?") == ["Ferns need shade. Water them daily."]
    assert asked(book, "which plants bloom in June?") == ["They bloom in June. Ferns need shade."]


def test_S34_a_row_of_many_must_be_asked_for_by_its_own_words() -> None:
    table = "# Delivery\n| Country | Price |\n|---|---|\n| Norway | 8.90 |\n| Peru | 19.90 |\n"
    book = shelf(table)
    assert asked(book, "how much is delivery to Peru?") == ["Country: Peru, Price: 19.90"]
    assert asked(book, "how much is delivery?") == []
    assert asked(book, "how much is delivery to Chad?") == []


def test_S34_a_word_is_found_however_the_index_cuts_it() -> None:
    book = shelf("# Team and Business\nTeam costs $12 a month. Business costs $24 a month.\n")
    assert asked(book, "what does Business cost?") == ["Team costs $12 a month. Business costs $24 a month."]


def test_a_word_misspelt_is_understood_and_a_different_word_is_not() -> None:
    book = ALONE["shop"]
    assert asked(book, "how long is the waranty?")
    assert not asked(book, "how long is the war?")


@pytest.mark.parametrize(
    "hostile", ["", "?", '"', "a OR b", "head:x", "NEAR(", "*", "'; DROP TABLE passage", "\x00?", "é" * 5000]
)
def test_any_text_may_be_asked(hostile: str) -> None:
    assert ALONE["shop"].quote(hostile, None) == ()
    assert len(ALONE["shop"].quote(f"{hostile} warranty?", None)) <= 1


def test_a_desk_without_knowledge_answers_nothing() -> None:
    assert Shelf(()).quote("how long is the warranty?", None) == ()


def test_a_look_up_is_quick_also_among_many_passages() -> None:
    many = [
        f"# Topic {word}{number}\nThe {word}{number} takes {number} days and costs {number}.50."
        for number in range(400)
        for word in ("alpha", "beta", "gamma")
    ]
    book = shelf("\n\n".join(many))
    began = time.perf_counter()
    for number in range(200):
        assert asked(book, f"how long does the gamma{number} take?")
    assert (time.perf_counter() - began) / 200 < 0.005


def test_S34_a_word_that_narrows_may_not_be_missing() -> None:
    book = shelf("# Returns\nYou can return shoes, boots and sandals.")
    assert asked(book, "can I return shoes, boots or sandals?")
    assert not asked(book, "can I return shoes, boots or sandals without laces?")


def test_S34_one_word_of_a_text_does_not_answer_two_of_a_question() -> None:
    book = shelf("# Delivery\nDelivery takes 3 days.")
    assert asked(book, "how long does a parcel take?")
    assert not asked(book, "which package does the delivery use?")


def test_S26_words_that_ask_nothing_must_name_a_heading() -> None:
    book = shelf("# Delivery\nWe send roses in boxes.")
    assert asked(book, "delivery")
    assert not asked(book, "roses, boxes")
