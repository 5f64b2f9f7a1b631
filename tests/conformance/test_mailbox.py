"""What every mailbox promises about turns: commit, settle, release, park."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from engine.errors import LeaseLost
from engine.store import JOURNAL, Mailbox, Records, Settlement
from gateway.clock import TestClock
from tests.conformance.events import ANN, BEN, granted, ids, message, receipt, turn

pytestmark = pytest.mark.anyio

EndLeases = Callable[[], Awaitable[None]]


async def test_I5_a_commit_is_one_write_of_state_version_events_rows_and_timer(
    mailbox: Mailbox, clock: TestClock
) -> None:
    timer = clock.now() + timedelta(hours=24, microseconds=7)
    after = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r2", "r1"], state=b"one", timer=timer))
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert (after.version, after.state, after.inbox, ids(after.outbox), after.attempts) == (
        1,
        b"one",
        (),
        ["r2", "r1"],
        0,
    )
    assert (stored.version, stored.state, stored.inbox, stored.outbox) == (1, b"one", (), after.outbox)
    assert stored.timer == timer


async def test_I14_a_turn_and_its_entry_of_the_journal_are_one_write_however_often_it_is_asked_for(
    mailbox: Mailbox, records: Records, end_leases: EndLeases
) -> None:
    stalled = await granted(mailbox, "m1")
    await end_leases()
    (holder,) = await mailbox.claim(1)
    with pytest.raises(LeaseLost):
        await mailbox.commit(stalled, replace(turn("m1"), entry=("t1", b"stalled")))
    for _ in range(2):
        await mailbox.commit(holder, replace(turn("m1"), entry=("t1", b"one")))
    await records.add(JOURNAL, ANN, "t1", b"other")
    await mailbox.commit(await granted(mailbox, "m2", BEN), replace(turn("m2"), entry=("t1", b"his")))
    assert [(entry.id, entry.blob) for entry in await records.read(JOURNAL, ANN)] == [("t1", b"one")]
    assert [(entry.id, entry.blob) for entry in await records.read(JOURNAL, BEN)] == [("t1", b"his")]


async def test_I5_rows_of_later_turns_come_after_those_of_earlier_ones(mailbox: Mailbox) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r9", "r8"]))
    grant = await mailbox.commit(grant, turn(rows=["r1"]))
    assert (grant.version, ids(grant.outbox)) == (2, ["r9", "r8", "r1"])


async def test_I4_a_commit_removes_exactly_the_events_it_consumed(mailbox: Mailbox) -> None:
    grant = await granted(mailbox, "m1")
    for id in ("m2", "m3"):
        await mailbox.accept(message(id), want_grant=False)
    await mailbox.accept(message("m2", BEN), want_grant=False)
    grant = await mailbox.commit(grant, turn("m2"))
    assert ids(grant.inbox) == ["m1", "m3"]
    ben = await mailbox.peek(BEN)
    assert ben is not None
    assert ids(ben.inbox) == ["m2"]


async def test_I3_a_commit_after_another_took_over_is_refused_and_writes_nothing(
    mailbox: Mailbox, end_leases: EndLeases
) -> None:
    stalled = await granted(mailbox, "m1")
    await end_leases()
    (holder,) = await mailbox.claim(1)
    with pytest.raises(LeaseLost):
        await mailbox.commit(stalled, turn("m1", rows=["r1"], state=b"stalled"))
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert (stored.version, stored.state, ids(stored.inbox), stored.outbox) == (0, b"", ["m1"], ())
    assert (await mailbox.commit(holder, turn("m1", state=b"holder"))).state == b"holder"


async def test_I3_a_commit_after_release_is_refused(mailbox: Mailbox) -> None:
    grant = await granted(mailbox, "m1")
    await mailbox.release(grant)
    with pytest.raises(LeaseLost):
        await mailbox.commit(grant, turn("m1"))


async def test_I3_a_commit_on_an_unknown_conversation_is_refused(mailbox: Mailbox) -> None:
    grant = await granted(mailbox, "m1")
    with pytest.raises(LeaseLost):
        await mailbox.commit(replace(grant, conversation="web:nobody"), turn("m1"))


async def test_I3_a_late_commit_counts_while_nobody_else_took_over(mailbox: Mailbox, end_leases: EndLeases) -> None:
    grant = await granted(mailbox, "m1")
    await end_leases()
    assert (await mailbox.commit(grant, turn("m1"))).version == 1


async def test_I8_a_repeated_commit_succeeds_and_applies_once(mailbox: Mailbox) -> None:
    grant = await granted(mailbox, "m1")
    once = await mailbox.commit(grant, turn("m1", rows=["r1"]))
    twice = await mailbox.commit(grant, turn("m1", rows=["r1"]))
    assert twice == once


async def test_I3_a_commit_on_a_version_long_gone_is_refused(mailbox: Mailbox) -> None:
    first = await granted(mailbox, "m1")
    second = await mailbox.commit(first, turn("m1"))
    await mailbox.commit(second, turn())
    with pytest.raises(LeaseLost):
        await mailbox.commit(first, turn("m1"))


async def test_I5_settle_removes_done_rows_and_stores_others_anew_in_their_place(mailbox: Mailbox) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1", "r2", "r3"]))
    kept = await mailbox.settle(grant, Settlement(done=("r1",), again=(("r2", b"part 2"),)), keep=True)
    assert kept is not None
    assert kept.outbox == (("r2", b"part 2"), ("r3", b"words of r3"))


async def test_I6_settle_with_keep_holds_the_lease_and_shows_what_arrived(mailbox: Mailbox) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1"))
    await mailbox.accept(message("m2"), want_grant=True)
    kept = await mailbox.settle(grant, Settlement(), keep=True)
    assert kept is not None
    assert (kept.token, kept.held_until, ids(kept.inbox), kept.attempts) == (grant.token, grant.held_until, ["m2"], 0)
    assert await mailbox.claim(10) == []


async def test_I2_events_of_a_settlement_enter_the_inbox_once(mailbox: Mailbox) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"]))
    settlement = Settlement(done=("r1",), events=(receipt("r1:sent"), receipt("r1:sent")))
    kept = await mailbox.settle(grant, settlement, keep=True)
    again = await mailbox.settle(grant, settlement, keep=True)
    assert kept is not None
    assert kept == again
    assert ids(kept.inbox) == ["r1:sent"]


async def test_I6_settle_gives_the_next_grant_at_once_when_an_event_waits(
    mailbox: Mailbox, end_leases: EndLeases
) -> None:
    first = await granted(mailbox, "m1")
    await mailbox.accept(message("m2"), want_grant=True)
    await end_leases()
    grant = await mailbox.commit(first, turn("m1", rows=["r1"]))
    following = await mailbox.settle(grant, Settlement(done=("r1",)), keep=False)
    assert following is not None
    assert (following.token, ids(following.inbox), following.attempts) == (first.token, ["m2"], 1)
    assert following.held_until > first.held_until


async def test_I6_a_row_that_waits_for_no_time_is_work_for_now(mailbox: Mailbox) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"]))
    following = await mailbox.settle(grant, Settlement(), keep=False)
    assert following is not None
    assert ids(following.outbox) == ["r1"]


async def test_I6_a_timer_that_is_due_is_work_for_now(mailbox: Mailbox, clock: TestClock) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", timer=clock.now()))
    following = await mailbox.settle(grant, Settlement(), keep=False)
    assert following is not None
    assert following.inbox == ()


@pytest.mark.parametrize(("row_s", "timer_s"), [(60, 90), (90, 60)])
async def test_I6_settle_leaves_it_due_at_the_earliest_of_row_and_timer(
    mailbox: Mailbox, clock: TestClock, row_s: int, timer_s: int
) -> None:
    timer = clock.now() + timedelta(seconds=timer_s)
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"], timer=timer))
    settlement = Settlement(again=(("r1", b"later"),), due=clock.now() + timedelta(seconds=row_s))
    assert await mailbox.settle(grant, settlement, keep=False) is None
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert stored.due == clock.now() + timedelta(seconds=60)
    clock.advance(60)
    (again,) = await mailbox.claim(10)
    assert again.outbox == (("r1", b"later"),)


async def test_I6_a_conversation_with_nothing_to_do_is_not_due(mailbox: Mailbox, clock: TestClock) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"]))
    assert await mailbox.settle(grant, Settlement(done=("r1",)), keep=False) is None
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert stored.due is None
    clock.advance(365 * 86_400)
    assert await mailbox.claim(10) == []


async def test_I8_settle_says_the_same_when_asked_again(mailbox: Mailbox) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"]))
    for _ in range(2):
        assert await mailbox.settle(grant, Settlement(done=("r1",)), keep=False) is None

    grant = await mailbox.commit(await granted(mailbox, "m2"), turn("m2"))
    await mailbox.accept(message("m3"), want_grant=True)
    first, second = [await mailbox.settle(grant, Settlement(), keep=False) for _ in range(2)]
    assert first is not None
    assert first == second


async def test_I3_settle_under_a_lost_token_is_refused(mailbox: Mailbox, end_leases: EndLeases) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"]))
    await end_leases()
    (holder,) = await mailbox.claim(1)
    with pytest.raises(LeaseLost):
        await mailbox.settle(grant, Settlement(done=("r1",)), keep=False)
    assert ids(holder.outbox) == ["r1"]
    assert len(await mailbox.renew([holder])) == 1


async def test_I6_release_makes_unfinished_work_due_at_once_or_at_a_time(mailbox: Mailbox, clock: TestClock) -> None:
    await mailbox.release(await granted(mailbox, "m1"))
    (grant,) = await mailbox.claim(10)
    await mailbox.release(grant, again_at=clock.now() + timedelta(seconds=5))
    assert await mailbox.claim(10) == []
    clock.advance(5)
    assert [ids(grant.inbox) for grant in await mailbox.claim(10)] == [["m1"]]


async def test_I6_release_with_nothing_left_waits_for_the_timer(mailbox: Mailbox, clock: TestClock) -> None:
    timer = clock.now() + timedelta(hours=1)
    await mailbox.release(await mailbox.commit(await granted(mailbox, "m1"), turn("m1", timer=timer)))
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert stored.due == timer


@pytest.mark.parametrize("verb", ["release", "park"])
async def test_I3_giving_back_a_lost_lease_leaves_the_new_holder_alone(
    mailbox: Mailbox, end_leases: EndLeases, verb: str
) -> None:
    lost = await granted(mailbox, "m1")
    await end_leases()
    (holder,) = await mailbox.claim(1)
    await (mailbox.release(lost) if verb == "release" else mailbox.park(lost))
    assert await mailbox.claim(10) == []
    assert len(await mailbox.renew([holder])) == 1


async def test_I8_release_twice_is_release_once(mailbox: Mailbox, clock: TestClock) -> None:
    grant = await granted(mailbox, "m1")
    await mailbox.release(grant, again_at=clock.now() + timedelta(seconds=5))
    await mailbox.release(grant)
    assert await mailbox.claim(10) == []
