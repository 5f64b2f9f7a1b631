"""The report on how it went, 1 to 5: of each flow, and of each queue whose people were rated (S39, H150)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from gateway.past import Past
from gateway.reports.intervals import Estimate, mean

LEAST = 30
"""Answers before an interval is told: of fewer nobody knows how they vary."""
SCORES = range(1, 6)


class Ratings(msgspec.Struct, frozen=True, kw_only=True):
    """How often it was asked, how often each score was given, their mean."""

    asked: int
    scores: dict[int, int]
    mean: float | None
    interval: Estimate | None

    @property
    def answered(self) -> int:
        """How often there was an answer."""
        return sum(self.scores.values())


class RatingTally:
    """Takes conversations in, one by one."""

    def __init__(self, *, since: datetime | None = None) -> None:
        self._since = since
        self._asked: dict[str, int] = {}
        self._scores: dict[str, list[int]] = {}

    def take(self, past: Past) -> None:
        """One conversation with its turns."""
        for notes in past.turns:
            if self._since is not None and notes.at < self._since:
                continue
            if notes.survey is not None:
                about = _about(notes.survey.flow, notes.survey.queue)
                self._asked[about] = self._asked.get(about, 0) + 1
            if notes.rating is not None:
                about = _about(notes.rating.flow, notes.rating.queue)
                self._scores.setdefault(about, []).append(notes.rating.score)

    def ratings(self) -> Mapping[str, Ratings]:
        """By what was rated: a flow, or `desk QUEUE`."""
        return {about: self._of(about) for about in sorted({*self._asked, *self._scores})}

    def _of(self, about: str) -> Ratings:
        given = self._scores.get(about, [])
        return Ratings(
            asked=self._asked.get(about, 0),
            scores={score: given.count(score) for score in SCORES},
            mean=sum(given) / len(given) if given else None,
            interval=mean(given) if len(given) >= LEAST else None,
        )


def _about(flow: str, queue: str) -> str:
    return flow or f"desk {queue}".rstrip()


def told(found: Mapping[str, Ratings]) -> Iterator[str]:
    """The report in lines for a person."""
    if not found:
        yield "Nobody was asked how it went yet."
    for about, one in found.items():
        sure = f" ({one.interval.low:.2f} to {one.interval.high:.2f})" if one.interval else ""
        mean_ = f"{one.mean:.2f}{sure}" if one.mean is not None else "no answer yet"
        scores = ", ".join(f"{score}: {one.scores[score]}" for score in SCORES)
        yield f"{about:<24} {mean_}; {one.answered} of {one.asked} answered ({scores})"
