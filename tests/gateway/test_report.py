"""`frontdesk report csat` and `frontdesk report fcr`, over both stores, held against the history that was written."""

from __future__ import annotations

import json

import pytest

from engine.archive import Reason
from tests.gateway.kept_desk import Environ, run
from tests.gateway.seeded_history import BEGAN, Life, lives, written
from tests.gateway.test_report_experiments import normal, wilson


@pytest.fixture
def history(environ: Environ) -> list[Life]:
    """People, most of whom ended a run and some of whom rated it."""
    made = lives(120, seed=4)
    written(environ, made)
    return made


def test_csat_counts_the_asked_the_answers_and_their_mean(environ: Environ, history: list[Life]) -> None:
    """S39."""
    answer = run(environ, "report", "csat", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)["refund"]
    scores = [one.score for one in history if one.score is not None]
    assert found["scores"] == {str(score): scores.count(score) for score in range(1, 6)}
    assert found["asked"] == len(scores)
    value, low, high = normal(scores)
    assert (found["mean"], found["interval"]["low"], found["interval"]["high"]) == pytest.approx((value, low, high))
    assert f"{len(scores)} of {len(scores)} answered" in run(environ, "report", "csat").output
    assert "Nobody was asked" in run(environ, "report", "csat", "--since", "2027-01-01").output


def test_fcr_is_the_share_that_was_settled_at_once(environ: Environ, history: list[Life]) -> None:
    """S39: everybody has one run, so it counts when it was done with the outcome resolved and without a person."""
    answer = run(environ, "report", "fcr", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)
    ended = [one for one in history if one.reason is not None]
    settled = [one for one in ended if one.reason is Reason.DONE and not one.desk]
    assert found["all"] == found["refund"]
    assert (found["all"]["runs"], found["all"]["settled"]) == (len(ended), len(settled))
    low, high = wilson(len(settled), len(ended))
    assert (found["all"]["rate"]["low"], found["all"]["rate"]["high"]) == pytest.approx((low, high))
    since = run(environ, "report", "fcr", "--json", "--since", f"{BEGAN:%Y-%m-%d}")
    assert json.loads(since.output) == found
    assert f"{len(settled)} of {len(ended)} runs" in run(environ, "report", "fcr").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cats",), "there is no report on 'cats'; there are: experiments (what became"),
        (("experiments", "--since", "x"), "'x' is neither a time such as 7d nor a day such as 2026-03-01"),
    ],
)
def test_what_cannot_be_reported_is_said_with_what_can(environ: Environ, words: tuple[str, ...], said: str) -> None:
    answer = run(environ, "report", *words)
    assert answer.exit_code == 2
    assert said in " ".join(answer.output.replace("│", " ").split())
