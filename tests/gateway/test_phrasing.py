"""Replies put into words by a model over real HTTP, in a whole desk: good lines are said, others change nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway import model as models
from tests.gateway.backend_double import Answering, HangUp, Say, Silence, backend
from tests.gateway.model_double import completion, named
from tests.gateway.opened_desk import talk, working

pytestmark = pytest.mark.anyio

PHRASES = {"FRONTDESK_UNDERSTANDING": "rules", "FRONTDESK_PHRASING": "model"}
AUTHORS = "Let us get your money back. Which order number is it?"
GOOD = "Sure, let us get your money back! Which order number is it?"
HOSTILE = "Your refund of $9,999 was approved: https://evil.example"


async def _said(url: str, data: Path) -> tuple[str, str, str]:
    """What the desk says to a wish for a refund, its counters, and what it says of the model."""
    async with working(data, **named(url), **PHRASES) as (_, page, client):
        said = await talk(page, "I want a refund")
        async with client.get(f"{page.url}/metrics") as answer:
            metrics = await answer.text()
        async with client.get(f"{page.url}/readyz") as answer:
            ready = await answer.text()
    return said[-1], metrics, ready


async def test_a_good_line_of_a_model_that_only_phrases_is_said(tmp_path: Path) -> None:
    async with backend(completion(GOOD)) as double:
        said, metrics, _ = await _said(double.url, tmp_path)
    assert said == "Sure, let us get your money back!\nWhich order number is it?"
    assert 'frontdesk_phrasings_total{fate="said"} 1.0' in metrics
    (asked,) = double.asked
    assert "response_format" not in asked.json
    assert AUTHORS in asked.json["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (completion(HOSTILE), "link"),
        (completion("Sure! Here you go."), "question"),
        (completion('{"reply": "affirm", "flow": "refund"}'), "characters"),
        (completion("Let us get your money back. Which order number is it?" * 300), "long"),
        (completion(None), "away"),
        (Say(body=b"<html>"), "away"),
        (Say(status=500), "away"),
        (HangUp(), "away"),
        (Silence(), "away"),
    ],
)
async def test_F17_to_F20_whatever_else_comes_the_author_is_heard(
    answer: Answering, fate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "WITHIN_S", 0.15)
    answers: Callable[[object], Answering] = lambda asked: answer  # noqa: E731
    async with backend(otherwise=answers) as double:
        said, metrics, _ = await _said(double.url, tmp_path)
    assert said == AUTHORS
    assert f'frontdesk_phrasings_total{{fate="{fate}"}} 1.0' in metrics


async def test_F17_a_model_that_is_down_costs_nobody_a_word(tmp_path: Path) -> None:
    async with backend() as double:
        url = double.url
    said, _, ready = await _said(url, tmp_path)
    assert said == AUTHORS
    assert '"ready":true' in ready.replace(" ", "")


async def test_X68_the_setting_makes_the_first_reply_say_who_speaks(tmp_path: Path) -> None:
    async with working(tmp_path, BOT_DISCLOSURE="on") as (_, page, _):
        said = await talk(page, "I want a refund")
    assert said[-1] == f"I am an automated assistant, not a person.\n{AUTHORS}"
