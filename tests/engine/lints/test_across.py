"""What only shows when the flows of a desk are seen together."""

from __future__ import annotations

from engine.flowfile import FlowFile, read_flow
from engine.lints import check_flows


def flow(name: str, states: str, file: str = "") -> FlowFile:
    """A flow that has nothing but states."""
    read = read_flow(f"frontdesk: 1\nflow: {name}\ntitle: T\nstates:\n{states}", file or f"{name}/flow.yaml")
    assert read.problems == ()
    return read


DONE = '  done: {prompt: "Bye.", terminal: true, outcome: resolved}\n'


def test_two_flows_of_one_name_are_told() -> None:
    (problem,) = check_flows([flow("one", DONE, "a/flow.yaml"), flow("one", DONE, "b/flow.yaml")])
    assert (problem.file, problem.line, problem.lint) == ("b/flow.yaml", 2, "duplicate-flow")
    assert problem.what == "a/flow.yaml is also named `one`"


def test_a_call_of_no_flow_is_told_with_the_nearest() -> None:
    caller = flow("caller", "  go: {call: biling, next: done}\n" + DONE)
    (problem,) = check_flows([caller, flow("billing", DONE)])
    assert problem.key == "states.go.call"
    assert problem.remedy.startswith("did you mean `billing`?")


def test_S38_a_call_branches_by_outcomes_its_flow_can_end_with() -> None:
    caller = flow("caller", "  go: {call: billing, branches: {resolved: done, cancelled: done, paid: done}}\n" + DONE)
    (problem,) = check_flows([caller, flow("billing", DONE)])
    assert problem.what == "`billing` never ends `paid`, so this branch is never taken"
