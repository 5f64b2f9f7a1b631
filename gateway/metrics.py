"""What is counted and timed, for /metrics: labels are closed sets, so no value of a stranger becomes one (X16)."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from engine.footing import Fault
from engine.jobs import JobFate
from engine.message import EventKind
from engine.model import Purpose

CONTENT_TYPE = CONTENT_TYPE_LATEST

WEBHOOK_STATUSES = ("200", "204", "400", "401", "403", "404", "405", "413", "415", "500", "503")
EVENT_KINDS = tuple(kind.value for kind in EventKind)
EVENT_OUTCOMES = ("taken", "duplicate", "dropped", "away")
"""`dropped`: nothing to store, such as chatter beside a conversation that does not exist (C17)."""
TURN_OUTCOMES = ("committed", "raised", "lost")
"""`lost`: another worker held the lease when it came to committing."""
SEND_OUTCOMES = ("sent", "refused", "retry", "unknown", "dropped", "dead")
"""`dropped`: not tried any more (owner changed, opt-out, expired); `dead`: tried until the send deadline (C32)."""
ACTION_OUTCOMES = ("answered", "failed", "unknown")
"""The outcome word itself is the flow author's, so it is no label."""
MODEL_FATES = ("answered", "late", "away", "refused", "unusable", "skipped", "crowded", "spent")
"""The last three were not asked: it failed too often just before or the turn had asked enough (S16, F18), too many
asked at once, the day's tokens were used up (X54)."""
MODEL_PURPOSES = tuple(purpose.value for purpose in Purpose)
TOKEN_DIRECTIONS = ("in", "out")
SPAN_OUTCOMES = ("exported", "dropped")
"""`dropped`: their receiver was away, or too many waited."""
PHRASINGS = ("said", "away", *(fault.value for fault in Fault))
"""What became of replies that a model was to put into words: why the guard refused its line, if it did (S25)."""
JOB_PURPOSES = (Purpose.SUMMARY.value, Purpose.NARRATIVE.value)
"""What a model is asked behind the reply."""
JOB_FATES = tuple(fate.value for fate in JobFate)
EXPOSED_VARIANTS = ("control",)
"""An experiment's other variants have their author's names, so they count together."""
OTHER = "other"
"""The label of a value outside its set: a slip of ours, seen without opening the set."""

_FAST_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
_TURN_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """All counters of one process, in a registry of their own: no platform or library figures."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._webhooks = _Tally(self._registry, "webhooks", "Webhook requests answered", status=WEBHOOK_STATUSES)
        self._unusable = _Tally(self._registry, "webhooks_unusable", "Authentic webhooks that held nothing for us")
        self._events = _Tally(self._registry, "events", "Events received", kind=EVENT_KINDS, outcome=EVENT_OUTCOMES)
        self._turns = _Tally(self._registry, "turns", "Turns taken", outcome=TURN_OUTCOMES)
        self._sends = _Tally(self._registry, "sends", "Tries to send one part", outcome=SEND_OUTCOMES)
        self._unknown = _Tally(self._registry, "sends_unknown", "Sends of which the provider told no outcome")
        self._repeated = _Tally(self._registry, "sends_repeated", "Sends that may have been a second copy")
        self._actions = _Tally(self._registry, "actions", "Actions called", outcome=ACTION_OUTCOMES)
        self._models = _Tally(self._registry, "model_calls", "Tries to ask the model", outcome=MODEL_FATES)
        self._tokens = _Tally(
            self._registry, "model_tokens", "Tokens of models", purpose=MODEL_PURPOSES, direction=TOKEN_DIRECTIONS
        )
        self._spans = _Tally(self._registry, "spans", "Spans of traces", outcome=SPAN_OUTCOMES)
        self._phrasings = _Tally(self._registry, "phrasings", "Replies put to the model", fate=PHRASINGS)
        self._jobs = _Tally(
            self._registry, "model_jobs", "Model jobs that came to an end", purpose=JOB_PURPOSES, fate=JOB_FATES
        )
        self._exposed = _Tally(
            self._registry, "exposures", "Times a customer first met an experiment in a run", variant=EXPOSED_VARIANTS
        )
        self._quarantined = _Tally(self._registry, "quarantined", "Events and records set aside")
        self._webhook_s = self._timed("webhook", "From a request to its answer at the door", _FAST_S)
        self._turn_s = self._timed("turn", "From a grant to its commit", _TURN_S)
        self._model_s = self._timed("model", "From a question to the model to its end", _TURN_S)

    def webhook(self, status: int, seconds: float) -> None:
        """A webhook was answered."""
        self._webhooks.add(str(status))
        self._webhook_s.observe(seconds)

    def unusable(self) -> None:
        """An authentic webhook held no event for us (C10)."""
        self._unusable.add()

    def event(self, kind: str, outcome: str) -> None:
        """An event came to the mailbox, by whatever door (EVENT_OUTCOMES)."""
        self._events.add(kind, outcome)

    def phrased(self, fate: str) -> None:
        """A reply was put to the model (PHRASINGS)."""
        self._phrasings.add(fate)

    def turn(self, outcome: str, seconds: float) -> None:
        """A turn ended (TURN_OUTCOMES); only a committed one is timed."""
        self._turns.add(outcome)
        if outcome == "committed":
            self._turn_s.observe(seconds)

    def sent(self, outcome: str) -> None:
        """One try to send one part came to an end (SEND_OUTCOMES)."""
        self._sends.add(outcome)

    def unknown(self) -> None:
        """A send may have been acted on or not (C33)."""
        self._sends.add("unknown")
        self._unknown.add()

    def repeated(self) -> None:
        """A part is sent that may have been sent before: after an unknown outcome, or a lease that ended (C34, F0)."""
        self._repeated.add()

    def action(self, outcome: str) -> None:
        """An action's call came to an end (ACTION_OUTCOMES)."""
        self._actions.add(outcome)

    def model(self, outcome: str, seconds: float) -> None:
        """A try to ask the model came to an end (MODEL_FATES)."""
        self._models.add(outcome)
        if seconds:
            self._model_s.observe(seconds)

    def model_tokens(self, purpose: str, tokens_in: int, tokens_out: int) -> None:
        """A try to ask the model used so many tokens (MODEL_PURPOSES, TOKEN_DIRECTIONS)."""
        self._tokens.add(purpose, "in", by=tokens_in)
        self._tokens.add(purpose, "out", by=tokens_out)

    def spans(self, outcome: str, number: int) -> None:
        """So many spans came to their end (SPAN_OUTCOMES)."""
        self._spans.add(outcome, by=number)

    def job(self, purpose: str, fate: str) -> None:
        """A model job came to an end (JOB_PURPOSES, JOB_FATES)."""
        self._jobs.add(purpose, fate)

    def exposed(self, variant: str) -> None:
        """A customer met an experiment, in this variant of it (S35)."""
        self._exposed.add(variant)

    def quarantined(self) -> None:
        """Something was set aside with its bytes kept (F16, F27)."""
        self._quarantined.add()

    def render(self) -> bytes:
        """Everything in the Prometheus text format, for CONTENT_TYPE."""
        return generate_latest(self._registry)

    def _timed(self, name: str, says: str, buckets: Iterable[float]) -> Histogram:
        return Histogram(f"frontdesk_{name}_seconds", says, buckets=tuple(buckets), registry=self._registry)


class _Tally:
    """A counter `frontdesk_<name>_total` that knows the values each of its labels may have."""

    def __init__(self, registry: CollectorRegistry, name: str, says: str, **labels: tuple[str, ...]) -> None:
        self._counter = Counter(f"frontdesk_{name}_total", says, tuple(labels), registry=registry)
        self._allowed = tuple(frozenset(values) for values in labels.values())
        self._counters: dict[tuple[str, ...], Counter] = {} if labels else {(): self._counter}

    def add(self, *values: str, by: int = 1) -> None:
        counter = self._counters.get(values)
        if counter is None:
            allowed = zip(values, self._allowed, strict=True)
            values = tuple(value if value in known else OTHER for value, known in allowed)
            counter = self._counters.setdefault(values, self._counter.labels(*values))
        counter.inc(by)
