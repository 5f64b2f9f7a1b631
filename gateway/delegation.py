"""Carries a plan out: tasks whose needs have ended run side by side, each once, each with its deadline (S36, S37)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from engine.delegation import (
    DONE,
    PARTIAL,
    PLAN_DEADLINE_S,
    SYNTHESISER,
    TASK_DEADLINE_S,
    Agent,
    Assignment,
    Contribution,
    plan_faults,
    waits_for,
)
from engine.flow import ActionDef, FlowDef, TaskDef
from engine.ports import ERROR, ActionOutcome, ActionRequest
from engine.templates import Text
from engine.views import shown
from gateway.agents import MISSING, report
from gateway.facts import facts_of

_log = structlog.get_logger("delegation")


class Delegation:
    """Gives tasks to agents. One per process."""

    def __init__(
        self,
        agents: Mapping[str, Agent],
        *,
        rehearsed: Callable[[str], Agent | None] = lambda task: None,
        task_s: float = TASK_DEADLINE_S,
        plan_s: float = PLAN_DEADLINE_S,
    ) -> None:
        """`agents` by what tasks call them; `rehearsed` may do one task in its agent's place."""
        self._agents = agents
        self._rehearsed = rehearsed
        self._task_s, self._plan_s = task_s, plan_s

    async def carry_out(self, action: ActionDef, request: ActionRequest, flow: FlowDef) -> ActionOutcome:
        """The plan's one answer, as facts of the action, and what each task gave. A failed or late task is missing
        from it; where all are, the outcome is `error`. Nothing is tried twice."""
        faults = [fault.what for fault in plan_faults(action.delegate)]
        if faults:
            return ActionOutcome(outcome=ERROR, detail=faults[0], tries=0)
        values = {name: _readable(value, flow, name) for name, value in (request.values | request.facts).items()}
        inputs = {task.id: Text(task.input).render(values) for task in action.delegate}
        given = await self._work(action.delegate, inputs, request.flow)
        writer = next(task.id for task in action.delegate if task.agent == SYNTHESISER)
        parts = {task.id: given[task.id] for task in action.delegate if task.id in given and task.id != writer}
        missing = [inputs[task.id] for task in action.delegate if task.id not in given and task.id != writer]
        if not parts:
            return ActionOutcome(outcome=ERROR, detail="no agent found anything", tries=0)
        written = given.get(writer) or report(inputs[writer], list(parts.values()), missing)
        sources = dict.fromkeys(source for one in (*parts.values(), written) for source in one.sources)
        body = {"text": _with_gaps(written.text, missing), "missing": "; ".join(missing), "sources": "; ".join(sources)}
        outcome = PARTIAL if missing else DONE
        return ActionOutcome(outcome=outcome, facts=facts_of(action, body), given=given)

    async def _work(self, plan: Sequence[TaskDef], inputs: Mapping[str, str], flow: str) -> dict[str, Contribution]:
        """Every task once, behind those it needs; whatever is not there at the plan's deadline is late."""
        running: dict[str, asyncio.Task[Contribution | None]] = {}

        async def task(one: TaskDef) -> Contribution | None:
            needed = waits_for(one, plan)
            found = {id: await running[id] for id in needed}
            given = {id: got for id, got in found.items() if got is not None}
            if needed and not given:
                return None
            missing = tuple(inputs[id] for id in needed if id not in given)
            assignment = Assignment(task=one.id, input=inputs[one.id], flow=flow, given=given, missing=missing)
            return await self._one(one, assignment)

        try:
            async with asyncio.timeout(self._plan_s):
                for one in plan:
                    running[one.id] = asyncio.create_task(task(one))
                await asyncio.gather(*running.values())
        except TimeoutError:
            _log.warning("a plan was not done in time", flow=flow)
        finally:
            for late in running.values():
                late.cancel()
        ended = {id: one.result() for id, one in running.items() if one.done() and not one.cancelled()}
        return {id: got for id, got in ended.items() if got is not None}

    async def _one(self, task: TaskDef, assignment: Assignment) -> Contribution | None:
        agent = self._rehearsed(task.id) or self._agents[task.agent]
        try:
            async with asyncio.timeout(self._task_s):
                return await agent.work(assignment)
        except TimeoutError:
            _log.warning("a task was not done in time", flow=assignment.flow, task=task.id)
            return None


def _with_gaps(text: str, missing: Sequence[str]) -> str:
    """What is missing is named, whoever wrote the text."""
    unnamed = [one for one in missing if one not in text]
    return "\n".join([text, MISSING.format(missing="; ".join(unnamed))]) if unnamed else text


class _Several(tuple[Any, ...]):
    """A list's items, each as a person reads it; the whole as words."""

    def __str__(self) -> str:
        return " and ".join(map(str, self))


def _readable(value: Any, flow: FlowDef, name: str) -> Any:
    slot = flow.slots.get(name)
    if isinstance(value, list):
        return _Several(shown(item, slot) for item in value)
    return shown(value, slot)
