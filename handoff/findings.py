"""What the bot did and found out: attempts with their outcome, facts with the attempt that found them (H71, H72)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET

from engine.frame import Ended, Frame
from handoff.evidence import AttemptPart, FactPart
from handoff.facts import Attempt, CaseFacts
from handoff.shown import Shown, slug
from handoff.transcript import cut
from handoff.values import Sheet

MAX_ATTEMPTS = 50
MAX_FACTS = 60
_DOUBTFUL = ("timeout", "unknown")
_OUTCOMES = ("ok", "failed", "timeout", "rejected", "unknown", "declined_by_customer")
_KINDS = ("action", "slot_retry", "answer", "alternative_offered", "handoff_offered", "ticket_created")


def attempt_parts(sheet: Sheet) -> tuple[AttemptPart, ...]:
    """The newest attempts, oldest first. An action that found a fact stands there even when the journal has lost it."""
    facts = sheet.facts
    rows = [*_lost(facts), *facts.attempts][-MAX_ATTEMPTS:]
    return tuple(_attempt(f"at{number}", row, sheet) for number, row in enumerate(rows, start=1))


def _lost(facts: CaseFacts) -> Iterator[Attempt]:
    """Actions whose facts the run has, but which no attempt tells of."""
    run = facts.conversation.top or facts.conversation.ended
    own = ("", run.flow if run else "")
    told = {row.name for row in facts.attempts if row.kind == "action" and row.flow in own}
    for action in dict.fromkeys(found_by(name, facts) for name in run.facts) if run else ():
        if action and action not in told:
            yield Attempt(at=facts.started_at, kind="action", name=action, outcome="ok")


def _attempt(id: str, row: Attempt, sheet: Sheet) -> AttemptPart:
    kind: Any = row.kind if row.kind in _KINDS else "action"
    outcome: Any = row.outcome if row.outcome in _OUTCOMES else "unknown"
    message = sheet.tail.of_turn(row.turn) if row.turn is not None else None
    return AttemptPart(
        attempt_id=id,
        at=row.at,
        kind=kind,
        name=cut(_named(row, sheet.facts), 80),
        outcome=outcome,
        outcome_certain=row.certain and outcome not in _DOUBTFUL,
        times=max(1, row.times),
        result_ref=cut(row.result, 120) or UNSET,
        error_code=cut(row.error, 80) or UNSET,
        idempotency_key=cut(row.key, 255) or UNSET,
        message_id=message or UNSET,
        irreversible=row.irreversible if row.kind == "action" else UNSET,
    )


def _named(row: Attempt, facts: CaseFacts) -> str:
    """The action's name; of another task than the one at hand with that task's title before it."""
    run: Frame | Ended | None = facts.conversation.top or facts.conversation.ended
    if not row.flow or run is None or row.flow == run.flow:
        return row.name
    title = next((flow.definition.title for flow in facts.flows.values() if flow.name == row.flow), row.flow)
    return f"{title}: {row.name}"


def fact_parts(sheet: Sheet, attempts: tuple[AttemptPart, ...]) -> tuple[FactPart, ...]:
    """What actions of the active run found out, or of the run that ended last when none is active.

    A fact is its attempt's; one that no action is known to have found is left out.
    """
    facts = sheet.facts
    run: Frame | Ended | None = facts.conversation.top or facts.conversation.ended
    rows: dict[str, FactPart] = {}
    for name, value in run.facts.items() if run else ():
        action = found_by(name, facts)
        by = [attempt for attempt in attempts if attempt.kind == "action" and attempt.name == cut(action, 80)]
        if value is None or not by:
            continue
        shown = Shown(value, None, sheet.hook)
        rows[slug(name)] = FactPart(
            name=slug(name),
            attempt_id=by[-1].attempt_id,
            at=by[-1].at,
            pii_class=shown.pii_class,
            value=shown.value,
            value_masked=shown.masked,
        )
    return tuple(rows.values())[:MAX_FACTS]


def found_by(fact: str, facts: CaseFacts) -> str:
    """The name of the action that found a fact of the run, "" when nothing tells."""
    frame, ended = facts.conversation.top, facts.conversation.ended
    name = frame.flow if frame else ended.flow if ended else ""
    flow = facts.flows.get(frame.version) if frame else None
    flow = flow or next((one for one in facts.flows.values() if one.name == name), None)
    if flow is None:
        return ""
    for key, found in frame.lookups.items() if frame else ():
        if fact in found.facts:
            return key.split(":", 1)[0]
    for state, found in frame.results.items() if frame else ():
        if fact in found.facts:
            return flow.state(state).action or ""
    return next((action.name for action in flow.definition.actions.values() if fact in action.save), "")
