"""P5, exactly once: repeated deliveries and a death at every await change no answer and do nothing twice."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.failpoints import PLACES
from gateway.rehearsal.conversations import repertoire
from gateway.rehearsal.play import AT_THE_DOOR
from gateway.rehearsal.script import NOW
from gateway.rehearsal.stage import Setting, Stage

DEADLY = [place for place in PLACES if place not in AT_THE_DOOR]
IN_DOUBT = frozenset({"after_send", "before_settle"})
"""Places where the provider may have what we did not hear of: one more copy of the same words is allowed (F0)."""
SAID = (
    *("I want a refund", "refund for ORD-12345, it arrived broken", "ORD-24680", "ORD-99999", "yes", "yes", "yes"),
    *("no", "defective", "changed my mind", "sorry, I meant ORD-13579", "what time is it?", "never mind", "maybe"),
)
PLAINLY = "what answers the open question"
ANSWERS = {"order_number": "ORD-24680", "confirmed": "yes", "reason": "defective"}
SHIPPED = repertoire(None)
HOMES = [home for home in SHIPPED.homes if home.flow.name == "refund"]


class Deliveries(RuleBasedStateMachine):
    """The same is said at two desks: one is spared, the other's provider repeats itself and its process dies."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="frontdesk-")
        self.spared, self.struck = self.loop.run(self._open("spared")), self.loop.run(self._open("struck"))

    async def _open(self, name: str) -> Stage:
        folder = Path(self.folder.name) / name
        folder.mkdir()
        stage = Stage(HOMES, SHIPPED.desk, folder, setting=Setting(now=NOW), knowledge=SHIPPED.knowledge)
        return await stage.__aenter__()

    @rule(
        text=st.sampled_from([*SAID, *[PLAINLY] * len(SAID)]),
        deliveries=st.integers(1, 3),
        dies=st.none() | st.sampled_from(DEADLY),
    )
    def say(self, text: str, deliveries: int, dies: str | None) -> None:
        """A message comes once or more often, and the process may die at one place of its turn."""
        text = self._plain_answer() if text == PLAINLY else text
        told = self.loop.run(self.spared.hear([self.spared.customer.text(text)]))
        self.struck.crash.at = dies or ""
        copies = self.loop.run(self.struck.hear([self.struck.customer.text(text)] * deliveries))
        self.struck.crash.at = ""
        assert [reply.text for reply in told] == [*dict.fromkeys(reply.text for reply in copies)]
        assert len(copies) <= len(told) + (dies in IN_DOUBT)

    @rule(dies=st.sampled_from(DEADLY), deliveries=st.integers(1, 2))
    def go_on_to_the_end(self, dies: str, deliveries: int) -> None:
        """Plain answers, and a death at this place in each of their turns."""
        for _ in range(len(ANSWERS) + 1):
            self.say(PLAINLY, deliveries, dies)

    def _plain_answer(self) -> str:
        question = self.loop.run(self.spared.conversation()).question
        return ANSWERS[question.slot] if question else "I want a refund"

    @precondition(lambda self: self.struck.again() is not None)
    @rule()
    def deliver_the_last_again(self) -> None:
        """Long after it was answered."""
        last = self.struck.again()
        assert last is not None
        assert self.loop.run(self.struck.hear([last])) == []

    @invariant()
    def the_same_was_done_and_once(self) -> None:
        """As often, though the keys differ: they name the runs of either desk."""
        done = [{action: len(keys) for action, keys in desk.completed.items()} for desk in (self.spared, self.struck)]
        assert done[0] == done[1]

    @invariant()
    def they_stand_at_the_same_place(self) -> None:
        spared, struck = (self.loop.run(desk.conversation()) for desk in (self.spared, self.struck))
        assert [(one.flow, one.path, one.facts) for one in spared.stack] == [
            (one.flow, one.path, one.facts) for one in struck.stack
        ]

    def teardown(self) -> None:
        """Both desks close."""
        for desk in (self.spared, self.struck):
            self.loop.run(desk.__aexit__())
        self.loop.close()
        self.folder.cleanup()


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=20, stateful_step_count=10, deadline=None)


def test_R1_without_the_ids_that_were_seen_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store does for R1 taken away, as test_mechanism_off.py does it for the rules of the engine."""
    _twice()
    monkeypatch.setattr("gateway.stores.sqlite_rows.seen", lambda *_: False)
    with pytest.raises(AssertionError):
        _twice()


def _twice() -> None:
    desk = Deliveries()
    try:
        desk.say("I want a refund", deliveries=2, dies=None)
        desk.deliver_the_last_again()
    finally:
        desk.teardown()
