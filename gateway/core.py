"""A desk without doors: store, flows, worker. What `serve`, the terminal and other commands have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from channels.base import Channel
from engine.book import Book
from engine.desk import DeskDef
from engine.errors import FlowError
from engine.model import Model
from engine.ports import Meaning
from engine.readers.reading import Reading
from engine.rules.ordered import Rules
from gateway.actions import ActionRunner, Tries
from gateway.definitions import keep, kept
from gateway.delegation import Delegation
from gateway.experimentvariables import without_stopped
from gateway.flowfolder import FlowFolder, read_folder
from gateway.ground import Ground
from gateway.keptprompts import keep_prompts
from gateway.knowledge import Shelf
from gateway.memories import KeptMemories
from gateway.metrics import Metrics
from gateway.modelagents import agents_of
from gateway.neighbours import Neighbours
from gateway.parts import Parts
from gateway.people import People
from gateway.planner import Planner
from gateway.plans import FlowHome, demo_of, desk_home, make_plans
from gateway.settings import Settings
from gateway.worker import Worker

_log = structlog.get_logger("frontdesk.core")


@dataclass(frozen=True, kw_only=True, slots=True)
class Core:
    """A desk that can work."""

    book: Book
    demo: dict[str, Any]
    metrics: Metrics
    worker: Worker
    people: People | None


def homes_of(settings: Settings, environ: Mapping[str, str]) -> tuple[FlowFolder, tuple[FlowHome, ...]]:
    """The flows this deployment names, or ours, each with its folder. Raises FlowError with every problem."""
    folder = read_folder(settings.flows_dir, environ)
    errors = tuple(problem for problem in folder.problems if not problem.warning)
    if errors:
        raise FlowError(errors)
    homes = tuple(FlowHome(flow=f, folder=folder.home(f.name), shipped=folder.shipped) for f in folder.flows)
    return folder, homes


@dataclass(frozen=True, kw_only=True, slots=True)
class Help:
    """Who helps the bot: people, a model, and who finds knowledge by its meaning; made once the flows are read."""

    people: Callable[[DeskDef], People | None] = lambda desk: None
    model: Callable[[FlowFolder, Metrics], Model | None] = lambda folder, metrics: None
    meaning: Callable[[Shelf, Metrics], Meaning | None] = lambda shelf, metrics: None


async def open_core(
    ground: Ground,
    channels: Mapping[str, Channel],
    *,
    trouble: Callable[[str, str], None] = lambda channel, reason: None,
    help: Help | None = None,
) -> Core:
    """Compile the flows and put a worker behind the doors, with people and a model if there are. Raises FlowError."""
    help = help or Help()
    folder, homes = homes_of(ground.settings, ground.environ)
    flows, desk = without_stopped(folder.flows, folder.desk, ground.settings.experiments_stopped)
    team = help.people(desk)
    await keep(ground.store.records, folder.flows)
    pinned = await kept(ground.store.records)
    metrics, shelf = ground.metrics, Shelf(folder.passages)
    book = Book(flows, desk, pinned=pinned, people=team is not None, knowledge=shelf)
    book.discloses = ground.settings.bot_disclosure
    book.meaning = help.meaning(shelf, metrics)
    plans = make_plans((*homes, *desk_home(desk, folder.root)), ground.environ, ground.session, ground.store.records)
    model = help.model(folder, metrics)

    def reading() -> Reading:
        return book.reading(ground.clock.now())

    if model is not None:
        await keep_prompts(ground.store.records, model.prompts)
    runner = ActionRunner(
        plans,
        book,
        ground.failpoints,
        tries=Tries(count=metrics.action, spans=ground.spans),
        delegation=Delegation(
            agents_of(model, shelf, reading, reply_budget=desk.reply_budget),
            planner=Planner(model, reading) if model is not None else None,
            records=ground.store.records,
        ),
    )
    parts = Parts(
        mailbox=ground.store.mailbox,
        records=ground.store.records,
        book=book,
        rules=Rules(),
        actions=runner,
        channels=channels,
        clock=ground.clock,
        failpoints=ground.failpoints,
        metrics=metrics,
        spans=ground.spans,
        people=team,
        model=model,
        memories=KeptMemories(ground.store.records, ground.clock),
        trouble=trouble,
        lacking=runner.lacking if ground.store.news else lambda version: (),
        call_workers=Neighbours(ground.store.news).call_workers,
    )
    _log.info("flows compiled", flows=len(folder.flows), from_=str(ground.settings.flows_dir or "the ones that ship"))
    worker = Worker(parts, serve=ground.role.works)
    return Core(book=book, demo=_demo(homes), metrics=metrics, worker=worker, people=team)


def _demo(homes: Sequence[FlowHome]) -> dict[str, Any]:
    """Openers and orders of the demo systems, for the page."""
    openers: list[str] = []
    orders: list[dict[str, str]] = []
    for home in homes:
        demo = demo_of(home)
        openers += getattr(demo, "OPENERS", ())
        for number, (item, price) in getattr(demo, "ORDERS", {}).items():
            orders.append({"id": number, "item": item, "price": f"${price}"})
    return {"openers": openers, "orders": orders}
