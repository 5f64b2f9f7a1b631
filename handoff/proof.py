"""What is wrong with a summary that has the right form: the rules M1-M4 and M10-M13 of its check (H70).

M5-M9 are about a model's narrative; they belong to whoever lets a model write one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import msgspec
from msgspec import UNSET

from handoff.document import Summary, canonical, plain, read
from handoff.fitting import MAX_BYTES
from handoff.redaction import redact

_UNCHECKED = ("ids", "links", "handoff_id")
"""Fields that hold our own identifiers and addresses, never a person's."""


def faults(summary: Summary) -> list[str]:
    """One line for each thing that is wrong; empty when the summary may be stored and shown."""
    try:
        read(canonical(summary))
    except msgspec.ValidationError as misfit:
        return [f"form: {misfit}"]
    return [*_identity(summary), *_evidence(summary), *_privacy(summary), *_times(summary), *_counts(summary)]


def _identity(summary: Summary) -> Iterator[str]:
    rows = (
        [message.message_id for message in summary.messages],
        [attempt.attempt_id for attempt in summary.attempts],
        [slot.name for slot in summary.slots],
        [fact.name for fact in summary.facts],
    )
    for names in rows:
        yield from (f"M1 {name} stands twice" for name, count in Counter(names).items() if count > 1)
    if summary.handoff_id == summary.ids.previous_handoff_id:
        yield "M1 the previous case is this one"
    if summary.trigger.primary not in {fired.code for fired in summary.trigger.fired if fired.mode == "live"}:
        yield f"M2 {summary.trigger.primary} did not fire live"


def _evidence(summary: Summary) -> Iterator[str]:
    texts = {message.message_id: message.text for message in summary.messages}
    known = {*texts, *(attempt.attempt_id for attempt in summary.attempts), "customer:history", "customer:tier"}
    known |= {f"slot:{slot.name}" for slot in summary.slots} | {f"fact:{fact.name}" for fact in summary.facts}
    known |= {"flow:active"} if summary.flow.active else set()
    known |= {"sentiment"} if summary.sentiment.available else set()
    for ref in dict.fromkeys(_cited(summary)):
        if ref not in known and not ref.startswith("config:"):
            yield f"M3 {ref} is cited but is not in this document"
    for fired in summary.trigger.fired:
        for one in fired.evidence:
            if one.quote is not UNSET and one.quote not in texts.get(one.ref, ""):
                yield f"M4 the quote is not verbatim in {one.ref}"


def _cited(summary: Summary) -> Iterator[str]:
    told = summary.narrative
    yield from (one.ref for fired in summary.trigger.fired for one in fired.evidence)
    for statement in (told.headline, *told.situation, *told.tried, told.open_question, told.suggested_next_action):
        yield from statement.evidence if statement else ()
    for slot in summary.slots:
        if slot.provenance is not UNSET and slot.provenance.ref is not UNSET:
            yield slot.provenance.ref
    yield from (fact.attempt_id for fact in summary.facts)
    points = summary.sentiment.points
    yield from (point.message_id for point in points) if points is not UNSET else ()


def _privacy(summary: Summary) -> Iterator[str]:
    for path, text in _texts(plain(summary)):
        if not path.startswith(_UNCHECKED):
            found = redact(text, phones=False).classes & {"payment_card", "bank_account", "email"}
            yield from (f"M10 {kind} stands in clear at {path}" for kind in sorted(found))


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}/{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{path}/{place}")


def _times(summary: Summary) -> Iterator[str]:
    timing, sla = summary.timing, summary.timing.sla
    order = {
        "started_at": summary.conversation.started_at,
        "triggered_at": timing.triggered_at,
        "queued_at": timing.queued_at,
        "claim_by": sla.claim_by,
        "first_reply_by": sla.first_reply_by,
        "expires_at": sla.expires_at,
    }
    yield from (f"M11 {b} is before {a}" for (a, at), (b, then) in pairwise(order.items()) if then < at)
    sent = [message.at for message in summary.messages]
    if sent != sorted(sent):
        yield "M11 messages are not oldest first"


def _counts(summary: Summary) -> Iterator[str]:
    required = [slot for slot in summary.slots if slot.required]
    filled = sum(slot.status == "filled" for slot in required)
    counted = (summary.flow.required_slots, summary.flow.filled_slots)
    if summary.flow.active and counted != (len(required), filled):
        yield f"M12 the flow says {counted}, the slots say {(len(required), filled)}"
    if summary.flow.resumable and not summary.flow.active:
        yield "M12 resumable without an active flow"
    if len(canonical(summary)) > MAX_BYTES:
        yield f"M13 {len(canonical(summary))} bytes, {MAX_BYTES} allowed"
