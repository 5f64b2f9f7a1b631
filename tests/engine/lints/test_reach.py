"""Getting there and getting out."""

from __future__ import annotations

from collections.abc import Callable

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]


def test_a_state_no_path_leads_to_is_told(found: Found) -> None:
    problem = found("""\
        states:
          hello: {prompt: "Hello.", terminal: true}
          forgotten: {prompt: "Bye.", terminal: true}
        """)["unreachable-state"]
    assert problem.key == "states.forgotten"
    assert problem.what == "no path from `hello`, where a run begins, leads here"


def test_a_dangling_edge_is_told_alone_and_not_all_that_hangs_behind_it(found: Found) -> None:
    problems = found("""\
        states:
          hello: {prompt: "Hello.", next: godbye}
          goodbye: {prompt: "Bye.", terminal: true}
        """)
    assert "dangling-target" in problems
    assert "unreachable-state" not in problems


def test_P10_states_that_only_lead_to_one_another_are_told(found: Found) -> None:
    body = """\
        slots:
          way: {type: enum, values: {left: [], right: []}, ask_only: true}
        states:
          ask: {prompt: "Which way?", slot: way, branches: {left: round, right: done}}
          round: {prompt: "Round.", next: again}
          again: {prompt: "Again.", next: round}
          done: {prompt: "Bye.", terminal: true}
        """
    problem = found(body)["inescapable-state"]
    assert problem.key == "states.round"
    assert (
        problem.what
        == "`round` and `again` lead only to one another: from here no terminal and no handoff can be reached"
    )
    assert "inescapable-state" not in found(body.replace("next: round}", "next: done}"))


def test_P10_a_say_state_without_an_edge_is_told(found: Found) -> None:
    problem = found("""\
        slots:
          way: {type: boolean}
        states:
          ask: {prompt: "Go on?", slot: way, branches: {yes: done, no: stuck}}
          stuck: {prompt: "Hm."}
          done: {prompt: "Bye.", terminal: true}
        """)["inescapable-state"]
    assert problem.what.startswith("no edge leaves it")
    assert problem.remedy == "add `next`, or `terminal: true` if the run ends here"


def test_S38_a_flow_without_an_end_is_told_once(found: Found) -> None:
    problems = found("""\
        states:
          one: {prompt: "One.", next: two}
          two: {prompt: "Two.", next: one}
        """)
    assert set(problems) == {"no-terminal"}
    assert "can never end" in problems["no-terminal"].what


def test_a_handoff_is_an_end(found: Found) -> None:
    assert found("states: {person: {handoff: {reason: asked}}}") == {}
