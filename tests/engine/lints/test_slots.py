"""Keys that contradict one another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]

ASKED = """\
slots:
  asked: %s
states:
  ask: {prompt: "Well?", slot: asked, next: done}
  done: {prompt: "Bye.", terminal: true}
"""


@pytest.mark.parametrize(
    ("slot", "lint", "what"),
    [
        ("{type: boolean, ask_only: true, scope: shop}", "ask-only-elsewhere", "`scope` would fill it too"),
        ("{type: boolean, ask_only: true, remember: true}", "ask-only-elsewhere", "`remember` would fill it too"),
        ("{type: enum}", "enum-without-values", "no answer could ever fill it"),
        ("{type: list, of: enum}", "enum-without-values", "no answer could ever fill it"),
        ("{type: text, values: {a: []}}", "values-without-enum", "only an enum keeps to its `values`"),
        ("{type: date, of: date}", "values-without-enum", "`of` is the item type of a list"),
        ("{type: enum, values: {a: []}, choices: {b: B}}", "wrong-choice", "this label is never shown"),
        ("{type: enum, values: {a: []}, default: b}", "wrong-default", "`b` is no value `asked` could have"),
        ("{type: integer, default: two}", "wrong-default", "`two` is no value `asked` could have"),
        ("{type: integer, min: 5, max: 1}", "empty-range", "5 is above 1"),
        ("{fuzzy_ask: 0.9, fuzzy_accept: 0.8}", "empty-range", "0.9 is above 0.8"),
    ],
)
def test_a_slot_that_contradicts_itself_is_told(found: Found, slot: str, lint: str, what: str) -> None:
    assert what in found(ASKED % slot)[lint].what


@pytest.mark.parametrize(
    "slot",
    [
        "{type: boolean, default: yes}",
        "{type: enum, values: [a, b], default: a, choices: {b: B, a: A}}",
        "{type: boolean, choices: {yes: Go, no: Stay}}",
        "{type: list, of: enum, values: {a: []}}",
    ],
)
def test_a_slot_that_agrees_with_itself_is_fine(found: Found, slot: str) -> None:
    assert found(ASKED % slot) == {}


@pytest.mark.parametrize("action", ['http: {method: GET, url: "https://shop.example"}', "python: look"])
def test_an_action_without_outcomes_is_told(found: Found, action: str) -> None:
    problem = found(f"""\
        actions:
          look: {{{action}}}
        states:
          one: {{action: look, next: done}}
          done: {{prompt: "Bye.", terminal: true}}
        """)["action-without-outcomes"]
    assert problem.key == "actions.look"
    assert problem.remedy.startswith("add `outcomes: ")
