"""A chat-completions server of tests, and a model of ours that asks it over real HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from engine.extraction import Extraction, read_extraction, schema_of
from engine.model import ModelRequest, Purpose, Understanding
from engine.ports import NO_SPANS, Spans
from gateway.breaker import Breaker
from gateway.model import ChatModel, Terms, Watch
from gateway.modelvariables import AT_ONCE
from gateway.openailine import OpenAILine
from gateway.spending import Spending
from tests.engine.adviser import PROMPTS
from tests.engine.flows_for_tests import REFUND
from tests.gateway.backend_double import Say

KEY = "sk-canary-of-a-model-key-0123456789"
NAME = "careful-reader-1"
REQUEST = ModelRequest(
    purpose=Purpose.EXTRACTION,
    system="Fill in the form.",
    message="my cash, please",
    schema=schema_of(REFUND.slots, ["refund"]),
)


def named(url: str) -> dict[str, str]:
    """Settings that name the model at this address."""
    return {"OPENAI_API_KEY": KEY, "OPENAI_MODEL": NAME, "OPENAI_BASE_URL": f"{url}/v1"}


def completion(text: str | None, **usage: int) -> Say:
    """A chat completion that says this, with its provider's count of tokens if one is given."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text, "refusal": None}}
    said = {"id": "c1", "object": "chat.completion", "created": 1, "model": NAME, "choices": [choice]}
    return Say.json(said | ({"usage": usage} if usage else {}))


def answer(**said: Any) -> Say:
    """A completion that answers the extraction."""
    return completion(json.dumps(said))


@asynccontextmanager
async def asking(
    url: str,
    *,
    breaker: Breaker | None = None,
    count: Callable[[str, float], None] = lambda fate, seconds: None,
    report: Callable[[str], None] = lambda note: None,
    tokens: Callable[[str, int, int], None] = lambda purpose, tokens_in, tokens_out: None,
    at_once: int = AT_ONCE,
    spending: Spending | None = None,
    spans: Spans = NO_SPANS,
) -> AsyncIterator[ChatModel]:
    """A model at this address."""
    line = OpenAILine(KEY, f"{url}/v1")
    terms = Terms(
        name=NAME,
        understanding=Understanding.AUTO,
        prompts=PROMPTS,
        mask=str,
        at_once=at_once,
        spending=spending,
    )
    try:
        yield ChatModel(line, terms, Watch(count=count, report=report, tokens=tokens, spans=spans), breaker)
    finally:
        await line.close()


async def read_by(model: ChatModel) -> Extraction | None:
    """What it makes of REQUEST."""
    answered = await model.ask(REQUEST, read_extraction)
    return answered.value if answered else None
