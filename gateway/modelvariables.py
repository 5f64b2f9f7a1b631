"""The model's variables: how their values look, what half of it lacks, and when they do not count (DESIGN 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from engine.model import Understanding
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


class Phrasing(StrEnum):
    """FRONTDESK_PHRASING: whose words are said."""

    AUTHOR = "author"
    MODEL = "model"


def without_model(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Where rules read alone nobody looks at the model's variables, which other programs of a machine may share."""
    if environ.get("FRONTDESK_UNDERSTANDING") != Understanding.RULES:
        return environ
    return {name: value for name, value in environ.items() if name not in _OURS}


def half_a_model(variables: Variables) -> Iterator[str]:
    """What of the model is missing, once any of it is there."""
    given = variables.given
    if "OPENAI_API_KEY" in given and given.isdisjoint(("OPENAI_MODEL", "OPENAI_EMBEDDING_MODEL")):
        yield (
            "OPENAI_MODEL is not set though OPENAI_API_KEY is; reading messages needs both: "
            "set the model's name, or set FRONTDESK_UNDERSTANDING=rules"
        )
    if "OPENAI_API_KEY" in given:
        return
    remedy = "set the provider's key (any word, where a server of your own wants none)"
    named = [name for name in ("OPENAI_MODEL", "OPENAI_EMBEDDING_MODEL") if name in given]
    if named:
        yield f"OPENAI_API_KEY is not set though {' and '.join(named)} is; {remedy}, or remove the name"
    elif variables.values.get("FRONTDESK_UNDERSTANDING") == Understanding.MODEL:
        yield (
            f"OPENAI_API_KEY is not set; FRONTDESK_UNDERSTANDING=model needs it and OPENAI_MODEL: {remedy}, "
            "or set FRONTDESK_UNDERSTANDING=auto"
        )
