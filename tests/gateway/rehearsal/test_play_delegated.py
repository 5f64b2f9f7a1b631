"""Plans on the stage: a crash anywhere, tasks stubbed by their id, the keys that look at what was shared (S31, S36)."""

from __future__ import annotations

import pytest

from gateway.rehearsal.conversations import Repertoire, Verdict, rehearse_text, repertoire

pytestmark = pytest.mark.anyio

ASKED = "> compare Alderway and Brightmoor by pricing\n< [yes|no]\n"


@pytest.fixture(scope="module")
def ours() -> Repertoire:
    return repertoire(None)


async def rehearsed(ours: Repertoire, text: str) -> Verdict:
    """Play what follows the question whether to begin."""
    return await rehearse_text(ASKED + text, ours)


@pytest.mark.parametrize(
    "place",
    [
        *("claimed", "understood", "before_action", "after_action", "before_commit"),
        *("after_commit", "before_send", "after_send", "before_settle"),
    ],
)
async def test_S37_a_crash_anywhere_leaves_one_report(ours: Repertoire, place: str) -> None:
    verdict = await rehearsed(
        ours,
        f"@ crash {place}\n> yes\n< $18 ... $0.40\n= calls.run_plan=1; state=refine; context.synthesis.version=1",
    )
    assert verdict.passed, verdict


async def test_S36_a_task_is_stubbed_by_its_id(ours: Repertoire) -> None:
    verdict = await rehearsed(
        ours,
        '! research_company_a done {"text": "Alderway is free.", "sources": ["A leaflet"]}\n'
        "! synthesis timeout\n> yes\n< Alderway is free.\n< $0.40\n= context.synthesis.version=0",
    )
    assert verdict.passed, verdict


async def test_S36_a_whole_plan_is_stubbed_as_an_action_is(ours: Repertoire) -> None:
    verdict = await rehearsed(ours, '! run_plan partial {"text": "Half of it."}\n> yes\n< Half of it.')
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("! research_company_a partial", "`partial` is no outcome of research_company_a; there are: done"),
        ("= context.reserch.version=1", "`context.reserch.version=1`: no flow here has the task `reserch`"),
        ("= context.synthesis=1", "`context.synthesis=1`: `context.synthesis` is no key"),
    ],
)
async def test_what_no_plan_has_is_an_error_and_no_pass(ours: Repertoire, line: str, what: str) -> None:
    verdict = await rehearsed(ours, line)
    assert verdict.fault is not None
    assert verdict.fault.what.startswith(what)


async def test_a_task_that_nobody_began_fails_its_stub(ours: Repertoire) -> None:
    verdict = await rehearsed(ours, "! research_company_a done\n> no\n< did not begin")
    assert verdict.failure is not None
    assert verdict.failure.expected == "a call of research_company_a"


async def test_S31_branches_counts_the_version_under_way(ours: Repertoire) -> None:
    verdict = await rehearsed(ours, "= branches=1\n> fork: what if it is the market?\n< market\n= branches=2")
    assert verdict.passed, verdict
