"""Plans carried out: who runs when, with what, until when, and what the answer says of what is missing (S36, S37)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.delegation import AGENTS, MOST_TASKS, SYNTHESISER, Agent, Assignment, Contribution, waits_for
from engine.flow import ActionDef, FlowDef, SaveDef, SlotDef, SlotType, TaskDef
from engine.ports import ERROR, ActionOutcome, ActionRequest, Quote
from gateway.agents import rule_agents
from gateway.delegation import Deadlines, Delegation

pytestmark = pytest.mark.anyio

SAVE = {"text": SaveDef(path="text"), "missing": SaveDef(path="missing")}
FLOW = FlowDef(
    name="study",
    title="Study",
    slots={"of": SlotDef(name="of", type=SlotType.LIST, of=SlotType.ENUM, choices={"a": "Alpha"})},
)
TWO_AND_ONE = (
    TaskDef(id="one", agent="researcher", input="{{ of[0] }}"),
    TaskDef(id="two", agent="researcher", input="{{ of[1] }}"),
    TaskDef(id="both", agent="analyst", input="{{ of }}", needs=("one", "two")),
    TaskDef(id="answer", agent=SYNTHESISER, input="{{ of }}, compared"),
)


@dataclass
class Watched:
    """An agent that works for some time and remembers what it was told and what had ended then."""

    takes_s: Mapping[str, float] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    told: list[Assignment] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    together: int = 0
    most_together: int = 0

    async def work(self, assignment: Assignment) -> Contribution | None:
        self.told.append(assignment)
        self.together += 1
        self.most_together = max(self.most_together, self.together)
        try:
            await asyncio.sleep(self.takes_s.get(assignment.task, 0.0))
        finally:
            self.together -= 1
        self.ended.append(assignment.task)
        return None if assignment.task in self.silent else Contribution(text=f"of {assignment.task}")


def delegation(agent: Agent, *, task_s: float = 5.0, plan_s: float = 5.0) -> Delegation:
    return Delegation(dict.fromkeys(AGENTS, agent), deadlines=Deadlines(task_s=task_s, plan_s=plan_s))


async def carried_out(by: Delegation, plan: tuple[TaskDef, ...] = TWO_AND_ONE) -> ActionOutcome:
    action = ActionDef(name="plan", delegate=plan, outcomes=("done", "partial"), save=SAVE)
    request = ActionRequest(id="r", flow="study", version="v", action="plan", key="k", values={"of": ["a", "b_c"]})
    return await by.carry_out(action, request, FLOW)


async def test_S36_what_needs_nothing_runs_side_by_side() -> None:
    agent = Watched(takes_s={"one": 0.05, "two": 0.05})
    outcome = await carried_out(delegation(agent))
    assert outcome.outcome == "done"
    assert agent.most_together == 2
    assert agent.ended.index("both") == 2


class Together:
    """An agent that ends a task only once both of the first two have begun."""

    def __init__(self) -> None:
        self.begun = {"one": asyncio.Event(), "two": asyncio.Event()}

    async def work(self, assignment: Assignment) -> Contribution | None:
        if assignment.task in self.begun:
            self.begun[assignment.task].set()
            for other in self.begun.values():
                await other.wait()
        return Contribution(text=f"of {assignment.task}")


async def test_S36_agents_are_really_at_work_at_the_same_time() -> None:
    outcome = await carried_out(delegation(Together(), task_s=2.0))
    assert sorted(outcome.given) == ["answer", "both", "one", "two"]


async def test_S37_our_words_are_the_flows_to_choose() -> None:
    def line(key: str, /, **values: object) -> str:
        return f"<{key} {values}>"

    action = ActionDef(name="plan", delegate=TWO_AND_ONE, outcomes=("done", "partial"), save=SAVE)
    request = ActionRequest(id="r", flow="study", version="v", action="plan", key="k", values={"of": ["a", "b_c"]})
    outcome = await delegation(Watched(silent=frozenset({"two"}))).carry_out(action, request, FLOW, line)
    assert outcome.facts["text"] == "of answer\n<work_missing {'missing': 'b c'}>"


async def test_S36_each_agent_gets_its_input_and_what_it_needs_and_no_more() -> None:
    agent = Watched()
    await carried_out(delegation(agent))
    told = {one.task: one for one in agent.told}
    assert (told["one"].input, told["two"].input) == ("Alpha", "b c")
    assert told["both"].input == "Alpha and b c"
    assert told["one"].given == {}
    assert sorted(told["both"].given) == ["one", "two"]
    assert sorted(told["answer"].given) == ["both", "one", "two"]


async def test_S37_a_late_task_is_missing_and_the_others_go_on() -> None:
    agent = Watched(takes_s={"two": 30.0})
    outcome = await carried_out(delegation(agent, task_s=0.1))
    assert outcome.outcome == "partial"
    assert outcome.facts["missing"] == "b c"
    assert outcome.facts["text"] == "of answer\nI could not find out: b c."
    assert sorted(outcome.given) == ["answer", "both", "one"]
    assert next(one for one in agent.told if one.task == "both").missing == ("b c",)


async def test_S37_the_whole_plan_has_a_deadline_too() -> None:
    agent = Watched(takes_s={"one": 0.15, "both": 0.15})
    outcome = await carried_out(delegation(agent, plan_s=0.2))
    assert outcome.outcome == "partial"
    assert outcome.facts["missing"] == "Alpha and b c"
    assert "of one" in outcome.facts["text"]
    assert "I could not find out: Alpha and b c." in outcome.facts["text"]


async def test_S37_nothing_at_all_is_an_error_and_certain() -> None:
    outcome = await carried_out(delegation(Watched(silent=frozenset({"one", "two", "both"}))))
    assert (outcome.outcome, outcome.certain, outcome.given) == (ERROR, True, {})


async def test_S36_what_needs_only_what_failed_does_not_begin() -> None:
    agent = Watched(silent=frozenset({"one", "two"}))
    await carried_out(delegation(agent))
    assert "both" not in {one.task for one in agent.told}


async def test_S36_a_circle_is_refused_before_anybody_begins() -> None:
    agent = Watched()
    circle = (
        TaskDef(id="a", agent="analyst", input="", needs=("b",)),
        TaskDef(id="b", agent="analyst", input="", needs=("a",)),
        TaskDef(id="w", agent=SYNTHESISER, input=""),
    )
    outcome = await carried_out(delegation(agent), circle)
    assert (outcome.outcome, outcome.detail) == (ERROR, "`a`, `b` wait for one another")
    assert agent.told == []


@st.composite
def plans(draw: st.DrawFn) -> tuple[TaskDef, ...]:
    """Any sound plan, its tasks in any order."""
    count = draw(st.integers(1, MOST_TASKS - 1))
    ids = [f"t{number}" for number in range(count)]
    tasks = [
        TaskDef(
            id=id,
            agent=draw(st.sampled_from(("researcher", "analyst"))),
            input=id,
            needs=tuple(draw(st.lists(st.sampled_from(ids[:place]), unique=True))) if place else (),
        )
        for place, id in enumerate(ids)
    ]
    return tuple(draw(st.permutations([*tasks, TaskDef(id="w", agent=SYNTHESISER, input="w")])))


@given(plan=plans(), silent=st.frozensets(st.sampled_from([f"t{number}" for number in range(5)])))
@settings(max_examples=150, deadline=None)
def test_S36_in_any_plan_each_task_runs_at_most_once_and_behind_its_needs(
    plan: tuple[TaskDef, ...], silent: frozenset[str]
) -> None:
    agent = Watched(silent=silent)
    outcome = asyncio.run(carried_out(delegation(agent), plan))
    assert len(agent.ended) == len(set(agent.ended))
    for task in plan:
        if task.id in agent.ended:
            begun_after = agent.ended[: agent.ended.index(task.id)]
            needed = [id for id in waits_for(task, plan) if id in agent.ended]
            assert set(needed) <= set(begun_after)
    gave = {task.id for task in plan} & set(agent.ended) - silent
    assert outcome.outcome == (ERROR if gave <= {"w"} else "done" if len(gave) == len(plan) else "partial")


class OneShelf:
    """Knows one thing."""

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        if question != "Alpha":
            return ()
        return (Quote(text="Alpha makes lamps.", source="Alpha, What it makes", place="alpha.md:3"),)


async def test_S36_agents_by_rules_quote_with_the_source_and_name_the_gap() -> None:
    outcome = await carried_out(Delegation(rule_agents(OneShelf())))
    assert outcome.outcome == "partial"
    assert outcome.facts["text"] == (
        "Alpha and b c, compared\n"
        "- Alpha: Alpha makes lamps. (Source: Alpha, What it makes)\n"
        "I could not find out: b c; Alpha and b c."
    )
    assert outcome.given["one"].sources == ("Alpha, What it makes",)
