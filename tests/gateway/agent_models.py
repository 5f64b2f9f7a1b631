"""A desk's agents with a model behind them, over real HTTP: a server of tests that answers by what it is asked for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.flow import ActionDef, FlowDef, PlannerDef, SaveDef, SlotDef, SlotType, TaskDef
from engine.ports import ActionOutcome, ActionRequest, Quote
from engine.prompts import Prompts
from engine.readers.reading import Reading
from engine.store import Records
from gateway.delegation import Deadlines, Delegation
from gateway.modelagents import agents_of
from gateway.planner import Planner
from tests.gateway.backend_double import Answering, Asked, BackendDouble, Silence, backend
from tests.gateway.model_double import asking, completion

LAMPS = "Alpha makes lamps of glass. They cost $18 each."
CHAIRS = "Beta makes chairs of oak. They cost $40 each."
SHELF = {"Alpha": ("Alpha, What it makes", LAMPS), "Beta": ("Beta, What it makes", CHAIRS)}

FLOW = FlowDef(
    name="study",
    title="Compare two makers",
    slots={
        "of": SlotDef(name="of", type=SlotType.LIST, of=SlotType.ENUM, choices={"a": "Alpha", "b": "Beta"}),
        "secret": SlotDef(name="secret", sensitive=True),
    },
)
PLAN = (
    TaskDef(id="one", agent="researcher", input="{{ of[0] }}"),
    TaskDef(id="two", agent="researcher", input="{{ of[1] }}"),
    TaskDef(id="answer", agent="synthesiser", input="{{ of }}, compared"),
)
BY_RULES = (
    "Alpha and Beta, compared\n"
    f"- Alpha: {LAMPS} (Source: Alpha, What it makes)\n"
    f"- Beta: {CHAIRS} (Source: Beta, What it makes)"
)


class Library:
    """Knows what each maker makes."""

    def __init__(self, shelf: Mapping[str, tuple[str, str]] = SHELF) -> None:
        self._shelf = shelf

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        found = [self._shelf[name] for name in self._shelf if name in question]
        return tuple(Quote(text=text, source=source, place="makers.md:3") for source, text in found[:1])


@dataclass(frozen=True, kw_only=True)
class Put:
    """One question to the model, as it came over the wire."""

    purpose: str
    system: str
    message: str

    @property
    def task(self) -> str:
        """The input of the task."""
        return self.message.partition("The task: ")[2].partition("\n")[0]


def put(asked: Asked) -> Put:
    body = asked.json
    system, user = body["messages"][0]["content"], body["messages"][-1]["content"]
    return Put(purpose=body["response_format"]["json_schema"]["name"], system=system, message=user)


Answers = Callable[[Put], dict[str, Any] | Answering]


def writes(text: str, *sources: str) -> dict[str, Any]:
    """What an agent answers."""
    return {"text": text, "sources": list(sources)}


@asynccontextmanager
async def answering(answers: Answers) -> AsyncIterator[BackendDouble]:
    """A server of models."""

    def say(asked: Asked) -> Answering:
        said = answers(put(asked))
        return completion(json.dumps(said)) if isinstance(said, dict) else said

    async with backend(otherwise=say) as double:
        yield double


async def carried_out(
    url: str,
    *,
    plan: tuple[TaskDef, ...] = PLAN,
    planner: PlannerDef | None = None,
    library: Library | None = None,
    records: Records | None = None,
    values: Mapping[str, Any] | None = None,
    prompts: Prompts | None = None,
) -> ActionOutcome:
    """The plan, by agents that ask the model at this address."""
    action = ActionDef(
        name="plan",
        delegate=plan,
        planner=planner,
        outcomes=("done", "partial"),
        save={"text": SaveDef(path="text"), "sources": SaveDef(path="sources")},
    )
    known = {"of": ["a", "b"], **(values or {})}
    request = ActionRequest(
        id="r",
        flow="study",
        version="v",
        action="plan",
        key="run1:work:1",
        values=known,
        run="run1",
        state="work",
        visit=1,
    )
    async with asking(url) as model:
        model.prompts = prompts or model.prompts
        by = Delegation(
            agents_of(model, library or Library(), _reading, reply_budget=300),
            planner=Planner(model, _reading),
            records=records,
            deadlines=Deadlines(task_s=10.0, plan_s=20.0),
        )
        return await by.carry_out(action, request, FLOW)


def _reading() -> Reading:
    return Reading(now=datetime(2026, 9, 14, 12, tzinfo=UTC))


def silent(_: Put) -> Answering:
    return Silence()
