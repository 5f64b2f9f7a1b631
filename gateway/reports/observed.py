"""What became of the people who met an experiment: one observation each, read from the journal (S35).

1. A person is what was drawn, so a person is what is counted, however many runs and conversations they had.
2. What is observed is the first run in which they met it; what they did afterwards they may have done because of it.
3. Whoever met two variants (a salt was kept, a variant was taken away) is in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.archive import Reason
from engine.memory import person_key
from engine.notes import Notes
from gateway.past import Past


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """A person's first run with an experiment. `run` "": they met it outside of any; `reason` "": it goes on."""

    variant: str
    at: datetime
    run: str = ""
    reason: str = ""
    turns: int = 0
    escalated: bool = False
    score: int | None = None

    @property
    def ended(self) -> bool:
        """Is the run over?"""
        return bool(self.reason)

    @property
    def completed(self) -> bool:
        """Did it come to an end of its author's?"""
        return self.reason == Reason.DONE


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Everybody who met one experiment: what was observed of each, and how many met more than one variant."""

    observed: Sequence[Observed]
    mixed: int


class Census:
    """Takes conversations in, one by one, and gives each experiment's people."""

    def __init__(self) -> None:
        self._met: dict[str, dict[str, list[Observed]]] = {}

    def take(self, past: Past) -> None:
        """One conversation with its turns, oldest first."""
        address = past.conversation.address
        person = person_key(address) if address is not None else past.conversation.id
        for place, notes in enumerate(past.turns):
            for one in notes.exposed:
                seen = _observed(past.turns[place:], one.variant, one.run)
                self._met.setdefault(one.experiment, {}).setdefault(person, []).append(seen)

    def people(self, *, since: datetime | None = None) -> Mapping[str, People]:
        """By experiment, in the order of their names; with `since` those who first met it then or later."""
        return {label: _people(self._met[label].values(), since) for label in sorted(self._met)}


def _people(everybody: Iterable[Sequence[Observed]], since: datetime | None) -> People:
    firsts: list[Observed] = []
    mixed = 0
    for met in everybody:
        began = min(one.at for one in met)
        if since is not None and began < since:
            continue
        if len({one.variant for one in met}) > 1:
            mixed += 1
        else:
            firsts.append(min(met, key=lambda one: (not one.run, one.at)))
    return People(observed=firsts, mixed=mixed)


def _observed(turns: Sequence[Notes], variant: str, run: str) -> Observed:
    """What became of a run, from the turn on in which it met the experiment."""
    at, escalated = turns[0].at, False
    if not run:
        return Observed(variant=variant, at=at)
    for place, notes in enumerate(turns):
        escalated = escalated or bool(notes.desk or notes.answered)
        ended = [one for one in notes.archived if one.run == run]
        if ended:
            last = ended[-1]
            score = next((one.rating.score for one in turns[place:] if one.rating and one.rating.run == run), None)
            return Observed(
                variant=variant,
                at=at,
                run=run,
                reason=last.reason,
                turns=last.turns,
                escalated=escalated or last.reason == Reason.HANDED_OFF,
                score=score,
            )
    return Observed(variant=variant, at=at, run=run, escalated=escalated)
