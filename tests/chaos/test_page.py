"""The page of runs: a run's row is read from its history, takes its store's place, and nobody else's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.chaos.rig import page
from tests.chaos.rig.faults import FAULTS
from tests.chaos.test_check_history import good
from tests.chaos.test_faults import PLANTED

DOCS = Path(__file__).parents[2] / "docs" / "chaos.md"
EMPTY = f"# Chaos\n\n{page.ABOVE}\n{page.BELOW}\n\nThe end.\n"
SQLITE = "| SQLite | 6 | serve 1 | 0 | 0 | 0 | 0 | 0 | 1 of 6 (16.67 %) | 0 |"


def test_a_row_says_what_came_of_a_run(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text("\n".join(map(json.dumps, good())))
    assert page.row(history, most_repeated=40.0) == SQLITE


def test_a_row_takes_the_place_of_its_stores_last_one(tmp_path: Path) -> None:
    told_on = tmp_path / "chaos.md"
    told_on.write_text(EMPTY)
    for row in (SQLITE.replace("serve 1", "serve 9"), SQLITE.replace("SQLite", "Redis"), SQLITE):
        page.write(told_on, row)
    text = told_on.read_text()
    assert [line for line in text.splitlines() if line.startswith("| ")] == [
        *page.HEAD,
        SQLITE.replace("SQLite", "Redis"),
        SQLITE,
    ]
    assert text.startswith("# Chaos\n\n")
    assert text.endswith(f"{page.BELOW}\n\nThe end.\n")


def test_a_page_without_a_place_for_runs_is_left_alone(tmp_path: Path) -> None:
    told_on = tmp_path / "other.md"
    told_on.write_text("# Other\n")
    with pytest.raises(ValueError, match="between which runs are told"):
        page.write(told_on, SQLITE)
    assert told_on.read_text() == "# Other\n"


def test_every_planted_fault_is_written_down() -> None:
    rows = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("| `")]
    told = {line.split("|")[1].strip(" `"): line.rsplit("|", 2)[1].strip() for line in rows if "kill -9" not in line}
    assert told == {fault: called for fault, (called, _) in PLANTED.items()}
    assert told.keys() == FAULTS.keys() - {"none"}
