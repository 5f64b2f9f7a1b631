"""Delegation: a plan of tasks for several agents, what it must not be, and what comes of it (S36, S37)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from engine.flow import TaskDef
from engine.lines import LINES, fill

RESEARCHER = "researcher"
ANALYST = "analyst"
SYNTHESISER = "synthesiser"
AGENTS = (RESEARCHER, ANALYST, SYNTHESISER)
"""Who can be given a task."""
MOST_TASKS = 6
TASK_DEADLINE_S = 20.0
PLAN_DEADLINE_S = 45.0
DONE = "done"
PARTIAL = "partial"
OUTCOMES = (DONE, PARTIAL)
"""What a plan comes to when at least one task gave something; none at all is the outcome `error`."""


class Contribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a task gave: its text and where that stands. `version` counts the rounds of a run's plan."""

    version: int = 0
    text: str
    sources: tuple[str, ...] = ()


Contributions = Mapping[str, Contribution]
"""Task -> what it gave."""


class Errand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question to a model for a plan, for the notes: for which task ("": for the plan itself), to which model, the
    versions of its parts, the exact payload, and why its answer did not count, if it did not (S21, X53)."""

    task: str = ""
    model: str
    parts: dict[str, str]
    payload: str
    refused: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


class Work(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a plan was carried out."""

    tasks: tuple[TaskDef, ...] = ()
    """Its tasks, with their inputs as the agents read them."""
    proposed: bool = False
    """A model had proposed them."""
    asked: tuple[Errand, ...] = ()
    """What models were asked for it."""


class Line(Protocol):
    """One of our own lines by its key, as the flow or the desk words it."""

    def __call__(self, key: str, /, **values: object) -> str: ...


def our_line(key: str, /, **values: object) -> str:
    """As we word it ourselves."""
    return fill(LINES[key], values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """All that an agent is told: its input, whose knowledge to look in first, what the tasks it needs gave, and what
    is missing of those. `person` is whose day's share of the spending it is, `note` is told of each question to a
    model."""

    task: str
    input: str
    flow: str
    given: Contributions
    missing: tuple[str, ...] = ()
    person: str = ""
    line: Line = our_line
    note: Callable[[Errand], None] = lambda errand: None


class Agent(Protocol):
    """Does one kind of task; a rule or a model stands behind it."""

    async def work(self, assignment: Assignment) -> Contribution | None:
        """What it found; None for nothing. Never raises for what the world does."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFault:
    """Why a plan cannot be carried out: the place of the task, None for the plan; what is wrong, how to mend it."""

    at: int | None
    what: str
    remedy: str


def plan_faults(plan: Sequence[TaskDef]) -> Iterator[PlanFault]:
    """Everything wrong with a plan: a sound one has known agents, at most `MOST_TASKS`, no cycle, one synthesiser."""
    if len(plan) > MOST_TASKS:
        yield PlanFault(at=None, what=f"it has {len(plan)} tasks, and at most {MOST_TASKS} work", remedy="join some")
    ids = [task.id for task in plan]
    for place, task in enumerate(plan):
        yield from _task_faults(place, task, ids)
    writers = [place for place, task in enumerate(plan) if task.agent == SYNTHESISER]
    if len(writers) != 1:
        what = f"it has {len(writers) or 'no'} tasks for the `{SYNTHESISER}`, who writes the one answer"
        yield PlanFault(at=None, what=what, remedy=f"give exactly one task to the `{SYNTHESISER}`")
    for place, task in enumerate(plan):
        if any(plan[writer].id in task.needs for writer in writers):
            what = f"task `{task.id}` needs the result of the `{SYNTHESISER}`, which comes last"
            yield PlanFault(at=place, what=what, remedy="let it need the tasks before that")
    if circle := in_a_circle(plan):
        what = f"{', '.join(f'`{id}`' for id in circle)} wait for one another"
        yield PlanFault(at=None, what=what, remedy="take one `needs` of them away")


def _task_faults(place: int, task: TaskDef, ids: Sequence[str]) -> Iterator[PlanFault]:
    if task.agent not in AGENTS:
        what = f"there is no agent `{task.agent}`"
        yield PlanFault(at=place, what=what, remedy=f"name one of {', '.join(AGENTS)}")
    if task.id in ids[:place]:
        yield PlanFault(at=place, what=f"there are two tasks `{task.id}`", remedy="give each its own id")
    for need in task.needs:
        if need not in ids:
            what = f"task `{task.id}` needs `{need}`, and there is no such task"
            yield PlanFault(at=place, what=what, remedy=f"name some of {', '.join(ids)}, or leave `needs` out")


def in_a_circle(plan: Sequence[TaskDef]) -> tuple[str, ...]:
    """The tasks that could never begin, because they wait for one another; none of a sound plan."""
    left = {task.id: set(task.needs) for task in plan}
    while free := [id for id, needs in left.items() if not needs & left.keys()]:
        for id in free:
            del left[id]
    return tuple(left)


def waits_for(task: TaskDef, plan: Sequence[TaskDef]) -> tuple[str, ...]:
    """The tasks that must have ended before this one begins; the synthesiser gets the results of all others."""
    return tuple(one.id for one in plan if one.id != task.id) if task.agent == SYNTHESISER else task.needs


def merged(context: Contributions, given: Contributions, version: int) -> dict[str, Contribution]:
    """The shared context with what a round gave; what is older than what stands there is dropped."""
    newer = {
        task: msgspec.structs.replace(one, version=version)
        for task, one in given.items()
        if task not in context or context[task].version < version
    }
    return {**context, **newer}


_GIVEN = msgspec.json.Decoder(dict[str, Contribution])


def read_given(fields: Mapping[str, str]) -> Contributions:
    """What the tasks of a plan gave, from the fields of its result; raises for what is none."""
    return _GIVEN.decode(fields["given"]) if "given" in fields else {}


_WORK = msgspec.json.Decoder(Work)


def read_work(fields: Mapping[str, str]) -> Work | None:
    """How a plan was carried out, from the fields of its result; None for what was no plan."""
    return _WORK.decode(fields["work"]) if "work" in fields else None
