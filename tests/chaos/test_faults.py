"""The rig finds what it was built to find: each planted fault by its name, and nothing where none was planted."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.rig.faults import FAULTS
from tests.chaos.rig.plan import Plan, Weather
from tests.chaos.rig.processes import Ended
from tests.chaos.rig.run import Run, Verdict

AT_ONCE = 4
LEASE_S = 1.5
SHORT = Plan(messages=200, kills=0, lease_s=LEASE_S, at_once=24, patience_s=8.0, minutes=2, most_repeated=100.0)
"""Leases so short that a stall of two seconds outlasts one. Few messages, many blows: how many copies is no matter."""
BUSY_SHOP = Weather(shop_slow=0.9, shop_slow_s=(0.3, 0.8))
SLOW_SHOP = Weather(shop_slow=0.3, shop_slow_s=(1.5, 3.5))
"""What was begun before a stall ends long after it."""

PLANTED: dict[str, tuple[str, Plan]] = {
    "no_fencing": ("overwritten", replace(SHORT, stalls=2, at_once=48, weather=SLOW_SHOP)),
    "dedupe_apart": ("lost", replace(SHORT, kills=2)),
    "accept_reschedules": ("in parallel", replace(SHORT, weather=BUSY_SHOP)),
    "commit_repeats": ("copied", replace(SHORT, weather=Weather(store_lost=0.05))),
    "trimmed_by_count": ("lost", replace(SHORT, weather=BUSY_SHOP)),
    "rows_later": ("without rows", replace(SHORT, kills=2)),
    "owner_unread": ("over a person", replace(SHORT, people=0.5)),
}
"""Each fault, what the checker must call it, and the run that shows it."""


ON_REDIS = [pytest.mark.redis, pytest.mark.skipif("CHAOS" not in os.environ, reason="minutes long -> make chaos")]
STORES = ["sqlite", pytest.param("redis", marks=ON_REDIS)]


@pytest.fixture(scope="module", params=STORES)
def verdicts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict | Ended]:
    """What came of each fault's run; they wait for most of their time, and so go on side by side."""
    return asyncio.run(_side_by_side(request.param, tmp_path_factory.mktemp(request.param)))


async def _side_by_side(store: str, folder: Path) -> dict[str, Verdict | Ended]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(fault: str, plan: Plan) -> Verdict | Ended:
        (folder / fault).mkdir()
        async with room:
            try:
                return await Run(replace(plan, fault=fault, store=store), folder / fault).verdict()
            except Ended as ended:
                return ended

    came = await asyncio.gather(*(one(fault, plan) for fault, (_, plan) in PLANTED.items()))
    return dict(zip(PLANTED, came, strict=True))


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_and_called_by_its_name(fault: str, verdicts: dict[str, Verdict | Ended]) -> None:
    verdict = verdicts[fault]
    assert isinstance(verdict, Verdict), verdict
    assert PLANTED[fault][0] in verdict.faults, verdict.words


@pytest.mark.anyio
@pytest.mark.parametrize("store", STORES)
async def test_where_nothing_is_planted_nothing_is_found(store: str, tmp_path: Path) -> None:
    plan = replace(SHORT, fault="none", messages=400, kills=2, stalls=2, people=0.2, weather=SLOW_SHOP)
    verdict = await Run(replace(plan, store=store, patience_s=60.0), tmp_path).verdict()
    assert verdict.code == 0, verdict.words


def test_every_fault_of_the_rig_is_planted() -> None:
    assert PLANTED.keys() == FAULTS.keys() - {"none"}
