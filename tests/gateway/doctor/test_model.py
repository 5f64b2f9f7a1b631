"""What `frontdesk doctor` says of the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.base import Mark
from tests.gateway.backend_double import Answering, HangUp, Say, backend
from tests.gateway.doctor.rounds import examined
from tests.gateway.model_double import KEY, NAME, named

pytestmark = pytest.mark.anyio

LISTED = Say.json({"object": "list", "data": [{"id": NAME, "object": "model"}]})


async def test_without_a_model_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert "model" not in await examined(tmp_path)


async def test_a_model_that_is_listed_is_sound_and_is_not_asked_anything(tmp_path: Path) -> None:
    async with backend(LISTED) as double:
        installed, listed = (await examined(tmp_path, **named(double.url)))["model"]
    assert (installed.mark, listed.mark) == (Mark.OK, Mark.OK)
    assert [(asked.method, asked.target) for asked in double.asked] == [("GET", "/v1/models")]
    assert double.asked[0].header("authorization") == [f"Bearer {KEY}"]


async def test_X54_what_it_may_cost_is_named(tmp_path: Path) -> None:
    async with backend(LISTED) as double:
        (found,) = (await examined(tmp_path, MODEL_DAILY_TOKENS="1000000", **named(double.url)))["spending"]
    assert (found.mark, found.found) == (
        Mark.OK,
        "at most 64 questions at once, 200,000 tokens a day for a person, 1,000,000 tokens a day for the desk",
    )


@pytest.mark.parametrize(
    ("answer", "mark", "says"),
    [
        (Say(status=401), Mark.FAILED, "OPENAI_API_KEY"),
        (Say(status=404), Mark.FAILED, "OPENAI_BASE_URL"),
        (HangUp(), Mark.FAILED, "OPENAI_BASE_URL"),
        (Say.json({"data": [{"id": "another"}]}), Mark.WARNING, "OPENAI_MODEL"),
        (Say.json({"data": 7}), Mark.WARNING, "OPENAI_MODEL"),
        (Say(body=b"<html>"), Mark.WARNING, "OPENAI_MODEL"),
    ],
    ids=str,
)
async def test_a_model_that_cannot_be_asked_is_told_with_its_remedy(
    answer: Answering, mark: Mark, says: str, tmp_path: Path
) -> None:
    async with backend(otherwise=lambda asked: answer) as double:
        _, found = (await examined(tmp_path, **named(double.url)))["model"]
    assert found.mark is mark
    assert says in found.remedy
    assert KEY not in str(found)


async def test_a_model_that_only_phrases_is_looked_at_too(tmp_path: Path) -> None:
    wanted = {"FRONTDESK_UNDERSTANDING": "rules", "FRONTDESK_PHRASING": "model"}
    async with backend(LISTED) as double:
        _, listed = (await examined(tmp_path, **named(double.url), **wanted))["model"]
    assert listed.mark is Mark.OK


async def test_a_model_for_embeddings_is_looked_up_too(tmp_path: Path) -> None:
    async with backend(LISTED) as double:
        found = (await examined(tmp_path, **named(double.url), OPENAI_EMBEDDING_MODEL="nowhere-1"))["model"]
    assert [one.mark for one in found] == [Mark.OK, Mark.OK, Mark.WARNING]
    assert "OPENAI_EMBEDDING_MODEL" in found[2].remedy
