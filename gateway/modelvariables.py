"""The model's variables: how their values look, what half of it lacks, and when they do not count (DESIGN 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator

from engine.model import Phrasing, Understanding
from gateway.values import HttpUrl, hook_url, matching
from gateway.variables import Variables

ModelName = Annotated[str, matching(r"\S{1,200}", "write the model's name as its provider does, such as gpt-4o-mini")]
ModelUrl = Annotated[HttpUrl, AfterValidator(hook_url)]
"""Of a provider or a server of your own; never a link-local one (X42)."""

_OURS = ("OPENAI_API_KEY", "OPENAI_API_KEY_FILE", "OPENAI_BASE_URL", "OPENAI_MODEL")
_BY_A_MODEL = (
    ("FRONTDESK_UNDERSTANDING", Understanding.MODEL.value, "FRONTDESK_UNDERSTANDING=auto"),
    ("FRONTDESK_PHRASING", Phrasing.MODEL.value, "FRONTDESK_PHRASING=author"),
)
"""Settings that cannot be kept without a model, and what goes without one."""


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
    if "OPENAI_API_KEY" in given and "OPENAI_MODEL" not in given:
        yield (
            "OPENAI_MODEL is not set though OPENAI_API_KEY is; a model needs both: "
            "set the model's name, or set FRONTDESK_UNDERSTANDING=rules and FRONTDESK_PHRASING=author"
        )
    if "OPENAI_API_KEY" in given:
        return
    remedy = "set the provider's key (any word, where a server of your own wants none)"
    if "OPENAI_MODEL" in given:
        yield f"OPENAI_API_KEY is not set though OPENAI_MODEL is; {remedy}, or remove the name"
        return
    for name, of_model, without in _BY_A_MODEL:
        if variables.values.get(name) == of_model:
            yield f"OPENAI_API_KEY is not set; {name}={of_model} needs it and OPENAI_MODEL: {remedy}, or set {without}"
