"""Random lives at the desk: whatever happens, in whatever order, the rules of spec/handoff.md section 3 hold.

5,000 steps by default. `--desk-steps 100000` lives longer, `--desk-seed 7` lives one life once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.lives.faults import FAULTS, Fault
from tests.chaos.lives.watch import lived, told

pytestmark = pytest.mark.anyio

STEPS = 250
"""Of one life."""
SHORT, ENOUGH = 125, 12
"""Steps of a life with a planted fault, and lives in which it must have been found."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A life for each STEPS that were asked for, or the one that was."""
    if "seed" in metafunc.fixturenames:
        one, steps = metafunc.config.getoption("--desk-seed"), metafunc.config.getoption("--desk-steps")
        metafunc.parametrize("seed", range(max(1, steps // STEPS)) if one is None else [one])


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Counts what the lives were made of, and tells it at their end."""
    counted: Counter[str] = Counter()
    yield counted
    plugins = request.config.pluginmanager
    capture, reporter = plugins.get_plugin("capturemanager"), plugins.get_plugin("terminalreporter")
    if capture is not None and reporter is not None:
        with capture.global_and_fixture_disabled():
            lived = ", ".join(f"{number} {what}" for what, number in counted.items())
            reporter.write_line(f"\n  lived: {lived}")


async def test_the_invariants_hold_in_a_random_life(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Counter[str]
) -> None:
    """H1, H20, H21, H23-H30, H33, H44-H46, H50, H57, H65, H140, H146; I5, I6, I11, I14, R1, F0, F33."""
    one = await lived(tmp_path, seed, monkeypatch, steps=STEPS)
    assert not one.broken, told(seed, one)
    history = one.history
    tally.update(
        steps=STEPS,
        turns=len(history.commits),
        cases=len({commit.now.id for commit in history.commits if commit.now}),
        sends=len(history.sendings),
        crashes=history.era,
    )


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_planted_fault_is_found(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.plant(monkeypatch)
    found: list[str] = []
    for seed in range(ENOUGH):
        folder = tmp_path / str(seed)
        folder.mkdir()
        one = await lived(folder, seed, monkeypatch, steps=SHORT)
        found += one.broken
        if any(sentence.startswith(fault.rule) for sentence in one.broken):
            return
    pytest.fail(f"{ENOUGH} lives have not shown it; what they did show: {found[:5]}")


async def test_a_seed_lives_the_same_life_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lives = []
    for name in ("first", "again"):
        (tmp_path / name).mkdir()
        one = await lived(tmp_path / name, 3, monkeypatch, steps=60)
        history = one.history
        lives.append((history.deeds, [commit.after for commit in history.commits], history.sendings))
    assert lives[0] == lives[1]
