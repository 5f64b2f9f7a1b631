"""The model's variables: how their values look, what half of it lacks, and when they do not count (DESIGN 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings

from engine.model import Phrasing, Understanding
from gateway.values import HttpUrl, hook_url, matching
from gateway.variables import Variables


def _a_share(floor: float) -> float:
    if not 0 < floor < 1:
        raise ValueError("must lie between 0 and 1; leave it out for 0.5, or measure: docs/knowledge.md")
    return floor


ModelName = Annotated[str, matching(r"\S{1,200}", "write the model's name as its provider does, such as gpt-4o-mini")]
ModelUrl = Annotated[HttpUrl, AfterValidator(hook_url)]
"""Of a provider or a server of your own; never a link-local one (X42)."""

Floor = Annotated[float, AfterValidator(_a_share)]
_OURS = (
    "OPENAI_API_KEY",
    "OPENAI_API_KEY_FILE",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "OPENAI_EMBEDDING_MODEL",
    "OPENAI_EMBEDDING_FLOOR",
)
_BY_A_MODEL = (
    ("FRONTDESK_UNDERSTANDING", Understanding.MODEL.value, "FRONTDESK_UNDERSTANDING=auto"),
    ("FRONTDESK_PHRASING", Phrasing.MODEL.value, "FRONTDESK_PHRASING=author"),
)
"""Settings that cannot be kept without a model, and what goes without one."""


AT_ONCE = 64
"""Questions of one process that are under way together (X54)."""
PERSON_DAILY_TOKENS = 200_000
"""Some sixty questions with all of `prompt_budget`: nobody talks that much to a desk in a day."""


def tokens(text: object) -> object:
    """A whole number of tokens; 0 for `off`. Raises ValueError."""
    if not isinstance(text, str):
        return text
    if not re.fullmatch(r"off|\d{1,12}", text, re.ASCII):
        raise ValueError("is no number of tokens; write a whole one, such as 2000000, or off")
    return 0 if text == "off" else int(text)


def at_once(text: object) -> object:
    """How many may ask together. Raises ValueError."""
    if isinstance(text, str) and not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise ValueError("is no number from 1 to 9999; write how many questions may be under way together")
    return text


Tokens = Annotated[int, BeforeValidator(tokens)]
AtOnce = Annotated[int, BeforeValidator(at_once)]


class ModelCaps(BaseSettings):
    """What a model may cost (X54): part of the settings."""

    model_concurrency: AtOnce = Field(AT_ONCE, validation_alias="MODEL_CONCURRENCY")
    model_person_daily_tokens: Tokens = Field(PERSON_DAILY_TOKENS, validation_alias="MODEL_PERSON_DAILY_TOKENS")
    model_daily_tokens: Tokens = Field(0, validation_alias="MODEL_DAILY_TOKENS")
    """0: no cap."""


def without_model(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Where rules read alone, and authors write, nobody looks at the model's variables, which other programs of a
    machine may share."""
    if environ.get("FRONTDESK_UNDERSTANDING") != Understanding.RULES or _phrases(environ):
        return environ
    return {name: value for name, value in environ.items() if name not in _OURS}


def _phrases(environ: Mapping[str, str]) -> bool:
    return environ.get("FRONTDESK_PHRASING") == Phrasing.MODEL


def half_a_model(variables: Variables) -> Iterator[str]:
    """What of the model is missing, once any of it is there."""
    given = variables.given
    if "OPENAI_API_KEY" in given and given.isdisjoint(("OPENAI_MODEL", "OPENAI_EMBEDDING_MODEL")):
        yield (
            "OPENAI_MODEL is not set though OPENAI_API_KEY is; a model needs both: "
            "set the model's name, or set FRONTDESK_UNDERSTANDING=rules and FRONTDESK_PHRASING=author"
        )
    if "OPENAI_API_KEY" in given:
        return
    remedy = "set the provider's key (any word, where a server of your own wants none)"
    named = [name for name in ("OPENAI_MODEL", "OPENAI_EMBEDDING_MODEL") if name in given]
    if named:
        yield f"OPENAI_API_KEY is not set though {' and '.join(named)} is; {remedy}, or remove the name"
        return
    for name, of_model, without in _BY_A_MODEL:
        if variables.values.get(name) == of_model:
            yield f"OPENAI_API_KEY is not set; {name}={of_model} needs it and OPENAI_MODEL: {remedy}, or set {without}"
