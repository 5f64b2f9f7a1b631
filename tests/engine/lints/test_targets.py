"""Names that stand for nothing."""

from __future__ import annotations

from collections.abc import Callable

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]


def test_a_target_that_is_no_state_is_told_with_the_nearest_name(found: Found) -> None:
    problem = found("""\
        states:
          hello: {prompt: "Hello.", next: goodby}
          goodbye: {prompt: "Bye.", terminal: true}
        """)["dangling-target"]
    assert str(problem) == (
        "tried/flow.yaml:5: states.hello.next: error[dangling-target] `goodby` is no state of this flow, "
        "so a run that is led there has nowhere to go\n"
        "    -> did you mean `goodbye`? Else add a state `goodby` under `states`"
    )


def test_an_edge_of_an_action_a_choice_and_a_failure_is_looked_at_too(found: Found) -> None:
    body = """\
        actions:
          look: {python: look, outcomes: [seen]}
        states:
          one: {action: look, branches: {seen: two}, on_error: nowhere}
          two: {branches: [{when: "1 > 2", next: nowhere}, {next: three}]}
          three: {prompt: "Bye.", terminal: true}
        migrations: {states: {old: nowhere}}
        """
    assert found(body)["dangling-target"].key == "states.one.on_error"
    assert found(body.replace("on_error: nowhere", "on_error: handoff"))["dangling-target"].key == (
        "states.two.branches.0.next"
    )
    mended = body.replace("on_error: nowhere", "on_error: handoff").replace("next: nowhere", "next: three")
    assert found(mended)["dangling-target"].key == "migrations.states.old"


def test_R33_a_slot_that_is_asked_or_depended_on_must_be_declared(found: Found) -> None:
    body = """\
        slots:
          city: {depends_on: country}
        states:
          ask: {prompt: "Which city?", slot: town, next: done}
          done: {prompt: "Bye.", terminal: true}
        """
    assert "`country` is no slot of this flow" in found(body)["unknown-slot"].what
    assert found(body.replace("country", "city"))["unknown-slot"].what == "a slot cannot depend on itself"
    asked = found(body.replace("{depends_on: country}", "{}"))["unknown-slot"]
    assert (asked.key, asked.remedy) == ("states.ask.slot", "declare `town` under `slots`")


def test_an_action_that_is_run_must_be_declared(found: Found) -> None:
    problem = found("""\
        actions:
          look_up: {python: look, outcomes: [seen]}
        states:
          one: {action: lookup, next: done}
          done: {prompt: "Bye.", terminal: true}
        """)["unknown-action"]
    assert (problem.key, problem.line) == ("states.one.action", 7)
    assert problem.remedy.startswith("did you mean `look_up`?")
