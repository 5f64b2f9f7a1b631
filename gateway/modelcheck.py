"""What `frontdesk doctor` says of the model: does its server know our key, and the name we ask it by?"""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp

from channels.base import Finding
from channels.inquiry import NoAnswer, ask, library
from gateway.settings import Settings

MODEL = "model"
SPENDING = "spending"


async def model(settings: Settings, http: aiohttp.ClientSession) -> Sequence[Finding]:
    """GET /models of the server that is named; nothing is asked of a model itself, so nothing is paid
    for. Where none is named there is nothing to look at."""
    key, names = settings.openai_api_key, (settings.openai_model, settings.openai_embedding_model)
    variables = ("OPENAI_MODEL", "OPENAI_EMBEDDING_MODEL")
    named = {setting: name for setting, name in zip(variables, names, strict=True) if name is not None}
    if key is None or not named or not (settings.asks_a_model or settings.openai_embedding_model):
        return ()
    here = library(MODEL, "openai", "openai")
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"}
    try:
        answered = await ask(http, f"{settings.openai_base_url}/models", headers=headers)
    except NoAnswer as away:
        remedy = "look at OPENAI_BASE_URL and at the network; until then rules read alone, and authors' words are said"
        return [here, Finding.failed(MODEL, f"its server does not answer: {away}", remedy), _caps(settings)]
    judged = [_judged(answered.status, answered.body, name, setting) for setting, name in named.items()]
    return [here, *dict.fromkeys(judged), _caps(settings)]


def _caps(settings: Settings) -> Finding:
    """What it may cost."""
    caps = (
        f"at most {settings.model_concurrency} questions at once",
        _a_day(settings.model_person_daily_tokens, "a person"),
        _a_day(settings.model_daily_tokens, "the desk"),
    )
    return Finding.ok(SPENDING, ", ".join(caps))


def _a_day(tokens: int, whose: str) -> str:
    return f"{tokens:,} tokens a day for {whose}" if tokens else f"no cap a day for {whose}"


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
