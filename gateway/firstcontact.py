"""First-contact resolution: what was settled at once, without a person and for good (S39). Computed, never asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.archive import Archived, Reason
from engine.notes import Notes

WITHIN = timedelta(days=7)
"""A run of the same flow, or a handoff, within this time after it says that it was not settled."""
_RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstContact:
    """Runs that ended and whose seven days are over: how many there were, and how many were settled at once. `early`
    ended too lately to be counted."""

    runs: int = 0
    settled: int = 0
    early: int = 0

    @property
    def rate(self) -> float | None:
        """The share that was settled at once; None without any."""
        return self.settled / self.runs if self.runs else None


def first_contact(
    journals: Iterable[Sequence[Notes]], *, now: datetime, flow: str = "", since: datetime | None = None
) -> FirstContact:
    """FCR over the journals of conversations, each with its turns oldest first; of one flow, or of all of them; with
    `since` of runs that ended then or later.

    Runs that others called are parts of those, and not counted.
    """
    ended = [one for turns in journals for one in _ended(turns) if flow in ("", one.run.flow)]
    ended = [one for one in ended if since is None or one.at >= since]
    ripe = [one for one in ended if now - one.at >= WITHIN]
    return FirstContact(runs=len(ripe), settled=sum(map(_settled, ripe)), early=len(ended) - len(ripe))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ended:
    """A run with the turn it ended in, those of its life, and those behind it."""

    run: Archived
    at: datetime
    during: Sequence[Notes]
    later: Sequence[Notes]


def _ended(turns: Sequence[Notes]) -> Iterator[_Ended]:
    for place, notes in enumerate(turns):
        for run in notes.archived:
            if run.called:
                continue
            began = notes.at - timedelta(seconds=run.seconds)
            during = [one for one in turns[: place + 1] if one.at >= began]
            later = [one for one in turns[place + 1 :] if one.at - notes.at < WITHIN]
            yield _Ended(run=run, at=notes.at, during=during, later=later)


def _settled(ended: _Ended) -> bool:
    run = ended.run
    if run.reason is not Reason.DONE or run.outcome != _RESOLVED or any(map(_by_people, ended.during)):
        return False
    return not any(_by_people(notes) or _has_run_of(run.flow, notes) for notes in ended.later)


def _by_people(notes: Notes) -> bool:
    """Was a person called, or did one do something?"""
    return bool(notes.desk or notes.answered) or any(run.reason is Reason.HANDED_OFF for run in notes.archived)


def _has_run_of(flow: str, notes: Notes) -> bool:
    """Did a run of the flow enter a state, or end?"""
    return any(step.startswith(f"{flow}.") for step in notes.walked) or any(run.flow == flow for run in notes.archived)
