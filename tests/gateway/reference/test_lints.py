"""Every lint has its sentence and an example that triggers it alone, and the page says what the compiler says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.reference.lints import EXAMPLES, example, explained, names, page
from gateway.reference.meanings import meanings

ROOT = Path(__file__).parents[3]
SPEAKERS = [*(ROOT / "engine" / "flowfile").rglob("*.py"), *(ROOT / "engine" / "lints").glob("*.py")]
SPEAKERS += [*(ROOT / "gateway").glob("flow*.py"), *(ROOT / "gateway" / name for name in ("textfile.py", "plans.py"))]
SPEAKERS += [ROOT / "gateway" / "promptfolder.py"]
ALSO = {"duplicate-flow": {"folder-name"}}
"""What cannot be had alone: two flows of one name cannot both stand in a folder of that name."""
NO_LINTS = {"utf-8", "utf-8-sig", "2026-03-01"}


@pytest.mark.parametrize("lint", names())
def test_an_example_triggers_its_lint_and_no_other(lint: str) -> None:
    problems = example(lint).problems()
    assert {problem.lint for problem in problems} - ALSO.get(lint, set()) == {lint}, "\n".join(map(str, problems))
    assert all(problem.what and problem.remedy for problem in problems)


def test_every_name_that_a_problem_can_have_is_explained() -> None:
    used = {name for file in SPEAKERS for name in re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', file.read_text("utf-8"))}
    assert sorted(used - NO_LINTS - set(names())) == []
    assert sorted(path.stem for path in EXAMPLES.iterdir()) == sorted(names())


def test_every_lint_says_what_it_asks_for_in_a_sentence() -> None:
    said = [sentence for group in meanings().values() for sentence in group.values()]
    assert not [sentence for sentence in said if not re.match(r"[A-Z`].*[.)]$", sentence)]


def test_the_page_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "lints.md").read_text("utf-8") == page(), "run `make pages`"


def test_a_lint_can_be_asked_about() -> None:
    said = explained("dangling-target")
    assert said.known
    assert "leads to a state that exists" in said.text
    assert "tried/flow.yaml:5: states.start.next: error[dangling-target]" in said.text
    assert "did you mean `dangling-target`?" in explained("dangling").text
    assert CliRunner().invoke(app, ["check", "--explain", "dangling-target"]).exit_code == 0
    assert CliRunner().invoke(app, ["check", "--explain", "nothing"]).exit_code == 2
