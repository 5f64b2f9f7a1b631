"""What a model's answer about a case comes to: its words in the summary, or why they are not there (H74, H75)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from msgspec.structs import replace

from engine.jobs import JobAnswer, JobFate
from engine.notes import Notes
from handoff.case import Case
from handoff.document import Summary
from handoff.posts import NarrativeJob
from handoff.retelling import NARRATIVE, NARRATIVE_WITHIN_S, read_told
from handoff.statements import Retold
from handoff.verifying import hold

Reason = str
"""A `fallback_reason` of the summary."""
_REASONS = {
    JobFate.LATE: "model_timeout",
    JobFate.OVER_BUDGET: "budget_exceeded",
}


def narrative_job(case: Case, summary: Summary, *, id: str) -> NarrativeJob:
    """A model is to write of a case that was just opened; the row's id begins with `id`."""
    ends_at = case.opened_at + timedelta(seconds=NARRATIVE_WITHIN_S)
    return NarrativeJob(id=f"{id}:{case.id}", case=case.id, summary=summary, ends_at=ends_at)


def noting(notes: Notes, answer: JobAnswer, fate: JobFate) -> Notes:
    """The notes with what was asked and what became of it (S21)."""
    consulted = (answer.consulted,) if answer.consulted is not None else ()
    return replace(notes, rules=(), consulted=consulted, job=(answer.purpose.value, fate.value))


def passed(answer: JobAnswer, case: Case, summary: Summary, *, came: datetime) -> tuple[Retold | None, JobFate, Reason]:
    """What of an answer may stand in this summary; else what became of it, and the reason that is noted. `came` is when
    it came in, by our clock."""
    if not case.open or case.retold is not None or not answer.job.endswith(f":{case.id}"):
        return None, JobFate.MOVED_ON, ""
    if answer.fate is JobFate.USED and (came - case.opened_at).total_seconds() > NARRATIVE_WITHIN_S:
        return None, JobFate.LATE, "model_timeout"
    if answer.fate is not JobFate.USED or answer.consulted is None:
        return None, answer.fate, _REASONS.get(answer.fate, _fault(answer.fault))
    held = hold(read_told(answer.answer), summary)
    if held.told is None:
        return None, JobFate.REFUSED, _refusal(held.dropped)
    version = answer.consulted.parts.get(NARRATIVE[-1], "")
    retold = Retold(
        told=held.told,
        model=answer.consulted.model,
        prompt_version=version,
        at=came,
        latency_ms=answer.latency_ms,
        dropped=dict(held.dropped),
    )
    return retold, JobFate.USED, ""


def _fault(fault: str) -> Reason:
    if not fault:
        return "model_error"
    return "schema_violation" if "shape" in fault else "invalid_json"


def _refusal(dropped: Counter[str]) -> Reason:
    """Mostly orders to the agent: somebody has written for the model."""
    return "injection_suspected" if 2 * dropped["order"] > dropped.total() else "failed_verification"
