"""Work for several agents as the engine sees it: committed, remembered by its inputs, never taken twice (S36, S37)."""

from __future__ import annotations

import msgspec
import pytest

from engine.delegation import Contribution, in_a_circle, merged
from engine.flow import TaskDef
from engine.flowfile import read_flow
from engine.lints import check_flow
from engine.machine import Compiled
from engine.message import EventKind
from engine.ports import ActionOutcome
from tests.engine.flows_for_endings import NOBODY, STUDY, worked
from tests.engine.talk import Talk

ONCE = (worked("round 1"), worked("round 2"))


def study(*said: str, plan: tuple[ActionOutcome, ...] = ONCE) -> Talk:
    """Something is looked into, up to these words."""
    talk = Talk(STUDY, answers={"plan": plan})
    for text in ("look into something", *said):
        talk.say(text)
    return talk


def test_S36_a_plan_is_committed_before_anybody_begins() -> None:
    talk = study("tea")
    decided, result = talk.turns[-2:]
    assert decided.conversation.waiting is not None
    assert not decided.notes.said
    assert "round 1" in result.notes.said


def test_S36_what_tasks_gave_is_kept_in_the_runs_context() -> None:
    talk = study("tea")
    assert talk.top.context["first"] == Contribution(version=1, text="round 1 first")
    talk.say("I meant salt")
    assert talk.top.context["first"] == Contribution(version=2, text="round 2 first")


def test_S36_a_late_result_of_an_older_version_is_dropped() -> None:
    talk = study("tea", "I meant salt")
    event = msgspec.structs.replace(
        talk.writes(""),
        kind=EventKind.RESULT,
        fields={
            "key": talk.world.actions.asked[0].key,
            "outcome": "done",
            "facts": '{"text": "too late"}',
            "given": msgspec.json.encode({"first": Contribution(text="too late")}).decode(),
        },
    )
    assert talk.hear(event) == ""
    assert talk.top.context["first"].version == 2
    assert talk.top.facts["text"] == "round 2"


def test_S36_compare_and_set_keeps_what_is_newer() -> None:
    context = {"a": Contribution(version=2, text="new")}
    assert merged(context, {"a": Contribution(text="old"), "b": Contribution(text="b")}, 1) == {
        "a": Contribution(version=2, text="new"),
        "b": Contribution(version=1, text="b"),
    }


def test_S37_a_result_that_was_stored_is_not_asked_for_again() -> None:
    talk = study("tea")
    talk.wait(hours=2)
    talk.say("hello")
    talk.say("yes")
    assert [request.action for request in talk.world.actions.asked] == ["plan"]


def test_W8_the_same_inputs_are_not_worked_on_twice() -> None:
    talk = study("tea", "I meant salt", "I meant tea")
    assert len(talk.world.actions.asked) == 2
    assert talk.top.facts["text"] == "round 1"


def test_S37_where_all_fail_it_is_said_and_can_be_tried_again() -> None:
    talk = study("tea", plan=(NOBODY, worked("at last")))
    assert "I can't reach plan right now" in talk.turns[-1].notes.said
    assert "R59" in talk.rules
    assert talk.top.context == {}
    assert "at last" in talk.say("try again")


def test_S37_a_plan_is_no_effect() -> None:
    talk = study("tea")
    assert not talk.top.acted
    assert "Nothing was done." in talk.say("never mind")


def test_S36_an_on_error_edge_takes_the_failure_of_a_plan() -> None:
    states = {
        **STUDY.states,
        "plan": msgspec.structs.replace(STUDY.states["plan"], on_error="over"),
    }
    talk = Talk(msgspec.structs.replace(STUDY, states=states), answers={"plan": NOBODY})
    talk.say("look into something")
    assert "That was tea." in talk.say("tea")


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("timeout: 5s", "a plan has no `timeout`"),
        ("irreversible: true", "a plan has no `irreversible`"),
        ("outcomes: [done]", "a plan has no `outcomes`"),
        ("python: f", "it has `python` and `delegate` at once"),
    ],
)
def test_S36_what_a_plan_does_not_decide_cannot_be_written(key: str, what: str) -> None:
    text = f"""
frontdesk: 1
flow: study
title: Look into it
actions:
  plan:
    {key}
    delegate: [{{id: a, agent: researcher, input: tea}}, {{id: w, agent: synthesiser, input: tea}}]
states:
  plan: {{action: plan, next: over}}
  over: {{prompt: "Bye.", terminal: true}}
"""
    assert what in [problem.what for problem in read_flow(text, "flow.yaml").problems]


PLANNED = """
frontdesk: 1
flow: study
title: Look into it
slots: {of: {type: text}, how: {type: text}}
actions:
  plan:
    planner: {goal: "Look into {{ of }} %s"}
    %s
states:
  ask: {prompt: "What?", slot: of, next: how}
  how: {prompt: "How?", slot: how, next: plan}
  plan: {action: plan, next: over}
  over: {prompt: "Bye.", terminal: true}
"""
FIXED = "delegate: [{id: a, agent: researcher, input: tea}, {id: w, agent: synthesiser, input: tea}]"


@pytest.mark.parametrize(
    "instead", ["python: look", "http: {method: GET, url: 'https://shop.example'}", "knowledge: tea"]
)
def test_S36_a_planner_without_a_plan_of_the_flow_is_told(instead: str) -> None:
    problems = read_flow(PLANNED % ("", instead), "flow.yaml").problems
    assert ("actions.plan.planner", "a `planner` has no plan for when no model proposes one") in [
        (problem.key, problem.what) for problem in problems
    ]


def test_S36_what_the_goal_reads_is_an_input_of_the_plan() -> None:
    flow = read_flow(PLANNED % ("{{ how }}", FIXED), "flow.yaml").flow
    assert flow is not None
    assert Compiled(flow).inputs["plan"] == frozenset({"of", "how"})


def test_S36_a_goal_that_names_what_the_flow_has_not_is_told() -> None:
    problems = check_flow(read_flow(PLANNED % ("{{ why }}", FIXED), "flow.yaml"))
    assert "actions.plan.planner.goal" in [problem.key for problem in problems]


def test_S36_a_circle_names_those_who_wait() -> None:
    plan = [
        TaskDef(id="a", agent="analyst", input="", needs=("b",)),
        TaskDef(id="b", agent="analyst", input="", needs=("a",)),
        TaskDef(id="c", agent="analyst", input=""),
    ]
    assert in_a_circle(plan) == ("a", "b")
