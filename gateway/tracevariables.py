"""OpenTelemetry's variables: its standard names, and how their values look (DESIGN 9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from gateway.values import HttpUrl, hook_url, matching, secretly

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class Sampler(StrEnum):
    """OTEL_TRACES_SAMPLER: which traces are kept; `parentbased`: those whose door was."""

    ALWAYS_ON = "always_on"
    ALWAYS_OFF = "always_off"
    RATIO = "traceidratio"
    PARENT_ON = "parentbased_always_on"
    PARENT_OFF = "parentbased_always_off"
    PARENT_RATIO = "parentbased_traceidratio"


def headers_in(text: str) -> dict[str, str]:
    """`name=value` with commas between, values percent-encoded. Raises ValueError, which does not repeat it.

    Source: opentelemetry.io, "OpenTelemetry Protocol Exporter", OTEL_EXPORTER_OTLP_HEADERS.
    """
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name.strip() and sign for name, sign, _ in pairs):
        raise ValueError("is no list of headers; write name=value, with commas between")
    return {name.strip().lower(): unquote(value.strip()) for name, _, value in pairs}


def share(value: float) -> float:
    """From 0 to 1. Raises ValueError."""
    if not 0 <= value <= 1:
        raise ValueError("is no share; write a number from 0 to 1, such as 0.1")
    return value


class TraceSettings(BaseSettings):
    """Where traces go: part of the settings."""

    otlp_endpoint: Annotated[HttpUrl, AfterValidator(hook_url)] | None = Field(None, validation_alias=ENDPOINT)
    """Traces are posted to /v1/traces below it; None: there are none."""
    otlp_headers: Annotated[SecretStr, secretly(headers_in)] | None = Field(
        None, validation_alias="OTEL_EXPORTER_OTLP_HEADERS"
    )
    traces_sampler: Sampler = Field(Sampler.PARENT_ON, validation_alias="OTEL_TRACES_SAMPLER")
    traces_share: Annotated[float, AfterValidator(share)] = Field(1.0, validation_alias="OTEL_TRACES_SAMPLER_ARG")
    service_name: Annotated[str, matching(r"\S{1,100}", "write a name without blanks")] = Field(
        "frontdesk", validation_alias="OTEL_SERVICE_NAME"
    )

    @property
    def otlp_sent(self) -> dict[str, str]:
        """The headers that every post to the receiver carries."""
        return headers_in(self.otlp_headers.get_secret_value()) if self.otlp_headers else {}
