"""The keys of a flow are frozen, written down, and known to editors; all from the code that reads them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from engine.flowfile import read_flow
from engine.flowfile.compounds import Anything
from engine.flowfile.keys import every_key
from engine.flowfile.page import Page
from engine.flowfile.tree import grow
from engine.flowfile.vocabulary.desks import DESK
from engine.flowfile.vocabulary.flows import FLOW
from gateway.reference.__main__ import PAGES, write
from gateway.reference.keys import desk_schema, flow_schema, page
from gateway.reference.lints import example, names
from gateway.reference.meanings import FORM

ROOT = Path(__file__).parents[3]
FROZEN = Path(__file__).parent / "vocabulary_1.txt"
SCHEMAS = {
    "flow": Draft202012Validator(json.loads(flow_schema())),
    "desk": Draft202012Validator(json.loads(desk_schema())),
}
SHIPPED = sorted((ROOT / "flows").glob("*/flow.yaml"))
HEAD = "frontdesk: 1\nflow: tried\ntitle: Try it\n"
DONE = 'states: {done: {prompt: "Bye.", terminal: true}}\n'


def plain(text: str) -> Any:
    """YAML as JSON, read as we read it."""
    root = grow(text)
    return Anything().read(root, "", Page("flow.yaml", root))


def faults(text: str, schema: str = "flow") -> list[str]:
    return [error.message for error in SCHEMAS[schema].iter_errors(plain(text))]


def flows_in_tests() -> list[tuple[str, str]]:
    """Every whole flow that stands as a text in a test module, by its place."""
    found: list[tuple[str, str]] = []
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for match in re.finditer(r'(?<!r)"""\\?\n(frontdesk: 1\n.*?)"""', file.read_text("utf-8"), re.DOTALL):
            text = match[1].replace("\\\\", "\\")
            if "{{{" not in text and not read_flow(text, "flow.yaml").problems:
                found.append((f"{file.relative_to(ROOT)}:{match.start()}", text))
    return found


def test_the_vocabulary_of_version_1_is_frozen() -> None:
    now = {*(f"flow {key}" for key in every_key(FLOW)), *(f"desk {key}" for key in every_key(DESK))}
    then = set(FROZEN.read_text("utf-8").splitlines())
    assert sorted(then - now) == [], "a key that flows use is gone: that is `frontdesk: 2`, and needs a migration"
    assert sorted(now - then) == [], f"a new key: write it into {FROZEN.name} and CHANGELOG.md, it stays for good"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name](), "run `make pages`"


def test_the_pages_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(PAGES)


def test_every_key_has_its_row_and_its_sentence() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+ \| .+ \| [A-Z`].*[.)] \|$", page(), re.MULTILINE)
    assert {key.rpartition(".")[2] for key in (*every_key(FLOW), *every_key(DESK))} == set(rows)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_is_one(schema: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[schema].schema)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.parent.name))
def test_what_ships_is_valid(file: Path) -> None:
    assert faults(file.read_text("utf-8")) == []


def test_every_flow_of_the_tests_is_valid() -> None:
    flows = flows_in_tests()
    assert len(flows) > 20
    assert {place: found for place, text in flows if (found := faults(text))} == {}


@pytest.mark.parametrize("lint", [name for name in names() if name not in FORM])
def test_what_only_the_compiler_sees_is_valid_to_an_editor(lint: str) -> None:
    for name, text in example(lint).files.items():
        if name.endswith(".yaml"):
            assert faults(text, name.rpartition("/")[2].removesuffix(".yaml")) == []


@pytest.mark.parametrize("lint", sorted({*FORM} - {"unreadable", "duplicate-key"}))
def test_what_is_wrong_in_form_is_underlined(lint: str) -> None:
    (text,) = (text for name, text in example(lint).files.items() if name.endswith("flow.yaml"))
    assert faults(text) != []


@pytest.mark.parametrize(
    "body",
    [
        "start: x\n" + DONE,
        "slots: {a: {typ: text}}\n" + DONE,
        "actions: {a: {python: f, outcome: [x]}}\n" + DONE,
        "states: {a: {prompt: x, slot: b, terminal: true}}\n",
        "states: {a: {branches: [{when: x, nxt: a}]}}\n",
        "states: {a: {handoff: {reason: x, team: y}}}\n",
        "window: {words: 5}\n" + DONE,
        "expires_after: 2\n" + DONE,
        "retries: 11\n" + DONE,
        "states: {Done: {prompt: x, terminal: true}}\n",
        "slots: {person: {type: text}}\n" + DONE,
    ],
)
def test_the_schema_refuses_what_the_compiler_refuses(body: str) -> None:
    assert read_flow(HEAD + body, "flow.yaml").problems
    assert faults(HEAD + body) != []


def test_a_flag_that_says_false_may_stand_in_any_state() -> None:
    body = 'states: {a: {prompt: "Hello.", terminal: false, loop: false, next: b}, b: {terminal: true}}\n'
    assert not read_flow(HEAD + body, "flow.yaml").problems
    assert faults(HEAD + body) == []
