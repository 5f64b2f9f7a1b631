"""How agents' words find their case (spec/handoff.md H40, H41, H44)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.message import Address, Event, EventKind
from gateway.deskdoor import DeskDoor
from gateway.metrics import Metrics
from handoff import threads
from handoff.case import Thread
from handoff.threads import Place
from tests.gateway.loopback import RememberingIntake
from tests.gateway.web_desk import MemoryRecords

pytestmark = pytest.mark.anyio


def written(thread: str) -> Event:
    """An agent's words in a thread."""
    return Event(
        id=f"in-{thread}",
        conversation="",
        kind=EventKind.AGENT_MESSAGE,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        address=Address(channel="desk", account="T1", chat="C1", person="U1", thread=thread),
        text="Hello",
    )


async def test_words_go_to_the_conversation_of_their_thread_and_say_which_case_that_is() -> None:
    records, intake = MemoryRecords(), RememberingIntake()
    for case, ts in (("old", "1.0"), ("new", "2.0")):
        thread = Thread(team="T1", channel="C1", ts=ts)
        await threads.remember(records, Place(conversation="dove:ada", case=case, thread=thread))
    door = DeskDoor(intake, records, Metrics())
    for ts in ("1.0", "2.0", "3.0"):
        await door.take(written(ts))
    assert [(event.conversation, event.fields) for event in intake.taken.values()] == [
        ("dove:ada", {"case": "old"}),
        ("dove:ada", {"case": "new"}),
    ]
