"""The model that the settings name: opened, told who watches it, and closed with the desk."""

from __future__ import annotations

from contextlib import AsyncExitStack

from gateway.flowfolder import OURS, FlowFolder
from gateway.health import Health
from gateway.masks import Mask
from gateway.metrics import Metrics
from gateway.model import ChatModel, Terms, Watch
from gateway.openailine import OpenAILine
from gateway.promptfolder import read_prompts
from gateway.settings import Settings
from handoff.redaction import shielded


def open_model(
    settings: Settings, opening: AsyncExitStack, health: Health | None, folder: FlowFolder, metrics: Metrics
) -> ChatModel | None:
    """The model that these settings name; None: rules read alone, and authors write. `opening` closes it;
    `health` hears when it is away.

    Raises SettingsError, FlowError.
    """
    key, name = settings.openai_api_key, settings.openai_model
    if key is None or name is None or not settings.asks_a_model:
        return None
    line = OpenAILine(key.get_secret_value(), settings.openai_base_url)
    opening.push_async_callback(line.close)
    secrets = Mask(settings.secrets())
    terms = Terms(
        name=name,
        understanding=settings.understanding,
        phrasing=settings.phrasing,
        prompts=read_prompts(settings.flows_dir or OURS, folder.folders),
        mask=lambda text: secrets.known(shielded(text)),
    )

    def report(note: str) -> None:
        if health is not None:
            health.report("model", ok=not note, note=note)

    report("")
    return ChatModel(line, terms, Watch(count=metrics.model, report=report))
