"""`frontdesk understand`: a line out for a line in, whatever stands in it (DESIGN 7)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
KEYS = ["command", "flow", "candidates", "reply", "slots", "question", "rules"]
DESK = {
    "high": {"title": "Explain a bill", "triggers": ["explain my bill"]},
    "payment": {"title": "Pay a bill", "triggers": ["pay my bill"]},
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name, more in DESK.items():
        flow = {
            "frontdesk": 1,
            "flow": name,
            "slots": {"account": {"type": "text", "pattern": r"A-\d{4}"}, "sure": {"type": "boolean"}},
            "states": {
                "start": {"prompt": "Which account?", "slot": "account", "next": "check"},
                "check": {"prompt": "Are you sure?", "slot": "sure", "next": "done"},
                "done": {"prompt": "Done.", "terminal": True},
            },
        }
        (tmp_path / name).mkdir()
        (tmp_path / name / "flow.yaml").write_text(json.dumps(flow | more), "utf-8")
    return tmp_path


def understood(desk: Path, *lines: str | dict[str, Any]) -> list[dict[str, Any]]:
    """The answers of the command, as a process of its own."""
    asked = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    code = "from gateway.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "understand"],
        env={"FLOWS_DIR": str(desk), "PATH": "/usr/bin:/bin"},
        cwd=ROOT,
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_text_starts_a_flow_with_its_values(desk: Path) -> None:
    (one,) = understood(desk, {"text": "I want to pay my bill for A-1001"})
    assert list(one) == KEYS
    assert (one["flow"], one["candidates"][0], one["slots"]) == ("payment", "payment", {"account": "A-1001"})
    assert "S26" in one["rules"]


def test_near_equals_are_asked_back_with_their_names(desk: Path) -> None:
    (one,) = understood(desk, {"text": "bill"})
    assert one["flow"] is None
    assert sorted(one["candidates"]) == ["high", "payment"]


def test_a_slot_of_the_line_is_read_alone(desk: Path) -> None:
    answers = understood(
        desk,
        {"text": "the 8th works", "slot": {"type": "date"}, "now": "2026-03-02T10:00:00"},
        {"text": "no idea, blue?", "slot": {"type": "date"}},
        {"text": "make it 18:15 instead", "slot": {"type": "boolean"}},
        {"text": "$79.99", "slot": {"type": "amount"}},
        {"text": "1.234,50", "slot": {"type": "number"}, "locale": "de-DE"},
    )
    assert [one["slots"]["value"] for one in answers] == [
        "2026-03-08",
        None,
        None,
        {"amount": "79.99", "currency": "USD"},
        1234.5,
    ]
    assert answers[2]["reply"] == "deny"


def test_a_place_in_a_flow_is_where_the_text_is_heard(desk: Path) -> None:
    stop, yes, person = understood(
        desk,
        {"text": "stop that", "flow": "payment", "state": "start"},
        {"text": "yes, and what does it cost?", "flow": "payment", "state": "check"},
        {"text": "let me talk to a human", "flow": "payment"},
    )
    assert stop["command"] == "cancel"
    assert (yes["reply"], yes["slots"], yes["question"]) == ("affirm", {"sure": True}, "what does it cost?")
    assert person["command"] == "human"


def test_a_line_that_cannot_be_answered_keeps_its_place(desk: Path) -> None:
    answers = understood(
        desk,
        "{not json",
        {"text": "hi", "flow": "nobody"},
        {"text": "hi", "flow": "payment", "state": "done"},
        {"text": "hi", "slot": {"type": "dte"}},
        {"text": "hi", "txet": 1},
        {"text": "pay my bill"},
    )
    assert [one["flow"] for one in answers] == [None] * 5 + ["payment"]
    assert "there are: high, payment" in answers[1]["error"]
    assert "these do: start, check" in answers[2]["error"]
    assert "did you mean `date`?" in answers[3]["error"]
    assert all(one["error"] for one in answers[:5])
