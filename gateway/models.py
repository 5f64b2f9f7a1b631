"""The model that the settings name: opened, told who watches it, and closed with the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

from engine.desk import DeskDef
from gateway.embeddings import Embeddings
from gateway.flowfolder import OURS, FlowFolder
from gateway.ground import Ground
from gateway.health import Health
from gateway.knowledge import Shelf
from gateway.masks import Mask
from gateway.meaning import ShelfMeaning
from gateway.metrics import Metrics
from gateway.model import ChatModel, Terms, Watch
from gateway.openailine import OpenAILine
from gateway.promptfolder import read_prompts
from gateway.settings import Settings
from gateway.spending import Caps, Spending
from handoff.redaction import shielded


def open_model(
    settings: Settings, opening: AsyncExitStack, folder: FlowFolder, watch: Watch, spending: Spending | None = None
) -> ChatModel | None:
    """The model that these settings name; None: rules read alone, and authors write. `opening` closes it.

    Raises SettingsError, FlowError.
    """
    key, name = settings.openai_api_key, settings.openai_model
    if key is None or name is None or not settings.asks_a_model:
        return None
    line = OpenAILine(key.get_secret_value(), settings.openai_base_url)
    opening.push_async_callback(line.close)
    terms = Terms(
        name=name,
        understanding=settings.understanding,
        phrasing=settings.phrasing,
        prompts=read_prompts(settings.flows_dir or OURS, folder.folders),
        mask=_mask(settings),
        at_once=settings.model_concurrency,
        spending=spending,
    )
    return ChatModel(line, terms, watch)


def model_of(
    ground: Ground, opening: AsyncExitStack, health: Health | None, folder: FlowFolder, metrics: Metrics
) -> ChatModel | None:
    """The same for a desk at work: `health` hears when it is away, and it costs no more than the desk allows."""
    if ground.settings.openai_model is None or not ground.settings.asks_a_model:
        return None
    watch = _watch("model", ground, health, metrics)
    return open_model(ground.settings, opening, folder, watch, _spending(ground, folder, watch.report))


def _spending(ground: Ground, folder: FlowFolder, report: Callable[[str], None]) -> Spending | None:
    """The caps on the desk's own days; None where there are none."""
    caps = Caps(person=ground.settings.model_person_daily_tokens, desk=ground.settings.model_daily_tokens)
    if not (caps.person or caps.desk):
        return None
    zone = ZoneInfo((folder.desk or DeskDef()).timezone)
    return Spending(ground.store.records, caps, lambda: ground.clock.now().astimezone(zone).date(), report)


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
    embeddings = Embeddings(line, name, _mask(settings), _watch("embeddings", ground, health, metrics))
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


def _watch(part: str, ground: Ground, health: Health | None, metrics: Metrics) -> Watch:
    def report(note: str) -> None:
        if health is not None:
            health.report(part, ok=not note, note=note)

    report("")
    return Watch(count=metrics.model, report=report, tokens=metrics.model_tokens, spans=ground.spans)
