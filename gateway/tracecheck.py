"""What `frontdesk doctor` says of traces: does their receiver take what we would send?"""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp

from channels.base import Finding
from channels.inquiry import NoAnswer, ask, library
from gateway.settings import Settings

TRACES = "traces"


async def traces(settings: Settings, http: aiohttp.ClientSession) -> Sequence[Finding]:
    """Post an export of no spans; where no endpoint is named there is nothing to look at."""
    if settings.otlp_endpoint is None:
        return []
    here = library(TRACES, "opentelemetry", "otel")
    # No spans in JSON, which a receiver of OTLP/HTTP takes as well as protobuf.
    url = f"{settings.otlp_endpoint}/v1/traces"
    try:
        answered = await ask(http, url, json={"resourceSpans": []}, headers=settings.otlp_sent)
    except NoAnswer as away:
        remedy = "look at OTEL_EXPORTER_OTLP_ENDPOINT and at the network; until then spans are dropped and counted"
        return [here, Finding.failed(TRACES, f"their receiver does not answer: {away}", remedy)]
    return [here, _judged(answered.status)]


def _judged(status: int) -> Finding:
    if 200 <= status < 300:
        return Finding.ok(TRACES, "their receiver takes them")
    if status in (401, 403):
        return Finding.failed(TRACES, f"their receiver refuses us ({status})", "set OTEL_EXPORTER_OTLP_HEADERS anew")
    if status in (400, 415):
        remedy = "nothing to do if it takes protobuf only, which is what is sent"
        return Finding.warning(TRACES, f"their receiver answers {status} to an export of no spans in JSON", remedy)
    remedy = "OTEL_EXPORTER_OTLP_ENDPOINT must be of OTLP over HTTP, mostly port 4318, without /v1/traces"
    return Finding.failed(TRACES, f"their receiver answers {status} to /v1/traces", remedy)
