"""OpenAI's API, and every server that speaks it: the one file that knows their SDK, loaded when a model is named."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog

from engine.errors import SettingsError
from engine.message import USER_AGENT
from gateway.model import Fate, ModelFault

MAX_ANSWER_BYTES = 1_000_000
"""A completion of MAX_ANSWER_TOKENS is a fraction of that; what is larger is not read on."""
MAX_VECTOR_BYTES = 8_000_000
"""A batch of 32 vectors of 4,096 figures is half of that."""
NOT_SO, NOT_NOW = (400, 422), (401, 403, 404, 429)
"""Statuses of a request they do not take, and of those they take none of for now; a second try changes neither."""

_log = structlog.get_logger("model")


class OpenAILine:
    """One client, and with it one pool of connections, for the life of the process."""

    def __init__(self, key: str, base_url: str) -> None:
        """Raises SettingsError when the SDK is not installed."""
        try:
            import openai  # noqa: PLC0415 - loading it costs a second: only when a model is named
        except ImportError:
            remedy = "install it: pip install '.[openai]', or set FRONTDESK_UNDERSTANDING=rules"
            raise SettingsError(f"OPENAI_API_KEY is set, but the package openai is not installed; {remedy}") from None
        self._client = openai.AsyncOpenAI(
            api_key=key,
            base_url=base_url,
            max_retries=0,
            default_headers={"User-Agent": USER_AGENT},
            # Nobody is followed elsewhere with our key, and no proxy of the environment hears it (X40, X44).
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, trust_env=False),
        )
        self._refused = openai.APIStatusError
        self._lost: tuple[type[BaseException], ...] = (openai.OpenAIError, OSError, *_transport_errors())

    async def ask(self, body: dict[str, Any]) -> bytes:
        """One completion's JSON. Raises ModelFault only."""
        completions = self._client.chat.completions.with_streaming_response
        return await self._whole(lambda: completions.create(**body), most=MAX_ANSWER_BYTES)

    async def embed(self, body: dict[str, Any]) -> bytes:
        """The JSON of some texts' vectors. Raises ModelFault only."""
        embeddings = self._client.embeddings.with_streaming_response
        return await self._whole(lambda: embeddings.create(**body), most=MAX_VECTOR_BYTES)

    async def _whole(self, asking: Callable[[], AbstractAsyncContextManager[Any]], *, most: int) -> bytes:
        raw = bytearray()
        try:
            async with asking() as response:
                async for chunk in response.iter_bytes():
                    raw += chunk
                    if len(raw) > most:
                        raise ModelFault(Fate.UNUSABLE, "it is far too long")
        except self._refused as refused:
            status = refused.status_code
            fate = Fate.REFUSED if status in (*NOT_SO, *NOT_NOW) else Fate.AWAY
            raise ModelFault(fate, f"status {status}", for_now=status in NOT_NOW) from None
        except self._lost as lost:
            raise ModelFault(Fate.AWAY, type(lost).__name__) from None
        return bytes(raw)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _transport_errors() -> tuple[type[Exception], ...]:
    """What breaks while a body is read is not wrapped by the SDK, and which library it reads with is its own affair."""
    loaded = (sys.modules.get(name) for name in ("httpx", "httpx2"))
    return tuple(library.HTTPError for library in loaded if library is not None)
