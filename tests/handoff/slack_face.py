"""The desk's face on a loopback Slack: rows are carried to it part after part, as an outbox would."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from channels.slack import SlackChannel, SlackKeys
from engine.errors import StoreAway
from engine.message import Receipt, Sent
from engine.store import Record, Records
from gateway.clock import TestClock
from gateway.stores.sqlite import SqliteStore
from handoff import threads
from handoff.case import Case, CaseState, Thread
from handoff.document import Summary
from handoff.ports import DeskFace
from handoff.posts import CardPost, CardUpdate, DeskPost, ThreadPost
from handoff.slack import SlackFace
from handoff.slack_desk import SlackDesk
from handoff.summary import build_summary
from handoff.threads import Place
from tests.channels.slack_double import TEAM, TOKEN, listening
from tests.channels.slack_workspace import SlackWorkspace
from tests.handoff.desk import MONDAY
from tests.handoff.random_cases import facts_of

DESK, BILLING, BOARD = "C0DESK001", "C0BILLING", "C0BOARD01"
AGENTS = ("U1", "U2")
CONVERSATION = "web:desk:p-0a31"

LIVE = re.compile(r"<[!@#]|<https?:|<mailto:")
HIDDEN = re.compile("[\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""What Slack would act on, and what nobody could see (H52)."""

CASE: Case = replace(facts_of(1).case, state=CaseState.QUEUED, queue="default", timers={})
SUMMARY: Summary = build_summary(facts_of(1)).summary


def card(id: str = "row:card", case: Case = CASE, **more: Any) -> CardPost:
    """A card to post."""
    return CardPost(id=id, conversation=CONVERSATION, case=case, summary=SUMMARY, **more)


def update(id: str = "row:update", case: Case = CASE, **more: Any) -> CardUpdate:
    """A card to bring up to date."""
    return CardUpdate(id=id, case=case, summary=SUMMARY, **more)


def line(text: str, id: str = "row:line", who: str = "customer", **more: Any) -> ThreadPost:
    """A line for the case's thread."""
    return ThreadPost(id=id, case=CASE.id, text=text, who=who, **more)


class Shaky:
    """Records that are away for the next `puts` puts."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.puts = 0

    async def get(self, kind: str, key: str) -> Record | None:
        return await self._records.get(kind, key)

    async def put(self, kind: str, key: str, blob: bytes, *, expect: int | None = None) -> bool:
        if self.puts:
            self.puts -= 1
            raise StoreAway("the store is away")
        return await self._records.put(kind, key, blob, expect=expect)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)


@dataclass(kw_only=True)
class Face:
    """A face, and what a test looks at."""

    face: DeskFace
    slack: SlackWorkspace
    records: Records
    clock: TestClock
    shaky: Shaky
    since: datetime = MONDAY

    async def show(self, post: DeskPost, *done: str, again: bool = False) -> Receipt:
        """One try at the next part."""
        return await self.face.show(post, done, since=self.since, again=again)

    async def carry(self, post: DeskPost) -> list[str]:
        """Every part, as when nothing goes wrong; their ids."""
        done: tuple[str, ...] = ()
        while True:
            receipt = await self.show(post, *done)
            assert isinstance(receipt, Sent), receipt
            done += receipt.provider_ids
            if receipt.complete:
                return list(done)

    async def place(self) -> Place:
        """Where the case stands now."""
        place = await threads.of_case(self.records, CASE.id)
        assert place is not None
        return place

    async def carded(self) -> Thread:
        """Post the card; its thread."""
        await self.carry(card())
        return (await self.place()).thread

    async def lines(self) -> list[dict[str, Any]]:
        """The lines in the case's thread."""
        thread = (await self.place()).thread
        below = [one for one in self.slack.thread(thread.channel, thread.ts) if "metadata" in one]
        return [one for one in below if payload_of(one)["part"].startswith("line")]


@asynccontextmanager
async def desk_in_slack(folder: Path, desk: SlackDesk | None = None) -> AsyncIterator[Face]:
    """A face over real HTTP and a real store."""
    clock = TestClock(MONDAY, real=lambda: 0.0)
    store = await SqliteStore.open(folder / "desk.db", clock)
    async with listening(SlackWorkspace(DESK, BILLING, BOARD)) as slack:
        slack.hires(*AGENTS)
        channel = SlackChannel(SlackKeys(token=TOKEN, api_url=slack.url))
        channel.deadline_s = 5.0
        await channel.open()
        shaky = Shaky(store.records)
        face = SlackFace(channel.api, shaky, clock, desk or SlackDesk(default=DESK, queues={"billing": BILLING}))
        yield Face(face=face, slack=slack, records=store.records, clock=clock, shaky=shaky)
        await channel.close()
    await store.close()


def buttons_of(message: dict[str, Any]) -> list[str]:
    """The action ids of its buttons."""
    rows = [block["elements"] for block in message.get("blocks", []) if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def payload_of(message: dict[str, Any]) -> dict[str, Any]:
    """What its metadata say."""
    found: dict[str, Any] = message["metadata"]["event_payload"]
    return found


def thread_at(channel: str, ts: str) -> Thread:
    """A thread of our workspace."""
    return Thread(team=TEAM, channel=channel, ts=ts)
