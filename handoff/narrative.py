"""The narrative as code writes it: from recorded state alone, each statement with what it rests on (H73, H76).

Nothing a customer wrote is repeated here: their words stand in the messages, as theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import UNSET

from handoff.document import FlowPart, TriggerPart
from handoff.evidence import AttemptPart, EvidencePart, SlotPart
from handoff.facts import CaseFacts
from handoff.sentences import language_of, sentence, times, why
from handoff.statements import Author, Checks, Headline, Narrative, NextAction, Statement, Verification
from handoff.transcript import cut

CHECKER_VERSION = "1"
_MAX_REFS = 6
_MAX_TRIED = 6
_LABELS = 8
_DOUBTFUL = ("timeout", "unknown")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The parts of the document that the narrative may speak of."""

    facts: CaseFacts
    trigger: TriggerPart
    flow: FlowPart
    slots: tuple[SlotPart, ...]
    attempts: tuple[AttemptPart, ...]
    newest: str
    """The customer's newest message: what a statement rests on when nothing else fits."""


def narrative_of(recorded: Recorded) -> Narrative:
    """The code-written narrative; it says why no model wrote it, once that is known (H74)."""
    language = language_of(recorded.facts.policy.team_language)
    write = _Writer(recorded, language)
    return Narrative(
        author=Author(kind="code", generated_at=recorded.facts.now, fallback_reason=recorded.facts.unwritten or UNSET),
        language=language,
        headline=write.headline(),
        situation=write.situation(),
        tried=write.tried(),
        open_question=write.open_question(),
        suggested_next_action=write.next_action(),
        confidence=1.0,
        verification=Verification(
            status="not_needed", checker_version=CHECKER_VERSION, dropped_statements=0, checks=Checks()
        ),
    )


class _Writer:
    """Writes in one language, from one record."""

    def __init__(self, recorded: Recorded, language: str) -> None:
        self._of = recorded
        self._language = language
        self._trigger_refs = self._refs_of_trigger()

    def headline(self) -> Headline:
        reason = why(self._of.trigger.primary, self._language)
        active = self._of.flow.active
        text = self._say("headline", title=active.title, why=reason) if active else reason
        return Headline(text=cut(text, 140), evidence=self._trigger_refs)

    def situation(self) -> tuple[Statement, ...]:
        active = self._of.flow.active
        made = [self._why()]
        if active is None:
            made.append(self._statement("no_task", (self._of.newest,)))
        else:
            made.append(self._statement("task", ("flow:active",), title=active.title, step=active.state_label))
        for key, status in (("known", "filled"), ("missing", "missing")):
            rows = [slot for slot in self._of.slots if slot.status == status and (key == "known" or slot.required)]
            if rows:
                labels = ", ".join(slot.label for slot in rows[:_LABELS])
                made.append(self._statement(key, _refs_of(rows), labels=labels))
        if self._of.flow.stack and active:
            titles = ", ".join(frame.title for frame in self._of.flow.stack)
            made.append(self._statement("interrupted", ("flow:active",), titles=titles))
        return tuple(made[:5])

    def tried(self) -> tuple[Statement, ...]:
        """The newest attempts; one whose result is unknown is never left out (H72)."""
        rows = list(self._of.attempts)
        while len(rows) > _MAX_TRIED:
            certain = (place for place, row in enumerate(rows) if row.outcome not in _DOUBTFUL)
            rows.pop(next(certain, 0))
        return tuple(self._tried(row) for row in rows)

    def open_question(self) -> Statement | None:
        asked = self._asked()
        return self._statement("question", (f"slot:{asked.name}",), label=asked.label) if asked else None

    def next_action(self) -> NextAction:
        """What to do first. An irreversible call nobody is sure of comes before everything (H72)."""
        primary, attempts = self._of.trigger.primary, self._of.attempts
        doubtful = [row for row in attempts if row.irreversible is True and row.outcome in _DOUBTFUL]
        if doubtful:
            return self._next("check_side_effect", "check", (doubtful[-1].attempt_id,), doubtful[-1].name)
        if primary in ("flow_step", "high_risk_action") and self._of.flow.active:
            reason = (self._of.trigger.reason or primary).replace("_", " ")
            return self._next("approve_exception", "approve", ("flow:active",), reason=reason)
        broken = [row for row in attempts if row.kind == "action" and row.outcome != "ok"]
        if primary == "action_failure" and broken:
            return self._next("run_action", "run", (broken[-1].attempt_id,), broken[-1].name)
        asked = self._asked()
        if primary == "repeated_failure" and asked:
            return self._next("ask_for_slot", "ask", (f"slot:{asked.name}",), asked.name, label=asked.label)
        key = "answer" if self._of.flow.active else "greet"
        return self._next("reply_with_answer", key, (self._of.newest,))

    def _why(self) -> Statement:
        trigger = self._of.trigger
        primary = next((one for one in trigger.fired if one.code == trigger.primary), None)
        words = why(trigger.primary, self._language)
        if primary is not None and primary.value is not UNSET and primary.threshold is not UNSET:
            value, threshold = f"{primary.value:g}", str(primary.threshold)
            return self._statement("why_measured", self._trigger_refs, why=words, value=value, threshold=threshold)
        if trigger.reason:
            return self._statement("why_reason", self._trigger_refs, why=words, reason=trigger.reason.replace("_", " "))
        return self._statement("why", self._trigger_refs, why=words)

    def _tried(self, row: AttemptPart) -> Statement:
        name, often = row.name.replace("_", " "), times(row.times, self._language)
        if row.kind == "slot_retry":
            key = "retried"
        elif row.kind == "alternative_offered":
            key = "offered"
        elif row.outcome in _DOUBTFUL:
            key = "unknown"
        elif row.outcome == "ok":
            key = "answered" if isinstance(row.result_ref, str) else "did"
        else:
            key = "failed"
        result = row.result_ref.replace("_", " ") if isinstance(row.result_ref, str) else ""
        return self._statement(key, (row.attempt_id,), name=name, times=often, result=result)

    def _asked(self) -> SlotPart | None:
        question = self._of.facts.conversation.question
        named = question.slot if question else ""
        return next((slot for slot in self._of.slots if slot.name == named and slot.status != "filled"), None)

    def _refs_of_trigger(self) -> tuple[str, ...]:
        trigger = self._of.trigger
        evidence: Sequence[EvidencePart] = next(
            (one.evidence for one in trigger.fired if one.code == trigger.primary), ()
        )
        return tuple(dict.fromkeys(one.ref for one in evidence))[:_MAX_REFS] or (self._of.newest,)

    def _say(self, key: str, /, **values: str) -> str:
        return sentence(key, self._language, **values)

    def _statement(self, key: str, refs: tuple[str, ...], /, **values: str) -> Statement:
        return Statement(text=cut(self._say(key, **values), 300), evidence=refs)

    def _next(self, code: str, key: str, refs: tuple[str, ...], target: str = "", /, **values: str) -> NextAction:
        text = cut(self._say(key, name=target.replace("_", " "), **values), 300)
        known = code  # the schema's closed list
        return NextAction(code=known, text=text, evidence=refs, target=cut(target, 80) or UNSET)  # type: ignore[arg-type]


def _refs_of(rows: Sequence[SlotPart]) -> tuple[str, ...]:
    return tuple(f"slot:{slot.name}" for slot in rows[:_MAX_REFS])
