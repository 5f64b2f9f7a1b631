"""The narrative in a model's words: what it is told of a case, line by line, and the form of its answer (H74)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

from msgspec import UNSET

from engine.money import is_amount
from engine.strict import read_strict, strict_object
from handoff.document import Summary
from handoff.evidence import AttemptPart, FactPart, SlotPart
from handoff.statements import ActionCode, Told

NARRATIVE = ("persona_of_notes", "narrative")
"""The parts of the request before the case."""
NARRATIVE_WITHIN_S = 8.0
"""From the opening of a case until its card stays as code wrote it (H74)."""
CASE = "case"
"""The part that holds the case."""
ACTIONS: tuple[str, ...] = get_args(ActionCode)


def evidence_of(summary: Summary) -> dict[str, str]:
    """All that a statement may rest on: id -> what stands there, in one line. Times, hashes and our own ids are no
    evidence: a number in them proves nothing."""
    lines = {message.message_id: f"{message.who}: {message.text}" for message in summary.messages}
    lines |= {f"slot:{slot.name}": _slot(slot) for slot in summary.slots}
    lines |= {f"fact:{fact.name}": _fact(fact) for fact in summary.facts}
    lines |= {row.attempt_id: _attempt(row) for row in summary.attempts}
    if summary.flow.active is not None:
        lines["flow:active"] = "; ".join(_flow(summary))
    if summary.customer.tier != "unknown":
        lines["customer:tier"] = f"tier: {summary.customer.tier}"
    return lines


def why_told(summary: Summary) -> str:
    """Why a person is called, with what was measured: every statement may speak of it."""
    return "; ".join(_why(summary))


def case_told(summary: Summary) -> dict[str, Any]:
    """What a model is told of a case."""
    return {"why": why_told(summary), "lines": list(evidence_of(summary).items())}


def narrative_schema() -> dict[str, Any]:
    """The strict schema of the answer."""
    refs = {"type": "array", "items": {"type": "string"}, "description": "Ids of the lines it rests on."}
    statement = strict_object({"text": {"type": "string"}, "evidence": refs})
    code = {"type": "string", "enum": list(ACTIONS)}
    action = strict_object({"code": code, "text": {"type": "string"}, "evidence": refs})
    return strict_object(
        {
            "headline": statement,
            "situation": {"type": "array", "items": statement},
            "tried": {"type": "array", "items": statement},
            "open_question": {"anyOf": [statement, {"type": "null"}]},
            "suggested_next_action": {"anyOf": [action, {"type": "null"}]},
            "confidence": {"type": "number"},
        }
    )


def read_told(text: str) -> Told:
    """The answer in a model's text. Raises ValueError with what is wrong with its shape, never with its words."""
    return read_strict(text, Told)


def _slot(slot: SlotPart) -> str:
    value = slot.value if slot.value is not UNSET else slot.value_masked
    shown = f", {_words(value)}" if value is not UNSET else ""
    confirmed = ", confirmed by the customer" if slot.confirmed_by_customer is True else ""
    return f"{slot.label}: {slot.status}{shown}{confirmed}"


def _fact(fact: FactPart) -> str:
    value = fact.value if fact.value is not UNSET else fact.value_masked
    return f"{fact.name.replace('_', ' ')}: {_words(value) if value is not UNSET else 'not shown'}"


def _attempt(row: AttemptPart) -> str:
    parts = [f"{row.kind} {row.name}".replace("_", " "), row.outcome, f"times: {row.times}"]
    parts += [f"result {row.result_ref}".replace("_", " ")] if isinstance(row.result_ref, str) else []
    parts += ["it cannot be undone"] if row.irreversible is True else []
    return ", ".join(parts)


def _flow(summary: Summary) -> Iterator[str]:
    active = summary.flow.active
    if active is None:
        return
    yield f"task {active.title}, at the step {active.state_label}"
    yield f"tries {active.retries_used} of {active.retries_allowed}"
    yield f"{summary.flow.filled_slots} of {summary.flow.required_slots} required values are known"
    yield from (f"also open: {frame.title}" for frame in summary.flow.stack)


def _why(summary: Summary) -> Iterator[str]:
    trigger = summary.trigger
    yield trigger.primary.replace("_", " ")
    if trigger.reason:
        yield trigger.reason.replace("_", " ")
    for fired in trigger.fired:
        if fired.mode == "live" and fired.value is not UNSET and fired.threshold is not UNSET:
            yield f"{fired.code.replace('_', ' ')}: {fired.value:g}, limit {fired.threshold}"


def _words(value: Any) -> str:
    if is_amount(value):
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
