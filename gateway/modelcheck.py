"""What `frontdesk doctor` says of the model: does its server know our key, and the name we ask it by?"""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp

from channels.base import Finding
from channels.inquiry import NoAnswer, ask, library
from engine.model import Understanding
from gateway.modelvariables import Phrasing
from gateway.settings import Settings

MODEL = "model"


async def model(settings: Settings, http: aiohttp.ClientSession) -> Sequence[Finding]:
    """GET /models of the server that is named; nothing is asked of a model itself, so nothing is paid
    for. Where none is named there is nothing to look at."""
    key, names = settings.openai_api_key, (settings.openai_model, settings.openai_embedding_model)
    variables = ("OPENAI_MODEL", "OPENAI_EMBEDDING_MODEL")
    named = {setting: name for setting, name in zip(variables, names, strict=True) if name is not None}
    if key is None or not named or settings.understanding is Understanding.RULES:
        return _phrasing(settings)
    here = library(MODEL, "openai", "openai")
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"}
    try:
        answered = await ask(http, f"{settings.openai_base_url}/models", headers=headers)
    except NoAnswer as away:
        remedy = "look at OPENAI_BASE_URL and at the network; until then rules read alone"
        return [here, Finding.failed(MODEL, f"its server does not answer: {away}", remedy), *_phrasing(settings)]
    judged = [_judged(answered.status, answered.body, name, setting) for setting, name in named.items()]
    return [here, *dict.fromkeys(judged), *_phrasing(settings)]


def _judged(status: int, body: dict[str, object], name: str, setting: str) -> Finding:
    if status in (401, 403):
        return Finding.failed(MODEL, f"its server refuses our key ({status})", "set OPENAI_API_KEY anew")
    if status != 200:
        remedy = "OPENAI_BASE_URL must end where /models and /chat/completions begin, mostly in /v1"
        return Finding.failed(MODEL, f"its server answers {status} to GET /models", remedy)
    listed = body.get("data")
    names = [str(one.get("id")) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if name not in names:
        remedy = f"compare {setting} with the names that the provider lists"
        return Finding.warning(MODEL, f"its server answers, and does not list {name}", remedy)
    return Finding.ok(MODEL, f"its server answers and lists {name}")


def _phrasing(settings: Settings) -> list[Finding]:
    if settings.phrasing is Phrasing.AUTHOR:
        return []
    found = "FRONTDESK_PHRASING is model, but this version says the author's words only"
    return [Finding.warning(MODEL, found, "remove it, or set author")]
