"""Every value has its way, every way its value."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]

ASKED = """\
slots:
  answer: %s
states:
  ask: {prompt: "Well?", slot: answer, branches: %s}
  go: {prompt: "Go.", terminal: true}
  stay: {prompt: "Stay.", terminal: true}
"""


def test_S2_a_choice_ends_with_else(found: Found) -> None:
    body = """\
        slots:
          seats: {type: integer}
        states:
          ask: {prompt: "How many?", slot: seats, next: size}
          size: {branches: [{when: "seats > 50", next: big}, {when: "seats > 5", next: small}]}
          big: {prompt: "Big.", terminal: true}
          small: {prompt: "Small.", terminal: true}
        """
    problem = found(body)["choice-without-else"]
    assert (problem.key, problem.remedy) == ("states.size.branches", "end the list with else, `{next: a_state}`")
    early = found(body.replace('{when: "seats > 50", next: big}', "{next: big}"))["choice-without-else"]
    assert early.key == "states.size.branches.0"
    assert "those below never are" in early.what


@pytest.mark.parametrize(
    ("slot", "branches", "label"),
    [
        ("{type: boolean}", "{yes: go, no: stay, maybe: stay}", "maybe"),
        ("{type: enum, values: {left: [], right: []}}", "{left: go, rigt: stay, else: stay}", "rigt"),
        ("{pattern: 'A|B'}", "{A: go, C: stay, else: stay}", "C"),
    ],
)
def test_S1_a_label_that_no_value_produces_is_told(found: Found, slot: str, branches: str, label: str) -> None:
    problem = found(ASKED % (slot, branches))["impossible-label"]
    assert problem.key == f"states.ask.branches.{label}"
    assert problem.what == f"`answer` never comes to `{label}`, so this branch is never taken"


def test_S1_a_label_no_outcome_produces_is_told_and_error_has_its_own_edge(found: Found) -> None:
    body = """\
        actions:
          look: {python: look, outcomes: [seen]}
        states:
          one: {action: look, branches: {seen: done, %s: done}}
          done: {prompt: "Bye.", terminal: true}
        """
    assert found(body % "sen")["impossible-label"].remedy == "did you mean `seen`? Else use `seen`"
    assert "on_error" in found(body % "error")["impossible-label"].remedy


@pytest.mark.parametrize(
    ("slot", "what", "remedy"),
    [
        (
            "{pattern: 'yes|no|y'}",
            "`answer` accepts `yes`, `no` and `y`, but its branches know only `yes` and `no`",
            "make slot `answer` a `type: boolean`",
        ),
        (
            "{type: text}",
            "`answer` can hold any text, but its branches know only `yes` and `no`",
            "add `else: a_state`",
        ),
        ("{type: boolean, optional: true}", "a skipped answer has no branch", "add `else: a_state`"),
    ],
)
def test_S1_a_value_that_leads_nowhere_is_told(found: Found, slot: str, what: str, remedy: str) -> None:
    problem = found(ASKED % (slot, "{yes: go, no: stay}"))["value-without-branch"]
    assert problem.key == "states.ask.branches"
    assert what in problem.what
    assert problem.remedy.startswith(remedy)
    assert "value-without-branch" not in found(ASKED % (slot, "{yes: go, no: stay, else: stay}"))


def test_S1_a_question_that_may_not_be_left_open_is_never_left_without_an_answer(found: Found) -> None:
    body = ASKED % ("{type: text%s}", "{none: stay, else: go}")
    problem = found(body % "")["impossible-label"]
    assert problem.key == "states.ask.branches.none"
    assert problem.remedy == "add `optional: true` to the slot, or remove `none`"
    assert found(body % ", optional: true") == {}


def test_next_beside_branches_is_else(found: Found) -> None:
    body = (ASKED % ("{type: text}", "{yes: go}")).replace("{yes: go}", "{yes: go}, next: stay")
    assert found(body) == {}


def test_an_outcome_that_leads_nowhere_is_told(found: Found) -> None:
    body = """\
        actions:
          look: {http: {method: GET, url: "https://shop.example"}, outcomes: {200: seen, 404: gone}}
        states:
          one: {action: look, branches: {seen: done}}
          done: {prompt: "Bye.", terminal: true}
        """
    problem = found(body)["outcome-without-edge"]
    assert problem.what == "`look` can come to `gone`, which leads nowhere from here"
    assert "`gone: a_state`" in problem.remedy
    assert found(body.replace("branches: {seen: done}", "next: done")) == {}
