"""What every mailbox promises about what failed: attempts, parking, rows that may be repeats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from engine.store import Mailbox, Settlement
from gateway.clock import TestClock
from tests.conformance.events import granted, ids, turn

pytestmark = pytest.mark.anyio

EndLeases = Callable[[], Awaitable[None]]


async def test_F27_attempts_count_grants_without_a_commit(mailbox: Mailbox, end_leases: EndLeases) -> None:
    grant = await granted(mailbox, "m1")
    counted = [grant.attempts]
    await mailbox.release(grant)
    (grant,) = await mailbox.claim(1)
    counted.append(grant.attempts)
    await end_leases()
    (grant,) = await mailbox.claim(1)
    counted.append(grant.attempts)
    await mailbox.release(await mailbox.commit(grant, turn()))
    (grant,) = await mailbox.claim(1)
    assert [*counted, grant.attempts] == [1, 2, 3, 1]


async def test_F8_a_row_that_is_tried_for_long_is_no_failing_conversation(mailbox: Mailbox, clock: TestClock) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"]))
    for _ in range(6):
        await mailbox.settle(grant, Settlement(due=clock.now() + timedelta(seconds=30)), keep=False)
        clock.advance(30)
        (grant,) = await mailbox.claim(1)
        assert grant.attempts == 1


async def test_F27_a_parked_conversation_waits_for_its_next_event_and_counts_anew(
    mailbox: Mailbox, clock: TestClock
) -> None:
    grant = await granted(mailbox, "m1")
    await mailbox.release(grant)
    (grant,) = await mailbox.claim(1)
    await mailbox.park(grant)
    clock.advance(365 * 86_400)
    assert await mailbox.claim(10) == []
    grant = await granted(mailbox, "m2")
    assert (ids(grant.inbox), grant.attempts) == (["m1", "m2"], 1)


async def test_F0_rows_left_by_an_ended_lease_may_be_repeats_until_they_are_settled(
    mailbox: Mailbox, end_leases: EndLeases
) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1", "r2"]))
    assert not grant.repeated
    await end_leases()
    (grant,) = await mailbox.claim(1)
    assert grant.repeated
    assert (await mailbox.commit(grant, turn(rows=["r3"]))).repeated
    kept = await mailbox.settle(grant, Settlement(done=("r1",)), keep=True)
    assert kept is not None
    assert kept.repeated
    kept = await mailbox.settle(grant, Settlement(done=("r2",)), keep=True)
    assert kept is not None
    assert (ids(kept.outbox), kept.repeated) == (["r3"], False)


async def test_F0_an_ended_lease_without_rows_makes_no_repeats(mailbox: Mailbox, end_leases: EndLeases) -> None:
    await granted(mailbox, "m1")
    await end_leases()
    (grant,) = await mailbox.claim(1)
    assert not grant.repeated
    assert not (await mailbox.commit(grant, turn("m1", rows=["r1"]))).repeated


async def test_F0_rows_that_were_settled_or_given_back_in_order_are_no_repeats(
    mailbox: Mailbox, clock: TestClock, end_leases: EndLeases
) -> None:
    await mailbox.release(await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"])))
    (grant,) = await mailbox.claim(1)
    assert not grant.repeated
    await end_leases()
    (grant,) = await mailbox.claim(1)
    assert grant.repeated
    await mailbox.settle(grant, Settlement(due=clock.now() + timedelta(seconds=5)), keep=False)
    clock.advance(5)
    (grant,) = await mailbox.claim(1)
    assert not grant.repeated
