"""A chat completion: what is asked, what came back, and what it used."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.briefing import estimated
from engine.model import ModelRequest

MAX_ANSWER_TOKENS = 2000
MAX_COUNTED = 10_000_000
"""Tokens of one answer, as its provider counts them: what is beyond is no count."""


def asked(name: str, request: ModelRequest, remark: str) -> dict[str, Any]:
    """Built new for every try: a faulty answer is never sent back, only what was wrong with it (S18)."""
    told = [{"role": "system", "content": request.system}]
    if remark:
        told.append({"role": "system", "content": f"The answer before could not be used: {remark}. Answer once more."})
    body: dict[str, Any] = {
        "model": name,
        "messages": [*told, {"role": "user", "content": request.message}],
        "max_completion_tokens": MAX_ANSWER_TOKENS,
    }
    if request.schema:
        schema = {"name": request.purpose.value, "strict": True, "schema": request.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None
    usage: _Usage | None = None

    def used(self, sent: int) -> tuple[int, int]:
        """Tokens in and out as its provider counts them; where it counts none, `sent` and the estimate of S20."""
        usage = self.usage or _Usage()
        given = usage.prompt_tokens + usage.completion_tokens
        if usage.prompt_tokens >= 0 and usage.completion_tokens >= 0 and 0 < given <= MAX_COUNTED:
            return usage.prompt_tokens, usage.completion_tokens
        said = self.choices[0].message.content if self.choices else None
        return sent, estimated(said or "")

    def text(self) -> str:
        """Its words. Raises ValueError for none."""
        said = self.choices[0].message.content if self.choices else None
        if not said:
            raise ValueError("it says nothing")
        return said


def read_completion(raw: bytes) -> Completion:
    """The answer's envelope. Raises ValueError for anything else."""
    try:
        return msgspec.json.decode(raw, type=Completion)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("it is no chat completion") from None
