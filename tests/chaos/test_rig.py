"""A whole gateway under attack, for a moment: nothing lost, nothing twice, nothing out of order (F6, I1-I8)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.rig.plan import Plan
from tests.chaos.rig.run import Run

pytestmark = pytest.mark.anyio

MOMENT = Plan(messages=500, kills=3, at_once=24, thinks_s=0.1, people=0.05, minutes=3, most_repeated=20.0)
"""So few messages for so many kills that the share of copies says nothing; `make chaos` holds it to half a percent."""


@pytest.mark.parametrize("store", ["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
async def test_F6_kills_under_load_cost_nobody_anything(store: str, tmp_path: Path) -> None:
    verdict = await Run(replace(MOMENT, store=store), tmp_path).verdict()
    assert verdict.code == 0, verdict.words
    assert verdict.whole
