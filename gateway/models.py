"""The model that the settings name: opened, told who watches it, and closed with the desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

from engine.desk import DeskDef
from gateway.flowfolder import OURS, FlowFolder
from gateway.ground import Ground
from gateway.health import Health
from gateway.masks import Mask
from gateway.metrics import Metrics
from gateway.model import ChatModel, Terms, Watch
from gateway.openailine import OpenAILine
from gateway.promptfolder import read_prompts
from gateway.spending import Caps, Spending
from handoff.redaction import shielded


def open_model(
    ground: Ground, opening: AsyncExitStack, health: Health | None, folder: FlowFolder, metrics: Metrics
) -> ChatModel | None:
    """The model that these settings name; None: rules read alone, and authors write. `opening` closes it;
    `health` hears when it is away.

    Raises SettingsError, FlowError.
    """
    settings = ground.settings
    key, name = settings.openai_api_key, settings.openai_model
    if key is None or name is None or not settings.asks_a_model:
        return None
    line = OpenAILine(key.get_secret_value(), settings.openai_base_url)
    opening.push_async_callback(line.close)
    secrets = Mask(settings.secrets())

    def report(note: str) -> None:
        if health is not None:
            health.report("model", ok=not note, note=note)

    report("")
    terms = Terms(
        name=name,
        understanding=settings.understanding,
        phrasing=settings.phrasing,
        prompts=read_prompts(settings.flows_dir or OURS, folder.folders),
        mask=lambda text: secrets.known(shielded(text)),
        at_once=settings.model_concurrency,
        spending=_spending(ground, folder, report),
    )
    watch = Watch(count=metrics.model, report=report, tokens=metrics.model_tokens, spans=ground.spans)
    return ChatModel(line, terms, watch)


def _spending(ground: Ground, folder: FlowFolder, report: Callable[[str], None]) -> Spending | None:
    """The caps on the desk's own days; None where there are none."""
    caps = Caps(person=ground.settings.model_person_daily_tokens, desk=ground.settings.model_daily_tokens)
    if not (caps.person or caps.desk):
        return None
    zone = ZoneInfo((folder.desk or DeskDef()).timezone)
    return Spending(ground.store.records, caps, lambda: ground.clock.now().astimezone(zone).date(), report)
