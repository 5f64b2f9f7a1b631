"""The recorded ratios: docs/performance.json, written beside the page, told beside what is measured now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tests.bench.contestants import ROOT

FILE = ROOT / "docs" / "performance.json"

SQLITE = "CPU per turn, Frontdesk on SQLite ÷ floor with lock and dedupe"
REDIS = "CPU per turn, Frontdesk on Redis ÷ floor with lock and dedupe on Redis"
APPOINTMENT = "CPU per turn, eight slots: Frontdesk on Redis ÷ floor with lock and dedupe on Redis"


def beside_recorded(ratios: Mapping[str, float]) -> str:
    """Each ratio of now and the recorded one, a line each."""
    before = msgspec.json.decode(FILE.read_bytes(), type=dict[str, float]) if FILE.exists() else {}
    recorded = {name: f"{before[name]:.2f}x" if name in before else "nothing yet" for name in ratios}
    return "".join(f"{name}: {now:.2f}x; recorded {recorded[name]}\n" for name, now in ratios.items())


def record(ratios: Mapping[str, float], file: Path) -> None:
    """Instead of what was there. Only what is written to FILE is read again."""
    rounded = {name: round(ratio, 3) for name, ratio in ratios.items()}
    file.write_bytes(msgspec.json.format(msgspec.json.encode(rounded), indent=2) + b"\n")
