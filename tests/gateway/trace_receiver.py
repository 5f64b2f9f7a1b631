"""A receiver of OTLP/HTTP on loopback: keeps every export as it came, and reads the spans out of its protobuf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from gateway.masks import Mask
from gateway.tracevariables import Sampler
from gateway.tracing import Terms, Tracing
from tests.gateway.backend_double import BackendDouble

HEADER = "canary-of-a-receivers-key"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One span as it arrived. `noted` are its attributes, `after` the ids of the spans it is linked to."""

    name: str
    id: str
    trace: str
    parent: str
    kind: int
    failed: bool
    noted: dict[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    service: str = ""


def seen(double: BackendDouble) -> list[Seen]:
    """Every span that the receiver took."""
    return [span for asked in double.asked for span in _spans(asked.target, asked.body)]


def tree(spans: Sequence[Seen]) -> set[tuple[str, str]]:
    """(name, its parent's name) of every span; "" for the first of a trace."""
    names = {span.id: span.name for span in spans}
    return {(span.name, names.get(span.parent, span.parent and "elsewhere")) for span in spans}


def terms(url: str, *, sampler: Sampler = Sampler.PARENT_ON, share: float = 1.0) -> Terms:
    """Traces to this address."""
    return Terms(
        endpoint=url,
        headers={"x-key": HEADER},
        service="desk-7",
        sampler=sampler,
        share=share,
        mask=Mask([HEADER]),
        key=b"k" * 32,
    )


def tracing(url: str, counts: dict[str, int] | None = None, **more: Any) -> Tracing:
    """Spans that go to this address, counted in `counts`."""

    def count(outcome: str, number: int) -> None:
        if counts is not None:
            counts[outcome] = counts.get(outcome, 0) + number

    return Tracing(terms(url, **more), count)


def _spans(target: str, body: bytes) -> list[Seen]:
    assert target == "/v1/traces"
    export = ExportTraceServiceRequest.FromString(body)
    found = []
    for resource in export.resource_spans:
        of = {one.key: _value(one.value) for one in resource.resource.attributes}
        for scope in resource.scope_spans:
            found += [
                Seen(
                    name=span.name,
                    id=span.span_id.hex(),
                    trace=span.trace_id.hex(),
                    parent=span.parent_span_id.hex(),
                    kind=span.kind,
                    failed=span.status.code == 2,
                    noted={one.key: _value(one.value) for one in span.attributes},
                    after=tuple(link.span_id.hex() for link in span.links),
                    service=of["service.name"],
                )
                for span in scope.spans
            ]
    return found


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    return [_value(one) for one in value.array_value.values] if kind == "array_value" else getattr(value, kind)
