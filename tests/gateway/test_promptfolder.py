"""Where the parts of a prompt come from, and which of them counts (S21)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FlowError
from engine.prompts import DESK, EXTRACTION, MESSAGE, STEP
from gateway.promptfolder import read_prompts


def test_our_own_parts_are_all_there() -> None:
    prompts = read_prompts()
    assert all(prompts.of(name, DESK).version for name in (*EXTRACTION, MESSAGE) if name != STEP)


def test_S21_a_changed_part_is_a_new_version_and_the_others_keep_theirs(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "persona.md").write_text("You are the desk's own reader.", "utf-8")
    ours, own = read_prompts(), read_prompts(tmp_path)
    assert own.of("persona", DESK).version != ours.of("persona", DESK).version
    assert own.of("flows", DESK).version == ours.of("flows", DESK).version


def test_S21_a_flows_own_part_counts_in_that_flow_only(tmp_path: Path) -> None:
    (tmp_path / "refund" / "prompts").mkdir(parents=True)
    (tmp_path / "refund" / "prompts" / "persona.md").write_text("Be {{ persona.name }}.", "utf-8")
    prompts = read_prompts(tmp_path, {"refund": tmp_path / "refund"})
    assert prompts.of("persona", "refund").text.source == "Be {{ persona.name }}."
    assert prompts.of("persona", "billing") is prompts.of("persona", DESK)


def test_a_mark_of_the_byte_order_is_no_part_of_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "persona.md").write_text("Be brief.", "utf-8-sig")
    assert read_prompts(tmp_path).of("persona", DESK).text.source == "Be brief."


def test_a_part_that_is_no_template_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "flow.md").write_text("one\n{% if %}", "utf-8")
    (tmp_path / "prompts" / "slots.md").write_bytes(b"\xff")
    with pytest.raises(FlowError) as raised:
        read_prompts(tmp_path)
    assert [(Path(one.file).name, one.line) for one in raised.value.problems] == [("flow.md", 2), ("slots.md", 1)]
