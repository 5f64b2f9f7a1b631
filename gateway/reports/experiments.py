"""The report on experiments: what became of the people in each variant, and how sure that is (S35)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from engine.experiments import CONTROL
from gateway.reports.intervals import Estimate, mean, means_apart, rate, rates_apart
from gateway.reports.observed import Observed, People

LEAST = 100
"""People in each variant before any of its figures is told (S35)."""
RATES = ("completion", "escalation")
MEANS = ("turns", "csat")
MEASURES = (*RATES, *MEANS)


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """One variant. `people` met it, `ended` of them are through with the run in which they did; `answers` rated it.
    `figures` and, against `control`, `differences` are by measure; None where there is too little to say."""

    variant: str
    people: int
    ended: int
    answers: int
    figures: dict[str, Estimate | None] = {}
    differences: dict[str, Estimate | None] = {}

    @property
    def few(self) -> bool:
        """Are there too few to say anything of it?"""
        return self.people < LEAST


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """One experiment: its variants, `control` first, and how many people met more than one and count in none."""

    experiment: str
    arms: tuple[Arm, ...]
    mixed: int

    @property
    def apart(self) -> tuple[tuple[str, str], ...]:
        """(variant, measure) whose difference to `control` is more than chance would mostly make, at this look."""
        return tuple(
            (arm.variant, measure)
            for arm in self.arms
            for measure, found in arm.differences.items()
            if found is not None and found.decided
        )


def findings(met: Mapping[str, People]) -> tuple[Findings, ...]:
    """What is known of each experiment."""
    return tuple(_findings(label, people) for label, people in met.items())


def _findings(label: str, people: People) -> Findings:
    by_variant: dict[str, list[Observed]] = {CONTROL: []}
    for one in people.observed:
        by_variant.setdefault(one.variant, []).append(one)
    arms = [
        _arm(variant, by_variant[variant]) for variant in sorted(by_variant, key=lambda name: (name != CONTROL, name))
    ]
    control, others = arms[0], arms[1:]
    against = [msgspec.structs.replace(arm, differences=_differences(arm, control)) for arm in others]
    return Findings(experiment=label, arms=(control, *against), mixed=people.mixed)


def _arm(variant: str, observed: Sequence[Observed]) -> Arm:
    ended = [one for one in observed if one.ended]
    scores = [one.score for one in ended if one.score is not None]
    arm = Arm(variant=variant, people=len(observed), ended=len(ended), answers=len(scores))
    if arm.few:
        return arm
    figures = {
        "completion": rate(sum(one.completed for one in ended), len(ended)),
        "escalation": rate(sum(one.escalated for one in ended), len(ended)),
        "turns": mean([one.turns for one in ended]),
        "csat": mean(scores) if len(scores) >= LEAST else None,
    }
    return msgspec.structs.replace(arm, figures=figures)


def _differences(arm: Arm, control: Arm) -> dict[str, Estimate | None]:
    if arm.few or control.few:
        return {}
    pairs = {measure: (arm.figures[measure], control.figures[measure]) for measure in MEASURES}
    return {
        measure: (rates_apart if measure in RATES else means_apart)(mine, theirs) if mine and theirs else None
        for measure, (mine, theirs) in pairs.items()
    }


def told(found: Sequence[Findings]) -> Iterator[str]:
    """The report in lines for a person."""
    if not found:
        yield "Nobody has met an experiment yet."
    for place, one in enumerate(found):
        if place:
            yield ""
        yield one.experiment
        for arm in one.arms:
            yield from _told_of(arm)
        if one.mixed:
            yield f"  {_people_of(one.mixed)} met more than one variant, and count in none"
        yield f"  {_verdict(one)}"


def _told_of(arm: Arm) -> Iterator[str]:
    if arm.few:
        yield f"  {arm.variant:<12} too few: {arm.people} of {LEAST} people"
        return
    yield f"  {arm.variant:<12} {_people_of(arm.people)}, {arm.ended} ended"
    for measure in MEASURES:
        apart = arm.differences.get(measure)
        against = f"; against control {_shown(measure, apart, sign='+')}" if apart else ""
        figure = arm.figures.get(measure)
        yield f"    {measure:<10} {_shown(measure, figure) if figure else _lacking(measure, arm)}{against}"


def _lacking(measure: str, arm: Arm) -> str:
    return f"too few: {arm.answers} of {LEAST} answers" if measure == "csat" else "no run has ended yet"


def _shown(measure: str, one: Estimate, sign: str = "") -> str:
    scale, digits, unit = (100, 1, " points" if sign else " %") if measure in RATES else (1, 2, "")
    value, low, high = (f"{figure * scale:{sign}.{digits}f}" for figure in (one.value, one.low, one.high))
    return f"{value}{unit} ({low} to {high}), n {one.n}"


def _verdict(one: Findings) -> str:
    if len(one.arms) < 2 or any(arm.few for arm in one.arms):
        return f"Nothing is decided: every variant needs {LEAST} people first."
    if not one.apart:
        return "Nothing is decided: each difference to control may be chance."
    where = ", ".join(f"{variant} in {measure}" for variant, measure in one.apart)
    return (
        f"More than chance at this one look: {where}. That names no winner: {len(MEASURES)} figures of each variant "
        "are compared, and who looks again and again finds a difference in the end. Fix the number of people "
        "beforehand, and decide at that."
    )


def _people_of(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
