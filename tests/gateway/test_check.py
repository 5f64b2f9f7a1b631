"""`frontdesk check`, and the folder it reads."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gateway.cli.check import check
from gateway.flowfolder import FlowFolder, read_folder
from gateway.settings import Settings

GREETING = """\
frontdesk: 1
flow: {name}
title: Say hello
actions:
  look: {{http: {{method: GET, url: "${{{variable}}}/now"}}, outcomes: {{200: seen}}}}
states:
  look: {{action: look, next: hello, on_error: handoff}}
  hello: {{prompt: "Hello.", terminal: true}}
"""

DRAFT = """\
frontdesk: 1
flow: parcel
title: Return a parcel
slots:
  parcel: {type: text, pattern: 'P-\\S{4}', error_msg: "A parcel number is P- and four digits."}
  right: {type: text, pattern: 'yes|no|y|n'}
  why: {type: text}
actions:
  find: {python: find, outcomes: [found, lost]}
states:
  start: {prompt: "Which parcel?", slot: parcel, next: find}
  find: {action: find, branches: {found: check, lost: not_here}, on_error: handoff}
  check: {prompt: "{{ parcel }}, is that it?", slot: right, branches: {yes: ask_why, no: start}}
  ask_why: {prompt: "Why? Options: broken, too late.", slot: why, next: done}
  done: {prompt: "Send it back.", terminal: true}
"""


def write(folder: Path, name: str, text: str) -> Path:
    """A flow's file in its own folder."""
    (folder / name).mkdir()
    file = folder / name / "flow.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def greeting(name: str, variable: str = "SKY_URL") -> str:
    """A flow that looks something up."""
    return GREETING.format(name=name, variable=variable)


def read(folder: Path, **environ: str) -> FlowFolder:
    """The folder as a gateway with this environment reads it."""
    return read_folder(folder, environ)


def lints(folder: FlowFolder) -> list[str]:
    """What was found, in order."""
    return [problem.lint for problem in folder.problems]


def run(*arguments: str, **environ: str) -> tuple[int, str]:
    """The command's exit code and what it printed."""
    app = typer.Typer()
    app.command()(check)
    done = CliRunner().invoke(app, list(arguments), env={"FLOWS_DIR": None, **environ})
    return done.exit_code, done.stdout


def test_a_draft_is_refused_with_its_five_defects(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(DRAFT, encoding="utf-8")
    code, said = run(str(file))
    assert code == 1
    assert said.splitlines() == [
        f"{file}:5: slots.parcel.pattern: error[letters-for-digits] it accepts `P-abcd`, "
        "though `error_msg` promises digits: such an answer would be taken without a word",
        r"    -> say `\d` in the pattern where digits belong: `P-\d{4}`",
        f"{file}:12: states.find.branches.lost: error[dangling-target] `not_here` is no state of this flow, "
        "so a run that is led there has nowhere to go",
        "    -> add a state `not_here` under `states`",
        f"{file}:13: states.check.branches: error[value-without-branch] `right` accepts `yes`, `no`, `y` and `n`, "
        "but its branches know only `yes` and `no`: whoever answers `y` or `n` goes no further",
        "    -> make slot `right` a `type: boolean`, which reads them all as `yes` or `no`; "
        "or add branches for `y` and `n`, or `else: a_state`",
        f"{file}:13: states.check.branches.no: error[back-without-ask-only] this leads back to `start`, but `right` "
        "may still be filled when the run returns (by an early mention or from memory) "
        "and would answer by itself for ever",
        "    -> set `ask_only: true` on slot `right`, or `loop: true` on state `check`",
        f"{file}:14: states.ask_why.prompt: error[options-for-any-text] the question lists options, "
        "but slot `why` takes any text: nothing offers them",
        "    -> give it `type: enum` with `values: {broken: [], too_late: []}`",
        "",
        "1 flow, 5 errors",
    ]


def test_a_sound_folder_passes_and_FLOWS_DIR_names_one(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    write(tmp_path, "two", greeting("two"))
    assert run(str(tmp_path), SKY_URL="http://127.0.0.1") == (0, "2 flows, no problems\n")
    assert run(FLOWS_DIR=str(tmp_path), SKY_URL="http://127.0.0.1") == (0, "2 flows, no problems\n")
    assert run(str(tmp_path / "one"), SKY_URL="http://127.0.0.1") == (0, "1 flow, no problems\n")


def test_our_own_flows_pass_without_a_variable() -> None:
    code, said = run()
    assert (code, said.endswith(" no problems\n")) == (0, True)
    assert "refund" in [flow.name for flow in read_folder(None, {}).flows]


def test_problems_are_grouped_by_file_and_the_sound_flows_remain(tmp_path: Path) -> None:
    bad = write(tmp_path, "bad", "frontdesk: 1\nflow: bad\n")
    write(tmp_path, "good", greeting("good"))
    worse = write(tmp_path, "worse", "flow: [\n")
    folder = read(tmp_path, SKY_URL="http://127.0.0.1")
    assert [problem.file for problem in folder.problems] == [str(bad), str(bad), str(worse)]
    assert [flow.name for flow in folder.flows] == ["good"]
    assert folder.home("good") == tmp_path / "good"
    assert (folder.shipped, folder.files) == (False, 3)


def test_X31_a_variable_that_is_not_set_stops_a_start_but_not_a_check(tmp_path: Path) -> None:
    file = write(tmp_path, "one", greeting("one"))
    (problem,) = read(tmp_path).problems
    assert (problem.lint, problem.line, problem.warning) == ("unset-variable", 5, False)
    assert problem.remedy == "set SKY_URL"
    code, said = run(str(tmp_path), SKY_URL="")
    assert (code, said) == (0, "1 flow, no problems\n")
    code, said = run(str(tmp_path))
    assert code == 0
    assert said.startswith(f"{file}:5: actions.look.http.url: warning[unset-variable] `${{SKY_URL}}` is not set")
    assert said.endswith("1 flow, 1 warning\n")


def test_X31_a_flow_may_not_name_a_setting_of_the_gateway(tmp_path: Path) -> None:
    ours = [str(field.validation_alias) for field in Settings.model_fields.values()]
    ours += [f"{name}_FILE" for name in Settings.SECRET]
    ours += [
        "SLACK_BOT_TOKEN",
        "TWILIO_AUTH_TOKEN",
        "OPENAI_API_KEY",
        "ZENDESK_EMAIL",
        "SMS_COUNTRIES",
        "PSEUDONYM_KEY",
    ]
    for index, name in enumerate(ours):
        write(tmp_path, f"f{index}", greeting(f"f{index}", name))
    assert lints(read(tmp_path, **dict.fromkeys(ours, "x"))) == ["reserved-variable"] * len(ours)


@pytest.mark.parametrize("name", ["shop_url", "SHOP URL", ""])
def test_X31_a_name_no_variable_can_have_is_told(tmp_path: Path, name: str) -> None:
    write(tmp_path, "one", greeting("one", name))
    assert lints(read(tmp_path)) == ["wrong-variable"]


def test_two_flows_of_one_name_leave_the_first(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    write(tmp_path, "two", greeting("one"))
    folder = read(tmp_path, SKY_URL="http://127.0.0.1")
    assert lints(folder) == ["duplicate-flow", "folder-name"]
    assert [flow.name for flow in folder.flows] == ["one"]


def test_the_desk_is_read_beside_the_flows(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    (tmp_path / "one" / "knowledge").mkdir()
    (tmp_path / "one" / "knowledge" / "sky.md").write_text("# Sky\nIt is blue.\n", encoding="utf-8")
    desk = "timezone: Europe/Berlin\ndefaults: {retries: 2}\n"
    (tmp_path / "desk.yaml").write_text(desk, encoding="utf-8")
    folder = read(tmp_path, SKY_URL="http://127.0.0.1")
    assert folder.problems == ()
    assert (folder.desk.timezone, folder.desk.retries, folder.desk.stack_depth) == ("Europe/Berlin", 2, 3)
    assert folder.knowledge == (tmp_path / "one" / "knowledge" / "sky.md",)


def test_S34_what_nobody_can_be_told_is_a_warning_behind_the_flows(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "one" / "knowledge").mkdir()
    file = tmp_path / "one" / "knowledge" / "sky.md"
    file.write_text("# Sky\nIt is blue.\n\n# Night\n", encoding="utf-8")
    (tmp_path / "knowledge" / "sea.md").write_text("", encoding="utf-8")
    code, said = run(str(tmp_path), SKY_URL="http://127.0.0.1")
    assert code == 0
    assert [line for line in said.splitlines() if "warning[" in line] == [
        f"{tmp_path / 'knowledge' / 'sea.md'}:1: (file): warning[empty-knowledge] there is nothing in this file",
        f"{file}:4: Night: warning[heading-without-text] nothing stands under this heading",
    ]


def test_S5_a_text_belongs_to_the_flow_whose_folder_it_is_in(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    for place in (tmp_path / "knowledge", tmp_path / "one" / "knowledge", tmp_path / "other" / "knowledge"):
        place.mkdir(parents=True)
        (place / "sky.md").write_text("# Sky\nIt is blue.\n", encoding="utf-8")
    found = [(passage.place, passage.flow) for passage in read(tmp_path, SKY_URL="http://127.0.0.1").passages]
    assert found == [
        ("knowledge/sky.md:2", None),
        ("one/knowledge/sky.md:2", "one"),
        ("other/knowledge/sky.md:2", None),
    ]
    (alone,) = read_folder(tmp_path / "one", {"SKY_URL": "http://127.0.0.1"}).passages
    assert (alone.place, alone.flow) == ("knowledge/sky.md:2", "one")


def test_knowledge_that_is_not_UTF_8_stops_the_desk_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "sky.md").write_bytes(b"# Sky\nIt is \xff.\n")
    (problem,) = read(tmp_path, SKY_URL="http://127.0.0.1").problems
    assert (problem.line, problem.what, problem.warning) == (2, "this file is not UTF-8 text", False)


def test_what_is_wrong_with_the_desk_comes_first(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    desk = "timezone: Mars/Base\nlines: {helo: x}\n"
    desk += 'profile: {http: {method: GET, url: "${CRM_URL}"}, outcomes: {200: ok}}\n'
    (tmp_path / "desk.yaml").write_text(desk, encoding="utf-8")
    folder = read(tmp_path)
    assert lints(folder) == ["unknown-timezone", "unknown-line", "unset-variable", "unset-variable"]
    assert [problem.line for problem in folder.problems] == [1, 2, 3, 5]


def test_opening_hours_that_nobody_can_read_are_a_fault_of_the_desk(tmp_path: Path) -> None:
    write(tmp_path, "one", greeting("one"))
    file = tmp_path / "desk.yaml"
    file.write_text("locale: en\nhours: Mon-Fri 9-17\n", encoding="utf-8")
    code, said = run(str(tmp_path), SKY_URL="http://127.0.0.1")
    assert code == 1
    assert said.splitlines()[:2] == [
        f"{file}:2: hours: error[wrong-hours] `Mon-Fri 9-17` is no opening time",
        "    -> write it like `Mon-Fri 09:00-17:00`, parts separated by `;`",
    ]


def test_a_folder_without_flows_and_no_folder_at_all_are_told(tmp_path: Path) -> None:
    code, said = run(str(tmp_path))
    assert (code, "there is no flow in this folder" in said) == (1, True)
    assert lints(read(tmp_path / "nowhere")) == ["no-flow"]


def test_a_file_that_is_not_UTF_8_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "one", "").write_bytes(b"frontdesk: 1\nflow: \xff\n")
    (problem,) = read(tmp_path).problems
    assert (problem.line, problem.what) == (2, "this file is not UTF-8 text")
