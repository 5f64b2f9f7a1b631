"""`frontdesk test`: which conversations it finds, what it says of each, and how it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.errors import FlowError
from gateway.cli.main import app
from gateway.flowfolder import OURS

STUBBED = """\
! look_up found
> count the boxes
< How many
> 3
< Done: 3
"""
FLOW = """\
frontdesk: 1
flow: boxes
title: Count boxes
description: Somebody counts boxes.
triggers: [count the boxes]
slots:
  number: {type: integer, min: 1}
actions:
  look_up: {http: {method: GET, url: "${STOCK_API_URL}/boxes"}, outcomes: {200: found}}
states:
  look:  {action: look_up, branches: {found: ask}, on_error: gone}
  ask:   {prompt: "How many boxes?", slot: number, next: done}
  done:  {prompt: "Done: {{ number }} boxes.", terminal: true}
  gone:  {prompt: "The stock list is away.", terminal: true, outcome: failed}
"""


def run(*words: str | Path, **environ: str) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, ["test", *map(str, words)], env={"FLOWS_DIR": None, **environ})


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    """A folder with one flow of somebody else's, and one conversation that passes."""
    talks = tmp_path / "desk" / "boxes" / "conversations"
    talks.mkdir(parents=True)
    (talks.parent / "flow.yaml").write_text(FLOW)
    (talks / "counted.txt").write_text("# It counts.\n" + STUBBED)
    return tmp_path / "desk"


def test_without_a_folder_our_own_conversations_are_replayed() -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "ok refund/happy_path.txt: Order and reason in one sentence" in result.output
    assert result.output.splitlines()[-1].endswith(" passed, 0 failed")


def test_flows_dir_names_the_folder(boxes: Path) -> None:
    result = run(FLOWS_DIR=str(boxes))
    assert result.output == "ok boxes/counted.txt: It counts.\n1 passed, 0 failed\n"


@pytest.mark.parametrize(
    "part", ["", "boxes", "boxes/flow.yaml", "boxes/conversations", "boxes/conversations/counted.txt"]
)
def test_a_folder_a_flow_or_one_file_can_be_named(boxes: Path, part: str) -> None:
    result = run(boxes / part)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "1 passed, 0 failed")


def test_one_flow_of_ours_still_has_its_demo_system() -> None:
    assert run(OURS / "refund").exit_code == 0


def test_a_file_may_stand_beside_its_flow(boxes: Path) -> None:
    file = boxes / "boxes" / "alone.txt"
    file.write_text(STUBBED)
    assert run(file).output.splitlines()[-1] == "1 passed, 0 failed"


def test_the_first_line_that_does_not_hold_is_shown_with_what_came_instead(boxes: Path) -> None:
    file = boxes / "boxes" / "conversations" / "wrong.txt"
    file.write_text("# It guesses.\n" + STUBBED.replace("How many", "How heavy [light|heavy]"))
    result = run(boxes)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "ok boxes/counted.txt: It counts.",
        "FAILED boxes/wrong.txt: It guesses.",
        f"  {file}:4: < How heavy [light|heavy]",
        "    after       > count the boxes",
        "    - expected  How heavy",
        "    + got       How many boxes?",
        "    ~ nearest   How [-heavy-] {+many+} ",
        "    rules of this turn: S26; look_up came to found",
        "1 passed, 1 failed",
    ]


def test_a_line_the_format_does_not_know_is_shown_with_its_place(boxes: Path) -> None:
    file = boxes / "boxes" / "conversations" / "odd.txt"
    file.write_text("# Odd.\n> hi\nhello\n")
    result = run(file)
    assert result.exit_code == 1
    assert f"  {file}:3: `hello` begins with no marker and a space" in result.output


def test_back_ends_of_the_deployment_are_never_reached(boxes: Path) -> None:
    talk = boxes / "boxes" / "conversations" / "counted.txt"
    talk.write_text("> count the boxes\n< stock list is away\n= outcome=failed\n")
    result = run(boxes, STOCK_API_URL="http://127.0.0.1:1/would-be-refused")
    assert result.exit_code == 0, result.output


def test_flows_that_do_not_compile_are_told_as_by_check(boxes: Path) -> None:
    (boxes / "boxes" / "flow.yaml").write_text(FLOW.replace("next: done", "next: finish"))
    result = run(boxes)
    assert isinstance(result.exception, FlowError)
    assert "flow.yaml:12: states.ask.next: error" in str(result.exception)


def test_a_folder_without_conversations_says_so(boxes: Path) -> None:
    shutil.rmtree(boxes / "boxes" / "conversations")
    result = run(boxes)
    assert result.output == "There is no conversations/*.txt here.\n0 passed, 0 failed\n"


def test_files_that_stand_beside_no_flow_are_played_with_ours_or_those_of_flows_dir(
    tmp_path: Path, boxes: Path
) -> None:
    (tmp_path / "talks").mkdir()
    talk = tmp_path / "talks" / "talk.txt"
    talk.write_text("> refund\n< Which order number")
    for named in (talk, talk.parent):
        assert run(named).output.splitlines()[-1] == "1 passed, 0 failed"
        assert run(named, FLOWS_DIR=str(boxes)).output.splitlines()[-1] == "0 passed, 1 failed"


def test_a_folder_without_flows_and_files_is_an_error(tmp_path: Path) -> None:
    assert isinstance(run(tmp_path).exception, FlowError)
