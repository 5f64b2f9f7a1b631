"""Why a person is called, as the summary says it: triggers with what was measured and a verbatim quote (H71, H90)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from msgspec import UNSET

from handoff.case import Evidence, Firing
from handoff.document import PriorityPart, TriggerPart
from handoff.evidence import AttemptPart, EvidencePart, Fired, SlotPart
from handoff.shown import slug
from handoff.transcript import cut, sound
from handoff.values import Sheet

_ASKED_BY: Mapping[str, str] = {
    "explicit_request": "customer",
    "flow_step": "flow",
    "agent_takeover": "agent",
    "operator_request": "operator",
    "engine_error": "system",
    "guardrail_block": "system",
}
"""Who asked, by primary trigger; every other trigger is the policy's."""
_COMPARATORS = ("<=", ">=", "<", ">", "==", "matches")
_ACTS = ("queue", "offer", "flag")
_MAX_EVIDENCE = 5
_ACTION = "action:"


def trigger_part(sheet: Sheet, slots: Sequence[SlotPart], attempts: Sequence[AttemptPart]) -> TriggerPart:
    """Every trigger that fired, the primary among them whatever was recorded (M2)."""
    case = sheet.facts.case
    firings = case.fired
    if not any(one.code == case.primary and not one.shadow for one in firings):
        firings = (Firing(code=case.primary), *firings)
    known = {"customer:history", "customer:tier", *(f"slot:{slot.name}" for slot in slots)}
    top = sheet.facts.conversation.top
    known |= {"flow:active"} if top is not None and top.version in sheet.facts.flows else set()
    known |= {"sentiment"} if sheet.facts.mood else set()
    fired = tuple(_fired(one, sheet, known, attempts) for one in firings[:12])
    primary = slug(case.primary)
    explicit = any(one.code == "explicit_request" and one.mode == "live" for one in fired)
    reason = slug(case.reason) if case.reason else "unnamed" if primary == "flow_step" else None
    asked_by: Any = _ASKED_BY.get(primary, "policy")
    return TriggerPart(
        requested_by=asked_by,
        explicit_request=explicit,
        primary=primary,
        policy_version=cut(sheet.facts.policy_version, 64),
        fired=fired,
        reason=reason,
    )


def priority_part(sheet: Sheet) -> PriorityPart:
    """How urgent, and why: the primary trigger where nothing else was said."""
    case = sheet.facts.case
    reasons = case.priority_reasons or (case.primary,)
    return PriorityPart(level=case.priority.value, reasons=tuple(cut(reason, 80) for reason in reasons[:8]))


def _fired(one: Firing, sheet: Sheet, known: set[str], attempts: Sequence[AttemptPart]) -> Fired:
    evidence = [_evidence(shown, sheet, known, attempts) for shown in one.evidence[:_MAX_EVIDENCE]]
    comparator: Any = one.comparator if one.comparator in _COMPARATORS else UNSET
    act: Any = one.act if one.act in _ACTS else "queue"
    return Fired(
        code=slug(one.code),
        mode="shadow" if one.shadow else "live",
        act=act,
        rule_id=cut(one.rule, 64) or UNSET,
        value=one.value if one.value is not None and isfinite(one.value) else UNSET,
        comparator=comparator,
        threshold=one.threshold if one.threshold is not None else UNSET,
        window=cut(one.window, 64) or UNSET,
        evidence=tuple(dict.fromkeys(evidence)) or (EvidencePart(ref=sheet.tail.newest),),
    )


def _evidence(one: Evidence, sheet: Sheet, known: set[str], attempts: Sequence[AttemptPart]) -> EvidencePart:
    """A reference that leads somewhere in this document; a quote only if the masked message still holds it (M3, M4)."""
    words = sheet.hook(sound(one.quote)).text
    ref = _ref(one, sheet, known, attempts, words)
    text = next((message.text for message in sheet.tail.messages if message.message_id == ref), "")
    quote = words[:200]
    return EvidencePart(
        ref=ref,
        quote=quote if quote and quote in text else UNSET,
        matched=cut(sheet.hook(sound(one.matched)).text, 80) or UNSET,
    )


def _ref(one: Evidence, sheet: Sheet, known: set[str], attempts: Sequence[AttemptPart], words: str) -> str:
    if one.turn is not None:
        return sheet.tail.of_turn(one.turn, words) or sheet.tail.newest
    if one.ref.startswith(_ACTION):
        name = one.ref.removeprefix(_ACTION)
        return next((a.attempt_id for a in reversed(attempts) if a.name == name), sheet.tail.newest)
    if one.ref.startswith("config:"):
        return "config:" + slug(one.ref.removeprefix("config:"))
    return one.ref if one.ref in known else sheet.tail.newest
