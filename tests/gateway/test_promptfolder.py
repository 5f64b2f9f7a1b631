"""Where the parts of a prompt come from, and which of them counts (S21)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FlowError
from engine.prompts import DESK, EXTRACTION, MESSAGE, STEP
from gateway.promptfolder import prompt_problems, read_prompts


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


@pytest.mark.parametrize(
    ("top", "line", "told"),
    [
        ("---\nmodel: a\nmodels: b\n---\n", 3, "a prompt has no key `models`"),
        ("---\nmodel: a\nmodel: b\n---\n", 3, "`model` is here twice"),
        ("---\nmodel:\n---\n", 2, "this is no model's name"),
        ("---\njust words\n---\n", 2, "this sets nothing"),
        ("---\nmodel: a\n", 1, "what is set on top does not end"),
        ("---\nmodel: a\n---\nfine\n{% if %}", 5, "this is no template"),
    ],
)
def test_what_is_wrong_on_top_of_a_part_is_told_with_file_and_line(
    tmp_path: Path, top: str, line: int, told: str
) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "persona.md").write_text(top)
    (problem,) = prompt_problems(tmp_path, {})
    assert (Path(problem.file).name, problem.line) == ("persona.md", line)
    assert told in problem.what
    assert not problem.warning


def test_a_file_is_named_after_a_part_or_a_state_of_its_own_flow(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "refund", tmp_path / "billing"):
        (folder / "prompts").mkdir(parents=True)
        for name in ("window", "window.brief", "confirm", "confrim"):
            (folder / "prompts" / f"{name}.md").write_text("Be brief.")
    states = {tmp_path / "refund": ("start", "confirm"), tmp_path / "billing": ("explain",)}
    unused = [Path(one.file).relative_to(tmp_path).as_posix() for one in prompt_problems(tmp_path, states)]
    assert unused == [
        "prompts/confrim.md",
        "refund/prompts/confrim.md",
        "billing/prompts/confirm.md",
        "billing/prompts/confrim.md",
    ]


def test_of_a_flow_that_cannot_be_read_no_prompt_is_called_unused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "refund"):
        (folder / "prompts").mkdir(parents=True)
        (folder / "prompts" / "confirm.md").write_text("Be brief.")
    assert list(prompt_problems(tmp_path, {tmp_path / "refund": None})) == []
