"""A desk whose model writes notes behind its replies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from engine.course import Summary
from engine.flow import FlowDef
from engine.message import EventKind
from engine.ports import ActionOutcome
from tests.engine.flows_for_tests import REFUND, SHOP
from tests.engine.talk import Table
from tests.gateway.modeljobs.conftest import Opened
from tests.gateway.people_desk import CONVERSATION, PeopleDesk, people_desk
from tests.gateway.writers import Writer

ANSWERS = {**SHOP, "risk": ActionOutcome(outcome="low")}
TALK = ("hello", "I want a refund", "ORD-12345")
WRITTEN = ("decided: customer wants the money back", "open: the order was not found yet", "about: a refund")


@asynccontextmanager
async def desk(
    folder: Path, model: Writer | None, opened: Opened | None = None, *, flows: tuple[FlowDef, ...] = (REFUND,)
) -> AsyncIterator[PeopleDesk]:
    """A desk that is stopped in the end, whatever it is asking."""
    async with people_desk(folder, model=model, opened=opened, flows=flows, actions=Table(ANSWERS)) as made:
        yield made
        await made.worker.stop()


async def says(desk: PeopleDesk, *texts: str) -> None:
    for text in texts:
        await desk.says(text)


async def begins(desk: PeopleDesk, *texts: str) -> None:
    """All are answered; what is asked behind the last reply is not waited for."""
    await says(desk, *texts[:-1])
    before = len(desk.ground.dove.said)
    await desk.worker.take(desk.event(EventKind.MESSAGE, text=texts[-1]))
    await until(lambda: len(desk.ground.dove.said) > before)
    await rows_at_rest(desk)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


async def rows_at_rest(desk: PeopleDesk) -> None:
    """Until nobody holds the conversation."""
    async with asyncio.timeout(5):
        while desk.worker._held:
            await asyncio.sleep(0.005)


async def summary(desk: PeopleDesk) -> Summary:
    found = (await desk.conversation()).course.summary
    assert found is not None
    return found


async def rows(desk: PeopleDesk) -> list[str]:
    snapshot = await desk.ground.store.mailbox.peek(CONVERSATION)
    return [id for id, _ in snapshot.outbox] if snapshot else []


async def fates(desk: PeopleDesk) -> list[tuple[str, str]]:
    return [one.job for one in await desk.journal() if one.job]
