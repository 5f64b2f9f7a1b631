"""The planner: a model proposes the tasks of a plan, and code decides whether that is one (S36)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from msgspec.structs import replace

from engine.delegation import AGENTS, MOST_TASKS, SYNTHESISER, Assignment, plan_faults
from engine.flow import ActionDef, FlowDef, TaskDef
from engine.model import Model, Purpose
from engine.readers.inquiries import is_topical
from engine.readers.reading import Reading
from engine.readers.words import words
from engine.strict import strict_object
from gateway.claims import unfounded
from gateway.errands import Question, put, read_as

PART = "planner"
MOST_INPUT_CHARS = 200
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """What is to be planned: the goal and the fixed plan as their readers see them, and task ids that are taken."""

    goal: str
    fixed: tuple[TaskDef, ...]
    agents: tuple[str, ...]
    words: str
    """All that inputs may be made of: the author's words and the customer's values."""
    taken: frozenset[str]


class _Task(msgspec.Struct, frozen=True):
    id: str
    agent: str
    input: str
    needs: tuple[str, ...]


class _Proposal(msgspec.Struct, frozen=True):
    tasks: tuple[_Task, ...]


def aim_of(action: ActionDef, flow: FlowDef, goal: str, fixed: tuple[TaskDef, ...]) -> Aim:
    """The aim of an action with a planner."""
    named = action.planner.agents if action.planner else ()
    agents = tuple(dict.fromkeys((*(named or (task.agent for task in fixed)), SYNTHESISER)))
    choices = [label for slot in flow.slots.values() for label in (*slot.choices.values(), *slot.values)]
    said = [goal, flow.title, flow.description, *(task.input for task in fixed), *choices]
    others = {task.id for one in flow.actions.values() if one.name != action.name for task in one.delegate}
    return Aim(goal=goal, fixed=fixed, agents=agents, words="\n".join(said), taken=frozenset(others))


class Planner:
    """Asks a model for a plan."""

    def __init__(self, model: Model, reading: Callable[[], Reading]) -> None:
        """`reading`: how texts are read at the desk now."""
        self._model, self._reading = model, reading

    async def propose(self, aim: Aim, assignment: Assignment) -> tuple[TaskDef, ...] | None:
        """A sound plan for the goal; None where the model has none in time. The writer is always the fixed plan's."""
        question = Question(
            purpose=Purpose.PLAN,
            part=PART,
            values={"agents": aim.agents, "most_tasks": MOST_TASKS},
            schema=_schema(aim.agents),
            read=partial(_read, aim=aim, reading=self._reading()),
        )
        return await put(self._model, question, assignment)


def _schema(agents: Sequence[str]) -> dict[str, object]:
    text = {"type": "string"}
    agent = {"type": "string", "enum": list(agents)}
    task = strict_object({"id": text, "agent": agent, "input": text, "needs": {"type": "array", "items": text}})
    return strict_object({"tasks": {"type": "array", "items": task}})


def _read(answer: str, *, aim: Aim, reading: Reading) -> tuple[TaskDef, ...]:
    """Raises ValueError with what is wrong with a plan, in words that quote nobody."""
    proposed = read_as(answer, _Proposal).tasks
    plan = tuple(TaskDef(id=one.id, agent=one.agent, input=one.input.strip(), needs=one.needs) for one in proposed)
    if any(plan_faults(plan)):
        raise ValueError(
            f"its tasks cannot be carried out: known agents ({', '.join(AGENTS)}), at most {MOST_TASKS} tasks, "
            f"each its own id, no circle, and exactly one task for the {SYNTHESISER}"
        )
    writer = next(task for task in aim.fixed if task.agent == SYNTHESISER)
    others = [task for task in plan if task.agent != SYNTHESISER]
    for task in others:
        _sound(task, aim, {*aim.taken, writer.id})
        if _strange(task.input, aim.words, reading):
            raise ValueError("a task's input says what neither the goal nor the flow says")
    if not others:
        raise ValueError("nobody finds anything out")
    return (*others, replace(writer, needs=()))


def _sound(task: TaskDef, aim: Aim, taken: Collection[str]) -> None:
    if not _ID.fullmatch(task.id) or task.id in taken:
        raise ValueError("a task's id is no lower-case name of its own")
    if task.agent not in aim.agents:
        raise ValueError("an agent is not one of those who may be given tasks")
    if not task.input or len(task.input) > MOST_INPUT_CHARS:
        raise ValueError(f"a task's input is empty, or longer than {MOST_INPUT_CHARS} characters")


def _strange(input: str, said: str, reading: Reading) -> bool:
    known = {word.stem for word in words(said)}
    new = any(word.stem not in known for word in words(input) if is_topical(word))
    return new or bool(unfounded(input, [said], reading))
