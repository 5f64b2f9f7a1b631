"""Plans that could not be carried out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]

PLAN = """\
actions:
  plan:
    delegate: [%s]
    save: {text: text}
states:
  plan: {action: plan, branches: {done: done, partial: done}}
  done: {prompt: "{{ text }}", terminal: true}
"""
A = "{id: a, agent: researcher, input: tea}"
WRITER = "{id: w, agent: synthesiser, input: tea}"


@pytest.mark.parametrize(
    ("tasks", "what"),
    [
        (A, "it has no tasks for the `synthesiser`"),
        (f"{A}, {A}, {WRITER}", "there are two tasks `a`"),
        (f"{{id: a, agent: researcher, input: tea, needs: [b]}}, {WRITER}", "there is no such task"),
        (f"{{id: a, agent: analyst, input: tea, needs: [w]}}, {WRITER}", "which comes last"),
        (
            "{id: a, agent: analyst, input: tea, needs: [b]}, {id: b, agent: analyst, input: tea, needs: [a]}, "
            + WRITER,
            "`a`, `b` wait for one another",
        ),
        (", ".join([*(A.replace("id: a", f"id: a{n}") for n in range(6)), WRITER]), "7 tasks, and at most 6"),
    ],
)
def test_S36_a_plan_that_cannot_be_carried_out_is_told(found: Found, tasks: str, what: str) -> None:
    assert what in found(PLAN % tasks)["unsound-plan"].what


def test_S36_a_sound_plan_is_fine(found: Found) -> None:
    assert found(PLAN % f"{A}, {WRITER}") == {}


def test_S36_two_plans_do_not_write_into_one_place(found: Found) -> None:
    problem = found(f"""\
        actions:
          one:
            delegate: [{A}, {WRITER}]
          two:
            delegate: [{A}, {WRITER.replace("id: w", "id: v")}]
        states:
          one: {{action: one, next: two}}
          two: {{action: two, next: done}}
          done: {{prompt: "Bye.", terminal: true}}
        """)["task-twice"]
    assert "`one` has a task `a` too" in problem.what
    assert problem.key == "actions.two.delegate.0"


AGAIN = f"""\
slots:
  more: {{type: boolean, ask_only: true}}
actions:
  plan:
    delegate: [{A}, {WRITER}]
states:
  plan: {{action: plan, branches: {{done: done, partial: %s}}}}
  sorry: {{prompt: "Not all of it.", next: plan}}
  ask: {{prompt: "Try again?", slot: more, branches: {{yes: plan, no: done}}}}
  done: {{prompt: "Bye.", terminal: true}}
"""


def test_S37_a_plan_that_would_go_round_by_itself_is_told(found: Found) -> None:
    assert "without asking anything" in found(AGAIN % "sorry")["endless-circle"].what
    assert "endless-circle" not in found(AGAIN % "ask")
