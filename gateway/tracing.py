"""Traces by OpenTelemetry over OTLP/HTTP: the one file that knows its SDK, imported only when an endpoint is named.

1. No attribute holds a customer's words, an address or a secret: people are pseudonyms, texts are masked as those of a
   log are, and of an error its type is kept, never its words (X60, X61).
2. Nobody waits for a span: they leave in batches from a thread. What does not leave in time, or finds MOST_WAITING
   before it, is dropped and counted.

What a model was asked for is named by the GenAI semantic conventions 1.44.0 (status: development), the rest by
`frontdesk.*`. Source: opentelemetry.io, "Semantic conventions for generative client AI spans".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock, Thread

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider, sampling
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from engine.ports import Noted
from gateway.masks import Mask, pseudonym
from gateway.telemetry import PEOPLE
from gateway.tracevariables import Sampler

OURS = "frontdesk"
EVERY_S = 2.0
"""Between batches."""
MOST_WAITING = 4096
BATCH = 512
EXPORT_S = 5.0
"""One batch, with its repeats."""
FLUSH_S = 1.5
"""At the end, for what waits: a process that was told to stop is gone by 12 s (F25)."""

_PROPAGATOR = TraceContextTextMapPropagator()
_TRACEPARENT = "traceparent"
_ERROR = "error.type"
_KINDS = {
    "webhook": SpanKind.SERVER,
    "accept": SpanKind.PRODUCER,
    "turn": SpanKind.CONSUMER,
    "action": SpanKind.CLIENT,
    "chat": SpanKind.CLIENT,
    "send": SpanKind.CLIENT,
}
"""By the first word of a span's name; else internal."""

_log = structlog.get_logger("traces")

Count = Callable[[str, int], None]
"""Told what became of spans, `exported` or `dropped`, and of how many."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Where spans go, which of them, and what may be in them."""

    endpoint: str
    headers: Mapping[str, str]
    service: str
    sampler: Sampler
    share: float
    mask: Mask
    key: bytes
    """Of the pseudonyms."""


class Tracing:
    """The port `Spans`. One per process."""

    on = True

    def __init__(self, terms: Terms, count: Count) -> None:
        self._mask, self._key = terms.mask, terms.key
        exporter = OTLPSpanExporter(
            endpoint=f"{terms.endpoint.rstrip('/')}/v1/traces", headers=dict(terms.headers), timeout=EXPORT_S
        )
        self._leaving = _Leaving(exporter, count)
        self._provider = TracerProvider(
            sampler=_sampler(terms.sampler, terms.share),
            resource=Resource.create({"service.name": terms.service}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(_Waiting(self._leaving, count))
        self._tracer = self._provider.get_tracer(OURS)
        self._finished = False

    @contextmanager
    def of(self, name: str, **noted: Noted) -> Iterator[None]:
        """A span within the one that is current here."""
        with self._under_way(name, None, (), noted):
            yield

    @contextmanager
    def begun(self, name: str, after: Sequence[str], **noted: Noted) -> Iterator[None]:
        """A span whose parent is the first of `after`, with links to the others; the first of its trace without any.

        What is current here is not its parent: a worker's task was begun by whichever request came just then.
        """
        first, *others = [_PROPAGATOR.extract({_TRACEPARENT: place}) for place in after] or [Context()]
        links = [Link(trace.get_current_span(other).get_span_context()) for other in others]
        with self._under_way(name, first, links, noted):
            yield

    def note(self, **noted: Noted) -> None:
        """Attributes of the current span."""
        span = trace.get_current_span()
        if span.is_recording():
            span.set_attributes(self._attributes(noted))

    def here(self) -> str:
        """The current span's traceparent, with whether it is sampled."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier.get(_TRACEPARENT, "")

    async def finish(self) -> None:
        """Export what waits, within FLUSH_S; nothing is kept from then on."""
        if self._finished:
            return
        self._finished = True
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def end() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # the loop is gone: nobody waits any more
                loop.call_soon_threadsafe(ended.set)

        # A thread of its own, which a process that ends does not wait for: the SDK's shutdown has no deadline of ours.
        Thread(target=end, daemon=True).start()
        try:
            async with asyncio.timeout(FLUSH_S):
                await ended.wait()
        except TimeoutError:
            _log.warning("spans that waited are dropped at the end", spans=self._leaving.waiting)

    @contextmanager
    def _under_way(
        self, name: str, parent: Context | None, links: Sequence[Link], noted: Mapping[str, Noted]
    ) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            self._mask(name),
            context=parent,
            kind=_KINDS.get(name.partition(" ")[0], SpanKind.INTERNAL),
            attributes=self._attributes(noted),
            links=links,
            record_exception=False,  # its words may be a customer's
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(StatusCode.ERROR)
                if _ERROR not in (getattr(span, "attributes", None) or {}):
                    span.set_attribute(_ERROR, type(error).__name__)
                raise

    def _attributes(self, noted: Mapping[str, Noted]) -> dict[str, Noted]:
        return {name if "." in name else f"{OURS}.{name}": self._plain(name, value) for name, value in noted.items()}

    def _plain(self, name: str, value: Noted) -> Noted:
        if name in PEOPLE:
            return pseudonym(self._key, str(value))
        match value:
            case bool() | int() | float():
                return value
            case str():
                return self._mask(value)
            case _:
                return [self._mask(str(one)) for one in value]


class _Leaving(SpanExporter):
    """Counts what leaves, and tells operators once when nothing does."""

    def __init__(self, exporter: SpanExporter, count: Count) -> None:
        self._exporter, self._count = exporter, count
        self._away = False
        self._lock = Lock()
        self.waiting = 0

    def joined(self) -> bool:
        """One more waits, if there is room."""
        with self._lock:
            if self.waiting >= MOST_WAITING:
                return False
            self.waiting += 1
            return True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch; what the receiver does not take is lost."""
        result = self._exporter.export(spans)
        with self._lock:
            self.waiting -= len(spans)
        away = result is not SpanExportResult.SUCCESS
        self._count("dropped" if away else "exported", len(spans))
        if away is not self._away:
            self._away = away
            _log.warning("spans are dropped: their receiver is away" if away else "spans are exported again")
        return result

    def shutdown(self) -> None:
        """Close the connection."""
        self._exporter.shutdown()


class _Waiting(BatchSpanProcessor):
    """The SDK's batches, behind a door that counts whom it turns away."""

    def __init__(self, leaving: _Leaving, count: Count) -> None:
        super().__init__(
            leaving, max_queue_size=MOST_WAITING, schedule_delay_millis=EVERY_S * 1000, max_export_batch_size=BATCH
        )
        self._leaving, self._count = leaving, count

    def on_end(self, span: ReadableSpan) -> None:
        """A span ended."""
        if not (span.context and span.context.trace_flags.sampled):
            return
        if self._leaving.joined():
            super().on_end(span)
        else:
            self._count("dropped", 1)


def _sampler(name: Sampler, share: float) -> sampling.Sampler:
    """By the standard names. Source: opentelemetry.io, "General SDK Configuration"."""
    root: sampling.Sampler = sampling.TraceIdRatioBased(share)
    if name.endswith("always_on"):
        root = sampling.ALWAYS_ON
    elif name.endswith("always_off"):
        root = sampling.ALWAYS_OFF
    return sampling.ParentBased(root) if name.startswith("parentbased") else root
