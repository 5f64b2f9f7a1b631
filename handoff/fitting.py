"""A summary made to fit: older messages go first, then attempts; never trigger, slots or facts (H80).

What rested on a message that went rests on the run it was said in, so every reference still leads somewhere (M3).
"""

from __future__ import annotations

import json

from msgspec import UNSET
from msgspec.structs import replace

from handoff.document import SentimentPart, Summary, canonical
from handoff.evidence import FactPart, SlotPart
from handoff.statements import Narrative
from handoff.transcript import cut

MAX_BYTES = 64 * 1024
"""Of the canonical JSON."""
TICKET_BYTES = 20 * 1024
"""Of a ticket's body (H141)."""
_MASKED_CHARS = 120


def fitted(summary: Summary, max_bytes: int = MAX_BYTES) -> Summary:
    """The summary in at most `max_bytes`, if leaving out messages and attempts can do it; else what remains."""
    while len(canonical(summary)) > max_bytes:
        smaller = _without_a_message(summary) or _without_an_attempt(summary)
        if smaller is None:
            return summary
        summary = smaller
    return summary


def clipped(summary: Summary) -> Summary:
    """Every value and fact cut to what a line shows: the last resort, when they alone are too much."""
    return replace(
        summary,
        slots=tuple(map(_clipped_slot, summary.slots)),
        facts=tuple(map(_clipped_fact, summary.facts)),
    )


def _without_a_message(summary: Summary) -> Summary | None:
    """The oldest message that no trigger quotes goes; the newest one stays."""
    quoted = {one.ref for fired in summary.trigger.fired for one in fired.evidence}
    gone = next((m.message_id for m in summary.messages[:-1] if m.message_id not in quoted), None)
    if gone is None:
        return None
    instead = "flow:active" if summary.flow.active else "customer:history"
    return replace(
        summary,
        messages=tuple(m for m in summary.messages if m.message_id != gone),
        slots=tuple(_repointed_slot(slot, gone, instead) for slot in summary.slots),
        attempts=tuple(replace(a, message_id=UNSET) if a.message_id == gone else a for a in summary.attempts),
        sentiment=_without_point(summary, gone),
        narrative=_repointed(summary, gone, instead),
    )


def _without_an_attempt(summary: Summary) -> Summary | None:
    """The oldest attempt goes on which no fact, trigger or unknown result depends."""
    cited = {fact.attempt_id for fact in summary.facts}
    cited |= {one.ref for fired in summary.trigger.fired for one in fired.evidence}
    rows = (a for a in summary.attempts if a.attempt_id not in cited and a.outcome_certain)
    gone = next((a.attempt_id for a in rows), None)
    if gone is None:
        return None
    instead = "flow:active" if summary.flow.active else "customer:history"
    return replace(
        summary,
        attempts=tuple(a for a in summary.attempts if a.attempt_id != gone),
        narrative=_repointed(summary, gone, instead),
    )


def _repointed_slot(slot: SlotPart, gone: str, instead: str) -> SlotPart:
    if slot.provenance is UNSET or slot.provenance.ref != gone:
        return slot
    return replace(slot, provenance=replace(slot.provenance, ref=instead))


def _without_point(summary: Summary, gone: str) -> SentimentPart:
    points = summary.sentiment.points
    if points is UNSET:
        return summary.sentiment
    return replace(summary.sentiment, points=tuple(point for point in points if point.message_id != gone))


def _repointed(summary: Summary, gone: str, instead: str) -> Narrative:
    told = summary.narrative
    question, action = told.open_question, told.suggested_next_action
    return replace(
        told,
        headline=replace(told.headline, evidence=_refs(told.headline.evidence, gone, instead)),
        situation=tuple(replace(one, evidence=_refs(one.evidence, gone, instead)) for one in told.situation),
        tried=tuple(
            replace(one, evidence=_refs(one.evidence, gone, instead)) for one in told.tried if one.evidence != (gone,)
        ),
        open_question=replace(question, evidence=_refs(question.evidence, gone, instead)) if question else None,
        suggested_next_action=replace(action, evidence=_refs(action.evidence, gone, instead)) if action else None,
    )


def _refs(refs: tuple[str, ...], gone: str, instead: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(instead if ref == gone else ref for ref in refs))


def _clipped_slot(slot: SlotPart) -> SlotPart:
    if slot.value is UNSET:
        return slot
    return replace(slot, value=UNSET, value_masked=_line(slot.value))


def _clipped_fact(fact: FactPart) -> FactPart:
    if fact.value is UNSET:
        return fact
    return replace(fact, value=UNSET, value_masked=_line(fact.value))


def _line(value: object) -> str:
    return cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _MASKED_CHARS)
