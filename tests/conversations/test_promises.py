"""Every promise that stands beside a flow; the golden ones of the specification, where it lies beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.rehearsal.conversations import Repertoire, rehearse, repertoire

pytestmark = pytest.mark.anyio

OURS = repertoire(None)
GOLDEN = Path(__file__).parents[3] / "shared" / "spec" / "conversations"
WAITING = {
    "G20": "memory",
    "G23": "the rolling summary",
    "G24": "research",
}
"""Golden files that this version lacks something for, and what."""
PLAYED = tuple(name for name in (f"G{number:02}" for number in range(1, 28)) if name not in WAITING)
"""The golden files that need nothing this version lacks."""


def _name(file: Path) -> str:
    return f"{file.parts[-3]}/{file.stem}"


async def _holds(file: Path, played: Repertoire) -> None:
    verdict = await rehearse(file, played)
    assert verdict.fault is None, f"{file}:{verdict.fault.line}: {verdict.fault.what}"
    assert verdict.failure is None, f"{file}:{verdict.failure.line.number}: {verdict.failure}"


@pytest.mark.parametrize("file", OURS.files, ids=_name)
async def test_a_promise_of_ours_holds(file: Path) -> None:
    await _holds(file, OURS)


def test_every_flow_makes_at_least_two_promises() -> None:
    few = [home.flow.name for home in OURS.homes if len(list(home.folder.glob("conversations/*.txt"))) < 2]
    assert few == []


@pytest.mark.parametrize("file", [file for name in PLAYED for file in GOLDEN.glob(f"{name}_*.txt")], ids=_name)
async def test_a_golden_conversation_holds(file: Path) -> None:
    await _holds(file, OURS)
