"""How `frontdesk check` tells: a caret under the source line, JSON, exit codes; and files nobody could read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.errors import Problem
from gateway.cli.main import app
from gateway.cli.problems import SHOWN, report
from gateway.flowfolder import read_folder

HEAD = "frontdesk: 1\nflow: tried\ntitle: Try it\n"
DONE = 'states:\n  done: {prompt: "Bye.", terminal: true}\n'
WARNED = f"slots: {{city: {{type: text}}}}\n{DONE}"
REFUSED = 'states:\n  start: {prompt: "Hello.", next: don}\n  done: {prompt: "Bye.", terminal: true}\n'


def folder(place: Path, body: str, *, name: str = "tried") -> Path:
    """A folder with one flow."""
    (place / name).mkdir()
    (place / name / "flow.yaml").write_text(HEAD.replace("tried", name) + body, encoding="utf-8")
    return place


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["check", *arguments], env={"FLOWS_DIR": None})
    return done.exit_code, done.stdout


def shown(place: Path) -> list[str]:
    """The report as a terminal gets it, without its colours."""
    import click

    lines = report(read_folder(place, {}).problems, sources=True)
    return [click.unstyle(line) for line in lines]


def test_a_terminal_sees_the_source_line_with_a_caret_under_key_and_value(tmp_path: Path) -> None:
    assert shown(folder(tmp_path, REFUSED)) == [
        f"{tmp_path}/tried/flow.yaml:5: states.start.next: error[dangling-target] `don` is no state of this flow, "
        "so a run that is led there has nowhere to go",
        "   |",
        ' 5 |   start: {prompt: "Hello.", next: don}',
        "   |                             ^^^^^^^^^",
        "    -> did you mean `done`? Else add a state `don` under `states`",
        "",
    ]


def test_a_long_source_line_is_cut_around_its_caret(tmp_path: Path) -> None:
    said = "so it goes " * 30
    lines = shown(folder(tmp_path, REFUSED.replace("Hello.", said)))
    source, caret = lines[2], lines[3]
    assert len(source) < SHOWN + 20
    at = caret.index("^")
    assert source[at : at + caret.count("^")] == "next: don"
    assert source.startswith(" 5 | ...")


def test_a_value_on_another_line_is_pointed_at_by_its_key(tmp_path: Path) -> None:
    body = 'states:\n  done:\n    prompt:\n      "{{ nobody }}"\n    terminal: true\n'
    lines = shown(folder(tmp_path, body))
    assert lines[2:4] == [" 6 |     prompt:", "   |     ^^^^^^"]


def test_a_pipe_gets_two_lines_for_each_problem(tmp_path: Path) -> None:
    code, said = run(str(folder(tmp_path, REFUSED)))
    assert code == 1
    assert len(said.splitlines()) == 4
    assert said.splitlines()[-1] == "1 flow, 1 error"


def test_warnings_pass_unless_strict(tmp_path: Path) -> None:
    folder(tmp_path, WARNED)
    assert run(str(tmp_path))[0] == 0
    code, said = run(str(tmp_path), "--strict")
    assert (code, said.splitlines()[-1]) == (1, "1 flow, 1 warning")


def test_an_editor_gets_places_as_json(tmp_path: Path) -> None:
    code, said = run(str(folder(tmp_path, REFUSED)), "--json")
    told = json.loads(said)
    assert (code, told["ok"], told["flows"], told["errors"], told["warnings"]) == (1, False, 1, 1, 0)
    (problem,) = told["problems"]
    assert problem == {
        "file": f"{tmp_path}/tried/flow.yaml",
        "line": 5,
        "column": 29,
        "end_column": 38,
        "key": "states.start.next",
        "severity": "error",
        "lint": "dangling-target",
        "what": "`don` is no state of this flow, so a run that is led there has nowhere to go",
        "remedy": "did you mean `done`? Else add a state `don` under `states`",
    }
    assert json.loads(run("--json")[1])["ok"]


def test_several_files_are_sorted_and_counted_together(tmp_path: Path) -> None:
    folder(tmp_path, REFUSED)
    folder(tmp_path, WARNED + "goal: ''\n", name="another")
    said = run(str(tmp_path))[1]
    places = [line.partition(": ")[0] for line in said.splitlines() if line.startswith(str(tmp_path))]
    assert places == [
        f"{tmp_path}/another/flow.yaml:4",
        f"{tmp_path}/another/flow.yaml:7",
        f"{tmp_path}/tried/flow.yaml:5",
    ]
    assert said.splitlines()[-1] == "2 flows, 2 errors, 1 warning"


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        ("states:\n\tdone: x\n", 2, "a tab stands here", "spaces"),
        ("goal: one: two\n", 1, "no key can begin", "quote"),
        ("states:\n  a: 1\n b: 2\n", 3, "not indented like", "the same indent"),
        ("states: {a: {b: c}\n", 1, "not closed where the end of the file stands", "put the missing"),
        ("goal: 'x\n", 1, "never closed", "close the quotes"),
        ('slots: {a: {pattern: "\\d"}}\n', 1, "`\\d` means nothing between double quotes", "single quotes"),
        ("goal: {{ x }}\n", 1, "a list or map stands where a key should", 'quotes: "{{ name }}"'),
        ("goal: `x`\n", 1, "cannot begin with", "between quotes"),
        ("- a\n- b\n", 1, "a list stands here", "write a flow as a map"),
        ("", 1, "the file is empty", "frontdesk: 1"),
    ],
)
def test_what_is_no_yaml_is_told_in_plain_words_with_its_line(
    tmp_path: Path, text: str, line: int, what: str, remedy: str
) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(text, encoding="utf-8")
    (problem,) = [one for one in read_folder(file, {}).problems if not one.warning]
    assert problem.line == line
    assert what in problem.what
    assert remedy in problem.remedy


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_bad_encoding_is_told_with_its_line(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "flow.yaml"
    file.write_bytes(f"{HEAD}goal: über\n{DONE}".encode(encoding))
    (problem,) = read_folder(file, {}).problems
    assert (problem.lint, problem.what, problem.remedy) == (
        "unreadable",
        "this file is not UTF-8 text",
        "save it as UTF-8",
    )


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_bytes((HEAD + DONE).encode("utf-8-sig"))
    assert [one for one in read_folder(file, {}).problems if not one.warning] == []


def test_a_problem_without_a_place_is_told_without_a_line_of_source() -> None:
    problem = Problem(file="gone.yaml", line=9, key="(file)", what="gone", remedy="look", lint="unreadable")
    assert list(report([problem], sources=True)) == ["gone.yaml:9: (file): error[unreadable] gone", "    -> look", ""]
