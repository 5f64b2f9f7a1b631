"""The one road out: order within an address, waits, doubts, refusals, parts, and what is given up."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from engine.errors import LeaseLost
from engine.message import Address, Event, Limits, Reach, Refused, Reply, Retry, Scope, Sent, Unknown
from engine.ports import ActionRequest
from engine.store import Change, Grant, Settlement
from engine.turn import Effect
from gateway.failpoints import Armed, FailpointRaised, Fate
from gateway.fates import ACCOUNT_WAIT_S, DOUBT_WAIT_S, Dead
from gateway.modeljobs import ModelJobs
from gateway.outbox import Outbox
from gateway.parts import Parts
from gateway.rows import new_row, read_row
from tests.gateway.work_parts import ADA, BEN, NOON, Ground, Yes, ground, words

pytestmark = pytest.mark.anyio

CONVERSATION = "dove:ada"


class Longest(random.Random):
    """Chance that always draws the longest wait, so that a test can name it."""

    def uniform(self, a: float, b: float) -> float:
        return b


def reply(id: str, address: Address = ADA) -> Reply:
    """A reply with its id as its words."""
    return Reply(id=id, address=address, text=f"words of {id}")


@dataclass
class Road:
    """An outbox over one conversation of a real store."""

    ground: Ground
    outbox: Outbox
    turns: int = 0
    next: Grant | None = None
    """What the last round's settlement led to at once."""

    async def post(self, *effects: Effect) -> Grant:
        """Commit a turn with these rows; gives the grant it is held under."""
        self.turns += 1
        event = words(f"e{self.turns}", "hi")
        grant = (await self.ground.store.mailbox.accept(event, want_grant=True)).grant
        assert grant is not None
        rows = tuple(new_row(effect, now=self.ground.clock.now()) for effect in effects)
        return await self.ground.store.mailbox.commit(grant, Change(state=b"{}", consumed=(event.id,), outbox=rows))

    async def deliver(self, grant: Grant, *, leftover: Sequence[str] = ()) -> Settlement:
        """One round, settled."""
        held_until = time.monotonic() + 60
        settlement = await self.outbox.deliver(grant, lambda: held_until, leftover=frozenset(leftover), reported={})
        self.next = await self.ground.store.mailbox.settle(grant, settlement, keep=False)
        return settlement

    async def due(self) -> Grant | None:
        """The conversation, if something of it is due now."""
        grants = await self.ground.store.mailbox.claim(1)
        return grants[0] if grants else None

    async def after(self, seconds: float) -> Settlement:
        """What happens when it is due after `seconds`, and not a moment before."""
        assert await self.due() is None
        self.ground.clock.advance(seconds - 0.001)
        assert await self.due() is None
        self.ground.clock.advance(0.001)
        grant = await self.due()
        assert grant is not None
        return await self.deliver(grant)

    async def rest(self) -> list[str]:
        """Rows that have not left."""
        snapshot = await self.ground.store.mailbox.peek(CONVERSATION)
        return [id for id, _ in snapshot.outbox] if snapshot else []

    async def dead(self) -> dict[str, str]:
        """Row -> reason of what was given up."""
        records = await self.ground.store.records.scan("dead")
        return {record.key: msgspec.json.decode(record.blob, type=Dead).reason for record in records}


def outbox(parts: Parts, chance: random.Random | None = None) -> Outbox:
    """An outbox whose model jobs have no door to come back by."""

    async def nowhere(event: Event) -> None:
        raise AssertionError(event)

    return Outbox(parts, ModelJobs(parts, nowhere), chance=chance)


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    async with ground(tmp_path) as stood_on:
        yield Road(stood_on, outbox(stood_on.parts, chance=Longest()))


async def test_I5_rows_leave_in_their_order_and_are_gone(road: Road) -> None:
    await road.deliver(await road.post(reply("r1"), reply("r2"), reply("r3")))
    assert road.ground.dove.sent == ["r1", "r2", "r3"]
    assert await road.rest() == []
    assert road.ground.counted('sends_total{outcome="sent"}') == 3


async def test_C30_a_429_holds_its_address_as_long_as_it_says_and_no_other(road: Road) -> None:
    road.ground.dove.receipts["ada"].append(Retry(reason="429", after_s=20.0))
    settlement = await road.deliver(await road.post(reply("a1"), reply("b1", BEN), reply("a2"), reply("b2", BEN)))
    assert road.ground.dove.sent == ["a1", "b1", "b2"]
    assert settlement.due == NOON + timedelta(seconds=22.0)
    await road.after(22.0)
    assert road.ground.dove.sent[3:] == ["a1", "a2"]
    assert await road.rest() == []


async def test_C30_a_wait_of_the_account_holds_everybody_of_its_channel(road: Road) -> None:
    road.ground.dove.receipts["ada"].append(Retry(reason="429", after_s=10.0, scope=Scope.ACCOUNT))
    await road.deliver(await road.post(reply("a1"), reply("b1", BEN)))
    assert road.ground.dove.sent == ["a1"]
    await road.after(11.0)
    assert road.ground.dove.sent == ["a1", "a1", "b1"]


async def test_C32_waits_double_until_the_send_deadline_and_then_the_row_is_dead(road: Road) -> None:
    road.ground.dove.limits = Limits(max_chars=1000, send_deadline_s=10.0)
    road.ground.dove.receipts["ada"].extend([Retry(reason="502")] * 9)
    await road.deliver(await road.post(reply("a1"), reply("a2")))
    for wait_s in (1.0, 2.0, 4.0):
        await road.after(wait_s)
    assert await road.dead() == {}
    await road.after(8.0)
    assert await road.dead() == {"a1": "502", "a2": "502"}
    assert await road.rest() == []
    assert road.ground.counted('sends_total{outcome="dead"}') == 2


async def test_C34_an_unknown_send_is_repeated_once_after_its_wait_then_under_back_off(road: Road) -> None:
    road.ground.dove.receipts["ada"].extend(
        [Unknown(reason="reset"), Unknown(reason="reset"), Sent(provider_ids=("1",))]
    )
    await road.deliver(await road.post(reply("a1")))
    await road.after(30.0)
    assert road.ground.dove.sent == ["a1", "a1"]
    await road.after(2.0)
    assert road.ground.dove.sent == ["a1", "a1", "a1"]
    assert road.ground.counted("sends_unknown_total") == 2
    assert road.ground.counted("sends_repeated_total") == 2
    assert await road.rest() == []


async def test_C37_a_refused_person_gets_no_further_row_and_another_does(road: Road) -> None:
    road.ground.dove.receipts["ada"].append(Refused(reason="blocked", reach=Reach.UNREACHABLE))
    await road.deliver(await road.post(reply("a1"), reply("a2"), reply("b1", BEN)))
    assert road.ground.dove.sent == ["a1", "b1"]
    assert await road.dead() == {"a1": "blocked", "a2": "the address cannot be reached"}
    assert await road.rest() == []


async def test_C24_a_reply_that_is_refused_for_itself_holds_nobody_up(road: Road) -> None:
    road.ground.dove.receipts["ada"].append(Refused(reason="no text"))
    await road.deliver(await road.post(reply("a1"), reply("a2")))
    assert road.ground.dove.sent == ["a1", "a2"]
    assert await road.dead() == {"a1": "no text"}


async def test_C37_a_refusal_of_our_account_holds_the_channel_and_is_reported_until_it_works_again(road: Road) -> None:
    road.ground.dove.receipts["ada"].append(Refused(reason="401", reach=Reach.ACCOUNT))
    await road.deliver(await road.post(reply("a1"), reply("b1", BEN)))
    assert road.ground.dove.sent == ["a1"]
    assert road.ground.trouble == [("dove", "401")]
    await road.after(ACCOUNT_WAIT_S)
    assert road.ground.dove.sent == ["a1", "a1", "b1"]
    assert road.ground.trouble == [("dove", "401"), ("dove", "")]


async def test_C22_parts_go_one_by_one_and_resume_at_the_first_unsent_one(road: Road) -> None:
    sent = [Sent(provider_ids=(part,), complete=False) for part in ("p1", "p2")]
    road.ground.dove.receipts["ada"].extend([*sent, Retry(reason="429", after_s=5.0)])
    await road.deliver(await road.post(reply("a1"), reply("a2")))
    assert road.ground.dove.tries == [("a1", ()), ("a1", ("p1",)), ("a1", ("p1", "p2"))]
    await road.after(5.5)
    assert road.ground.dove.tries[3:] == [("a1", ("p1", "p2")), ("a2", ())]


async def test_C22_a_part_is_recorded_before_the_next_one_is_tried(tmp_path: Path) -> None:
    second = Armed("before_send", visit=2, fate=Fate.RAISE)
    async with ground(tmp_path, failpoints=second) as stood_on:
        road = Road(stood_on, outbox(stood_on.parts))
        stood_on.dove.receipts["ada"].append(Sent(provider_ids=("p1",), complete=False))
        grant = await road.post(reply("a1"))
        with pytest.raises(FailpointRaised):
            await road.deliver(grant)
        snapshot = await stood_on.store.mailbox.peek(CONVERSATION)
    assert snapshot is not None
    assert read_row(snapshot.outbox[0][1]).parts == ("p1",)


async def test_store_rule_5_a_lost_lease_sends_nothing(road: Road) -> None:
    grant = await road.post(reply("a1"), ActionRequest(id="c1", flow="f", version="v", action="a", key="k", values={}))
    with pytest.raises(LeaseLost):
        await road.outbox.deliver(grant, lambda: time.monotonic() - 1, leftover=frozenset(), reported={})
    assert road.ground.dove.sent == []
    assert await road.rest() == ["a1", "c1"]


async def test_F0_a_row_that_a_dead_holder_left_waits_a_moment_and_counts_as_repeated(road: Road) -> None:
    grant = await road.post(reply("a1"), reply("a2"), reply("b1", BEN))
    await road.deliver(grant, leftover=["a1", "a2", "b1"])
    assert road.ground.dove.sent == []
    await road.after(DOUBT_WAIT_S)
    assert road.ground.dove.sent == ["a1", "a2", "b1"]
    assert road.ground.counted("sends_repeated_total") == 3
    assert await road.rest() == []


async def test_F0_a_row_that_a_second_holder_left_too_waits_again(road: Road) -> None:
    await road.deliver(await road.post(reply("a1")), leftover=["a1"])
    road.ground.clock.advance(DOUBT_WAIT_S)
    grant = await road.due()
    assert grant is not None
    await road.deliver(grant, leftover=["a1"])
    assert road.ground.dove.sent == []
    await road.after(DOUBT_WAIT_S)
    assert road.ground.dove.sent == ["a1"]


async def test_F0_a_row_of_this_turn_does_not_overtake_one_in_doubt(road: Road) -> None:
    await road.deliver(await road.post(reply("a1"), reply("a2"), reply("b1", BEN)), leftover=["a1"])
    assert road.ground.dove.sent == ["b1"]
    await road.after(DOUBT_WAIT_S)
    assert road.ground.dove.sent == ["b1", "a1", "a2"]
    assert road.ground.counted("sends_repeated_total") == 1


async def test_a_channel_that_is_not_on_gives_its_rows_up_with_the_reason(road: Road) -> None:
    gone = Address(channel="owl", account="x", chat="ada", person="ada")
    await road.deliver(await road.post(reply("o1", gone), reply("a1")))
    assert road.ground.dove.sent == ["a1"]
    assert await road.dead() == {"o1": "owl is not on"}


async def test_C36_a_channel_that_never_answers_is_an_unknown_send(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.outbox.SEND_DEADLINE_S", -1.0)
    road.ground.dove.flying.clear()
    await road.deliver(await road.post(reply("a1")))
    assert road.ground.counted("sends_unknown_total") == 1
    assert await road.rest() == ["a1"]


async def test_W9_a_call_s_outcome_comes_back_as_an_event_and_waits_for_no_reply(road: Road) -> None:
    road.ground.dove.receipts["ada"].append(Retry(reason="429", after_s=20.0))
    call = ActionRequest(
        id="c1", flow="f", version="v", action="pay", key="run:pay:1", values={"order": "1"}, person=ADA
    )
    settlement = await road.deliver(await road.post(reply("a1"), call))
    assert [event.id for event in settlement.events] == ["result:run:pay:1"]
    assert settlement.events[0].fields == {"key": "run:pay:1", "outcome": "done", "facts": "{}", "certain": "yes"}
    assert isinstance(road.ground.parts.actions, Yes)
    assert [request.values for request in road.ground.parts.actions.requests] == [{"order": "1"}]
    assert road.next is not None
    assert [id for id, _ in road.next.inbox] == ["result:run:pay:1"]
    assert [id for id, _ in road.next.outbox] == ["a1"]
