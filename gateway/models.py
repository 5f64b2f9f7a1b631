"""The model that the settings name: opened, told who watches it, and closed with the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog

from engine.model import Understanding
from gateway.embeddings import Embeddings
from gateway.flowfolder import OURS, FlowFolder
from gateway.ground import Ground
from gateway.health import Health
from gateway.knowledge import Shelf
from gateway.masks import Mask
from gateway.meaning import ShelfMeaning
from gateway.metrics import Metrics
from gateway.model import ChatModel, Terms, Watch
from gateway.modelvariables import Phrasing
from gateway.openailine import OpenAILine
from gateway.promptfolder import read_prompts
from gateway.settings import Settings
from handoff.redaction import shielded

_log = structlog.get_logger("model")


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
    terms = Terms(
        name=name,
        understanding=settings.understanding,
        prompts=read_prompts(settings.flows_dir or OURS, folder.folders),
        mask=_mask(settings),
    )
    return ChatModel(line, terms, _watch("model", health, metrics))


def open_meaning(
    ground: Ground, opening: AsyncExitStack, health: Health | None, shelf: Shelf, metrics: Metrics
) -> ShelfMeaning | None:
    """Who finds knowledge by what a question means; None: its words alone do. Passages are learnt meanwhile, and
    nobody waits for it. Raises SettingsError."""
    settings = ground.settings
    key, name = settings.openai_api_key, settings.openai_embedding_model
    if key is None or name is None or not shelf.passages:
        return None
    line = OpenAILine(key.get_secret_value(), settings.openai_base_url)
    opening.push_async_callback(line.close)
    embeddings = Embeddings(line, name, _mask(settings), _watch("embeddings", health, metrics))
    meaning = ShelfMeaning(shelf, embeddings, ground.store.records, floor=settings.openai_embedding_floor)
    learning = asyncio.create_task(meaning.learn())
    opening.push_async_callback(_ended, learning)
    return meaning


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _mask(settings: Settings) -> Callable[[str], str]:
    secrets = Mask(settings.secrets())
    return lambda text: secrets.known(shielded(text))


def _watch(part: str, health: Health | None, metrics: Metrics) -> Watch:
    def report(note: str) -> None:
        if health is not None:
            health.report(part, ok=not note, note=note)

    report("")
    return Watch(count=metrics.model, report=report)
