"""Files nobody should have written: told, never raised, never expanded (X31)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.flowfile import read_desk, read_flow
from engine.flowfile.tree import MAX_ALIASES, MAX_BYTES
from engine.lints import check_flow

HEAD = "frontdesk: 1\nflow: tried\ntitle: Try it\n"
DONE = 'states: {done: {prompt: "Bye.", terminal: true}}\n'

BOMB = "escalation:\n" + "".join(
    f"  {chr(97 + level)}: &{chr(97 + level)} [{', '.join([f'*{chr(96 + level)}'] * 9) if level else 'x'}]\n"
    for level in range(10)
)
"""90 aliases that stand for 9^9 values."""


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "the file is empty"),
        ("# nothing yet\n", 1, "the file is empty"),
        (HEAD + "slots: {a: [}\n", 4, "flow"),
        (HEAD + "goal: 'never closed\n", 4, "quoted scalar"),
        (HEAD + "\tgoal: x\n", 4, ""),
        (HEAD + "goal: \x07\n", 1, "special characters"),
        (HEAD + "goal: !!python/object:os.system x\n", 4, "the tag tag:yaml.org,2002:python/object:os.system"),
        (HEAD + "goal: !!str x\n", 4, "the tag"),
        (HEAD + "---\nflow: two\n", 4, "a second document"),
        (HEAD + "goal: *nowhere\n", 4, "*nowhere stands for nothing yet"),
        (HEAD + "slots: &s {a: *s}\n", 4, "*s stands for nothing yet"),
        (HEAD + "? [a, b]\n: c\n", 4, "a list or map stands where a key should"),
        (HEAD + f"cues: {'[' * 100}{']' * 100}\n", 4, "levels deep"),
        (HEAD + "triggers: [&a x" + ", *a" * (MAX_ALIASES + 1) + "]\n", 4, f"alias number {MAX_ALIASES + 1}"),
        (HEAD + BOMB, 10, "stands for over 100,000 values"),
        ("#" * (MAX_BYTES + 1), 1, "over 1 MB"),
        ('goal: "\\U99999999"\n', 1, ""),
    ],
)
def test_X31_what_is_no_flow_file_is_told_with_its_line(text: str, line: int, what: str) -> None:
    file = read_flow(text, "tried/flow.yaml")
    (problem,) = file.problems
    assert file.flow is None
    assert (problem.lint, problem.line) == ("unreadable", line)
    assert what in problem.what
    assert problem.remedy


@pytest.mark.parametrize("text", ["just words\n", "[a, b]\n", "5\n"])
def test_a_file_that_is_no_map_is_told(text: str) -> None:
    (problem,) = read_flow(text, "tried/flow.yaml").problems
    assert (problem.key, problem.remedy) == ("(file)", "write a flow as a map")


def test_X31_aliases_below_the_limit_are_read() -> None:
    file = read_flow(HEAD + "triggers: [&a buy, *a]\n" + DONE, "tried/flow.yaml")
    assert file.flow is not None
    assert file.flow.triggers == ("buy", "buy")


def test_a_number_too_long_for_any_machine_stays_words() -> None:
    (problem,) = read_flow(HEAD + f"retries: {'9' * 5000}\n" + DONE, "tried/flow.yaml").problems
    assert problem.lint == "wrong-type"
    assert len(problem.what) < 100


@pytest.mark.parametrize("prompt", ["{{" + "(" * 3000, "{% for x in y %}", "{{ 7 *", "{# open"])
def test_X30_no_template_an_author_can_write_raises(prompt: str) -> None:
    file = read_flow(HEAD + f'states: {{done: {{prompt: "{prompt}", terminal: true}}}}\n', "tried/flow.yaml")
    assert {problem.lint for problem in check_flow(file)} == {"broken-template"}


_VALUES = st.recursive(
    st.sampled_from(["null", "true", "no", "3", "-1.5", "5s", "text", "done", "'{{ x }}'", "yes|no", "'(a+)+'", "'('"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["done", "yes", "when", "next", "type", "path", "a"]), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=6,
)
_KEYS = ["goal", "slots", "actions", "states", "lines", "window", "migrations", "escalation", "triggers", "persona"]
_INNER = [
    "type",
    "pattern",
    "values",
    "default",
    "min",
    "http",
    "python",
    "outcomes",
    "save",
    "prompt",
    "slot",
    "action",
]
_INNER += ["call", "branches", "next", "handoff", "terminal", "loop", "on_error", "outcome", "depends_on", "ask_only"]


@given(
    outer=st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=4),
    slot=st.dictionaries(st.sampled_from(_INNER), _VALUES, max_size=5),
    action=st.dictionaries(st.sampled_from(_INNER), _VALUES, max_size=5),
    state=st.dictionaries(st.sampled_from(_INNER), _VALUES, max_size=5),
)
def test_X31_any_value_under_any_key_is_told_or_taken(
    outer: dict[str, str], slot: dict[str, str], action: dict[str, str], state: dict[str, str]
) -> None:
    def table(items: dict[str, str]) -> str:
        return "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"

    whole = {"slots": f"{{a: {table(slot)}}}", "actions": f"{{a: {table(action)}}}", "states": f"{{a: {table(state)}}}"}
    text = HEAD + "".join(f"{key}: {value}\n" for key, value in (whole | outer).items())
    for problem in (*(file := read_flow(text, "tried/flow.yaml")).problems, *check_flow(file)):
        assert problem.what
        assert problem.remedy
    read_desk(text, "desk.yaml")


@given(st.text(max_size=200))
def test_X31_any_text_is_told(text: str) -> None:
    assert read_flow(text, "tried/flow.yaml").problems
