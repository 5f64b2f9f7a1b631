"""`frontdesk report experiments`, over both stores, held against figures that are worked out here once more."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.archive import Reason
from engine.conversation import Conversation
from engine.exposure import Exposure
from engine.notes import Notes
from gateway.cli import report
from gateway.past import Past
from gateway.reports.experiments import findings, told
from gateway.reports.intervals import mean, means_apart, rate, rates_apart
from gateway.reports.observed import Census
from tests.engine.flows_for_experiments import PIZZA, TONE
from tests.gateway.kept_desk import Environ, flows_in, kept, run
from tests.gateway.seeded_history import BEGAN, Life, lives, turns, written

Z = 1.959964


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The score interval as its two roots: n (p - hits/n)^2 = z^2 p (1 - p)."""
    a, b, c = n + Z**2, -(2 * hits + Z**2), hits**2 / n
    root = math.sqrt(b**2 - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def normal(values: list[int]) -> tuple[float, float, float]:
    middle = sum(values) / len(values)
    spread = math.sqrt(sum((one - middle) ** 2 for one in values) / (len(values) - 1) / len(values))
    return middle, middle - Z * spread, middle + Z * spread


def expected(history: list[Life], variant: str) -> dict[str, tuple[float, float, float]]:
    """Value and interval of each figure, straight from what was made up."""
    ended = [one for one in history if one.variant == variant and one.reason is not None]
    done = sum(one.reason is Reason.DONE for one in ended)
    escalated = sum(one.desk or one.reason is Reason.HANDED_OFF for one in ended)
    return {
        "completion": (done / len(ended), *wilson(done, len(ended))),
        "escalation": (escalated / len(ended), *wilson(escalated, len(ended))),
        "turns": normal([one.turns for one in ended]),
        "csat": normal([one.score for one in ended if one.score is not None]),
    }


def test_the_report_says_what_a_recomputation_says(environ: Environ) -> None:
    """S35: n, rate and interval, from the journal, on both stores."""
    history = lives(600, seed=8)
    written(environ, history)
    answer = run(environ, "report", "experiments", "--json")
    assert answer.exit_code == 0, answer.output
    [found] = json.loads(answer.output)["experiments"]
    assert found["experiment"] == "refund.tone"
    figures = {arm["variant"]: arm["figures"] for arm in found["arms"]}
    for variant in ("control", "friendly"):
        for measure, (value, low, high) in expected(history, variant).items():
            got = figures[variant][measure]
            assert (got["value"], got["low"], got["high"]) == pytest.approx((value, low, high), abs=1e-5), measure
    for arm in found["arms"]:
        assert arm["people"] == sum(one.variant == arm["variant"] for one in history)
    friendly, control = expected(history, "friendly"), expected(history, "control")
    (value, low, high), (against, under, over) = friendly["completion"], control["completion"]
    apart = found["arms"][1]["differences"]["completion"]
    assert apart["value"] == pytest.approx(value - against)
    assert apart["low"] == pytest.approx(value - against - math.hypot(value - low, over - against), abs=1e-5)
    assert apart["high"] == pytest.approx(value - against + math.hypot(high - value, against - under), abs=1e-5)
    said = run(environ, "report", "experiments").output
    assert "More than chance at this one look: friendly in completion" in " ".join(said.split())
    assert "That names no winner" in " ".join(said.split())


def test_below_100_people_in_a_variant_nothing_is_told(environ: Environ) -> None:
    history = [one for one in lives(400, seed=3) if one.variant == "control"][:150]
    history += [replace(one, person=f"f{place}", variant="friendly") for place, one in enumerate(history[:37])]
    written(environ, history)
    said = run(environ, "report", "experiments").output
    assert "friendly     too few: 37 of 100 people" in said
    assert "Nothing is decided: every variant needs 100 people first." in said
    assert "against control" not in said


def test_equal_variants_are_said_to_be_undecided() -> None:
    history = [replace(one, variant="control") for one in lives(300, seed=5)]
    census = Census()
    for place, one in enumerate(history):
        for variant in ("control", "friendly"):
            census.take(past(f"{variant}{place}", replace(one, variant=variant)))
    assert "  Nothing is decided: each difference to control may be chance." in list(told(findings(census.people())))


def past(person: str, life: Life) -> Past:
    return Past(conversation=Conversation(id=person), turns=tuple(turns(person, life, "tone")))


def test_a_person_counts_once_and_by_the_first_run() -> None:
    [life] = lives(1, seed=1)
    later = replace(life, person="again", at=life.at + timedelta(days=1), reason=Reason.FAILED)
    census = Census()
    both = (*past("ann", replace(life, reason=Reason.DONE)).turns, *past("ann", later).turns)
    census.take(Past(conversation=Conversation(id="ann"), turns=both))
    [found] = census.people().values()
    [one] = found.observed
    assert one.completed


def test_who_met_two_variants_is_in_neither() -> None:
    [life] = lives(1, seed=1)
    other = "friendly" if life.variant == "control" else "control"
    census = Census()
    both = (*past("ann", life).turns, *past("ann", replace(life, person="again", variant=other)).turns)
    census.take(Past(conversation=Conversation(id="ann"), turns=both))
    [found] = census.people().values()
    assert (list(found.observed), found.mixed) == ([], 1)


def test_only_those_who_met_it_since_a_day_are_counted() -> None:
    census = Census()
    history = lives(50, seed=2)
    for one in history:
        census.take(past(one.person, one))
    day = BEGAN + timedelta(hours=200)
    [found] = census.people(since=day).values()
    assert len(found.observed) == sum(one.at + timedelta(minutes=1) >= day for one in history)


def test_an_experiment_met_outside_of_runs_counts_people_and_no_ends() -> None:
    notes = Notes(
        id="n", conversation="c", turn=1, at=BEGAN, events=(), exposed=(Exposure(experiment="t", variant="b"),)
    )
    census = Census()
    census.take(Past(conversation=Conversation(id="c"), turns=(notes,)))
    [found] = findings(census.people())
    assert [(arm.people, arm.ended) for arm in found.arms] == [(0, 0), (1, 0)]


def test_intervals_hold_at_the_edges() -> None:
    """Figures of R. G. Newcombe, Statistics in Medicine 17 (1998), 56/70 against 48/80: 0.0524 to 0.3339."""
    none, all_ = rate(0, 10), rate(10, 10)
    assert none is not None
    assert all_ is not None
    assert none.low == pytest.approx(0.0)
    assert all_.high == pytest.approx(1.0)
    assert rate(0, 0) is None
    assert mean([3]) is None
    one, other = rate(56, 70), rate(48, 80)
    assert one is not None
    assert other is not None
    apart = rates_apart(one, other)
    assert (round(apart.low, 4), round(apart.high, 4)) == (0.0524, 0.3339)
    few, more = mean([1, 2, 3]), mean([4, 5, 6])
    assert few is not None
    assert more is not None
    assert means_apart(more, few).decided


def test_a_real_desk_s_journal_is_reported_and_forgotten_with_its_person(
    environ: Environ, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S35, X62: exposures stand in the journal of the conversation, and go with it."""
    monkeypatch.setattr(report, "TOLD_EVERY", 1)
    flows = flows_in(tmp_path / "flows", pizza=PIZZA + TONE)
    (flows / "pizza" / "actions.py").write_text(
        "from engine.actions import ActionCall, ActionResult\n\n\n"
        "async def bake(call: ActionCall) -> ActionResult:\n    return ActionResult(outcome='done')\n"
    )
    named = {**environ, "FLOWS_DIR": str(flows)}
    id = kept(named, "pizza", "small")
    assert "Nobody has met" not in run(named, "report", "experiments").output
    answer = run(named, "report", "experiments")
    assert "of 100 people" in answer.output
    assert "1 conversations read" in answer.output
    assert run(named, "forget", id, "--yes").exit_code == 0
    assert "Nobody has met an experiment yet." in run(named, "report", "experiments").output
