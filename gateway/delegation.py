"""Carries a plan out: tasks whose needs have ended run side by side, each once, each with its deadline (S36, S37)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from msgspec.structs import replace

from engine.delegation import (
    DONE,
    PARTIAL,
    PLAN_DEADLINE_S,
    SYNTHESISER,
    TASK_DEADLINE_S,
    Agent,
    Assignment,
    Contribution,
    Errand,
    Line,
    Work,
    our_line,
    plan_faults,
    waits_for,
)
from engine.flow import ActionDef, FlowDef, TaskDef
from engine.memory import person_key
from engine.ports import ERROR, ActionOutcome, ActionRequest
from engine.store import Records
from engine.templates import Text
from engine.views import HIDDEN, shown
from gateway.agents import report
from gateway.facts import facts_of
from gateway.planner import Planner, aim_of
from gateway.sharedcontext import Agreed, SharedContext

SUPERSEDED = "a newer round of this plan has begun"

_log = structlog.get_logger("delegation")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadlines:
    """Seconds for each task and for the whole plan (S37)."""

    task_s: float = TASK_DEADLINE_S
    plan_s: float = PLAN_DEADLINE_S


@dataclass(frozen=True, kw_only=True, slots=True)
class _Round:
    """One carrying out of a plan: for whom, in which words, what is shared, and what models were asked."""

    request: ActionRequest
    line: Line
    shared: SharedContext
    person: str
    asked: list[Errand] = field(default_factory=list)

    def assigned(self, task: str, input: str, **given: Any) -> Assignment:
        """What an agent is told."""
        told = {"given": {}, **given}
        return Assignment(
            task=task,
            input=input,
            flow=self.request.flow,
            person=self.person,
            line=self.line,
            note=self.asked.append,
            **told,
        )


class Delegation:
    """Gives tasks to agents. One per process."""

    def __init__(
        self,
        agents: Mapping[str, Agent],
        *,
        planner: Planner | None = None,
        records: Records | None = None,
        rehearsed: Callable[[str], Agent | None] = lambda task: None,
        deadlines: Deadlines | None = None,
    ) -> None:
        """`agents` by what tasks call them; `planner` may propose plans; `records` hold what a run's agents share;
        `rehearsed` may do one task in its agent's place."""
        self._agents = agents
        self._planner = planner
        self._records = records
        self._rehearsed = rehearsed
        self._deadlines = deadlines or Deadlines()

    async def carry_out(
        self, action: ActionDef, request: ActionRequest, flow: FlowDef, line: Line = our_line
    ) -> ActionOutcome:
        """The plan's one answer, as facts of the action, and what each task gave. A failed or late task is missing
        from it; where all are, the outcome is `error`. Nothing is tried twice, nor done again whose result is there."""
        faults = [fault.what for fault in plan_faults(action.delegate)]
        if faults:
            return ActionOutcome(outcome=ERROR, detail=faults[0], tries=0)
        person = person_key(request.person) if request.person is not None else ""
        shared = SharedContext(self._records, request.run, person=person, version=request.visit)
        round_ = _Round(request=request, line=line, shared=shared, person=person)
        until = asyncio.get_running_loop().time() + self._deadlines.plan_s
        agreed = await self._agreed(action, flow, round_)
        if agreed.version > request.visit:
            return ActionOutcome(outcome=ERROR, detail=SUPERSEDED, tries=0)
        given = await self._work(agreed.tasks, round_, until)
        work = Work(tasks=agreed.tasks, proposed=agreed.proposed, asked=tuple(round_.asked))
        return _outcome(action, agreed.tasks, given, work, line)

    async def _agreed(self, action: ActionDef, flow: FlowDef, round_: _Round) -> Agreed:
        """The plan of this round: the one that is there, else a model's, else the flow's own."""
        request, shared = round_.request, round_.shared
        if (there := await shared.agreed(request.state)) is not None:
            return there
        values = {name: _readable(value, flow, name) for name, value in (request.values | request.facts).items()}
        fixed = tuple(replace(task, input=Text(task.input).render(values)) for task in action.delegate)
        proposed = None
        if action.planner is not None and self._planner is not None:
            goal = Text(action.planner.goal).render(values)
            aim = aim_of(action, flow, goal, fixed)
            proposed = await self._planner.propose(aim, round_.assigned("", goal))
        plan = Agreed(version=request.visit, tasks=proposed or fixed, proposed=proposed is not None)
        return await shared.agree(request.state, plan)

    async def _work(self, plan: Sequence[TaskDef], round_: _Round, until: float) -> dict[str, Contribution]:
        """Every task once, behind those it needs; whatever is not there at the plan's deadline is late."""
        running: dict[str, asyncio.Task[Contribution | None]] = {}
        inputs = {one.id: one.input for one in plan}

        async def task(one: TaskDef) -> Contribution | None:
            needed = waits_for(one, plan)
            found = {id: await running[id] for id in needed}
            given = {id: got for id, got in found.items() if got is not None}
            if needed and not given:
                return None
            missing = tuple(inputs[id] for id in needed if id not in given)
            return await self._one(one, round_.assigned(one.id, one.input, given=given, missing=missing), round_.shared)

        try:
            async with asyncio.timeout_at(until):
                for one in plan:
                    running[one.id] = asyncio.create_task(task(one))
                await asyncio.gather(*running.values())
        except TimeoutError:
            _log.warning("a plan was not done in time", flow=round_.request.flow)
        finally:
            for late in running.values():
                late.cancel()
        ended = {id: one.result() for id, one in running.items() if one.done() and not one.cancelled()}
        return {id: got for id, got in ended.items() if got is not None}

    async def _one(self, task: TaskDef, assignment: Assignment, shared: SharedContext) -> Contribution | None:
        if (there := await shared.result(task.id)) is not None:
            return there
        agent = self._rehearsed(task.id) or self._agents[task.agent]
        try:
            async with asyncio.timeout(self._deadlines.task_s):
                gave = await agent.work(assignment)
        except TimeoutError:
            _log.warning("a task was not done in time", flow=assignment.flow, task=task.id)
            return None
        return await shared.keep(task.id, gave) if gave is not None else None


def _outcome(
    action: ActionDef, plan: Sequence[TaskDef], given: Mapping[str, Contribution], work: Work, line: Line
) -> ActionOutcome:
    """What a plan came to: the writer's text, else the parts in a fixed layout, and what is missing of it."""
    writer = next(task for task in plan if task.agent == SYNTHESISER)
    others = [task for task in plan if task is not writer]
    parts = [given[task.id] for task in others if task.id in given]
    missing = [task.input for task in others if task.id not in given]
    if not parts:
        return ActionOutcome(outcome=ERROR, detail="no agent found anything", tries=0, work=work)
    written = given.get(writer.id) or report(writer.input, parts, missing, line)
    sources = dict.fromkeys(source for one in (*parts, written) for source in one.sources)
    text = _with_gaps(written.text, missing, line)
    body = {"text": text, "missing": "; ".join(missing), "sources": "; ".join(sources)}
    return ActionOutcome(
        outcome=PARTIAL if missing else DONE, facts=facts_of(action, body), given=dict(given), work=work
    )


def _with_gaps(text: str, missing: Sequence[str], line: Line) -> str:
    """What is missing is named, whoever wrote the text."""
    unnamed = [one for one in missing if one not in text]
    return "\n".join([text, line("work_missing", missing="; ".join(unnamed))]) if unnamed else text


class _Several(tuple[Any, ...]):
    """A list's items, each as a person reads it; the whole as words."""

    def __str__(self) -> str:
        return " and ".join(map(str, self))


def _readable(value: Any, flow: FlowDef, name: str) -> Any:
    """A value as a person reads it; no agent reads what is sensitive (S24)."""
    slot = flow.slots.get(name)
    if slot is not None and slot.sensitive:
        return HIDDEN
    if isinstance(value, list):
        return _Several(shown(item, slot) for item in value)
    return shown(value, slot)
