"""OpenAI's API, and every server that speaks it: the one file that knows their SDK, loaded when a model is named."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack
from typing import Any

import structlog

from engine.errors import SettingsError
from engine.message import USER_AGENT
from engine.ports import Understanding
from gateway.flowfolder import OURS, FlowFolder
from gateway.health import Health
from gateway.masks import Mask
from gateway.metrics import Metrics
from gateway.model import ChatModel, Fate, ModelFault, Terms, Watch
from gateway.modelvariables import Phrasing
from gateway.promptfolder import read_prompts
from gateway.settings import Settings
from handoff.redaction import shielded

MAX_ANSWER_BYTES = 1_000_000
"""A completion of MAX_ANSWER_TOKENS is a fraction of that; what is larger is not read on."""
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
        raw = bytearray()
        try:
            async with completions.create(**body) as response:
                async for chunk in response.iter_bytes():
                    raw += chunk
                    if len(raw) > MAX_ANSWER_BYTES:
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


def open_model(
    settings: Settings, opening: AsyncExitStack, health: Health | None, folder: FlowFolder, metrics: Metrics
) -> ChatModel | None:
    """The model that these settings name; None: rules read alone. `opening` closes it; `health` hears when it is away.

    Raises SettingsError, FlowError.
    """
    if settings.phrasing is Phrasing.MODEL:
        _log.warning("this version says the author's words only; FRONTDESK_PHRASING=model is noted and not acted on")
    key, name = settings.openai_api_key, settings.openai_model
    if key is None or name is None or settings.understanding is Understanding.RULES:
        return None
    line = OpenAILine(key.get_secret_value(), settings.openai_base_url)
    opening.push_async_callback(line.close)
    secrets = Mask(settings.secrets())
    terms = Terms(
        name=name,
        understanding=settings.understanding,
        prompts=read_prompts(settings.flows_dir or OURS, folder.folders),
        mask=lambda text: secrets.known(shielded(text)),
    )

    def report(note: str) -> None:
        if health is not None:
            health.report("model", ok=not note, note=note)

    report("")
    return ChatModel(line, terms, Watch(count=metrics.model, report=report))
