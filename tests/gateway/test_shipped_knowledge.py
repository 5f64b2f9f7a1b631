"""The labelled questions to the knowledge that ships: most are answered by the right text, the rest by none (S34)."""

from __future__ import annotations

import pytest

from tests.bench.knowledge import by_words, score, shipped, with_double
from tests.gateway.other_shipped_questions import NEAR_MISSES, UNANSWERED
from tests.gateway.shipped_questions import ANSWERED

pytestmark = pytest.mark.anyio

LEAST = 0.9
MOST_WRONG = 0.03
"""Of the answerable questions, those that another text answers."""


def test_the_set_is_large_enough_and_names_texts_that_there_are() -> None:
    questions = [question for asked in ANSWERED.values() for question in asked]
    assert len(set(questions)) == len(questions) >= 120
    assert len(set(UNANSWERED)) >= 40
    assert len(set(NEAR_MISSES)) >= 20
    sources = {passage.source for passage in shipped().passages}
    assert sources == {source for one in ANSWERED for source in one.split("|")}


async def test_S34_the_right_text_answers_first_and_what_nobody_wrote_down_is_left_alone() -> None:
    found = await score(by_words(shipped()))
    assert found.top_1 >= LEAST, found.misses
    assert found.wrong / found.asked <= MOST_WRONG
    assert found.refused >= LEAST


async def test_S34_with_embeddings_more_is_found_and_nothing_that_words_found_is_lost() -> None:
    alone, both = await score(by_words(shipped())), await with_double(shipped())
    assert both.right > alone.right
    assert both.refused >= LEAST
    assert {miss for miss in both.misses if "should be nothing" not in miss} < set(alone.misses)
