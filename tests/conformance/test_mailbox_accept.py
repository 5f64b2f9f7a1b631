"""What every mailbox promises about accepting, claiming and leases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest

from engine.message import Event
from engine.store import Mailbox, Settlement
from gateway.clock import TestClock
from gateway.stores.bounds import INBOX_MAX, SEEN_MAX, MailboxFull
from tests.conformance.events import ANN, BEN, given, granted, ids, message, receipt, turn

pytestmark = pytest.mark.anyio

EndLeases = Callable[[], Awaitable[None]]


async def test_I1_an_accepted_event_is_in_the_inbox_as_it_came(mailbox: Mailbox) -> None:
    event = message("m1")
    assert await mailbox.accept(event, want_grant=False)
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert [msgspec.json.decode(blob, type=Event) for _, blob in stored.inbox] == [event]


async def test_I2_a_known_id_changes_nothing_and_grants_nothing(mailbox: Mailbox) -> None:
    await mailbox.accept(message("m1"), want_grant=False)
    before = await mailbox.peek(ANN)
    again = await mailbox.accept(message("m1"), want_grant=True)
    assert (again.fresh, again.taken, again.grant) == (False, True, None)
    assert await mailbox.peek(ANN) == before


async def test_I2_a_consumed_event_stays_known(mailbox: Mailbox) -> None:
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1"))
    await mailbox.settle(grant, Settlement(), keep=False)
    assert not (await mailbox.accept(message("m1"), want_grant=True)).fresh


@pytest.mark.parametrize("guards", [("twin",), ("other", "twin")])
async def test_C11_a_known_guard_is_as_good_as_a_known_id(mailbox: Mailbox, guards: tuple[str, ...]) -> None:
    await mailbox.accept(message("m1", guards=("twin",)), want_grant=False)
    assert not (await mailbox.accept(message("m2", guards=guards), want_grant=False)).fresh
    assert not (await mailbox.accept(message("twin"), want_grant=False)).fresh


async def test_I2_twenty_copies_at_once_enter_once_and_grant_once(mailbox: Mailbox) -> None:
    answers = await asyncio.gather(*(mailbox.accept(message("m1"), want_grant=True) for _ in range(20)))
    assert sum(answer.fresh for answer in answers) == 1
    assert sum(answer.grant is not None for answer in answers) == 1


async def test_F2_a_key_is_known_for_48_hours_of_the_clock_port(mailbox: Mailbox, clock: TestClock) -> None:
    await mailbox.accept(message("m1"), want_grant=False)
    clock.advance(48 * 3600 - 1)
    assert not (await mailbox.accept(message("m1"), want_grant=False)).fresh
    clock.advance(1)
    assert (await mailbox.accept(message("m1"), want_grant=False)).fresh


async def test_F2_a_conversation_keeps_a_bounded_number_of_keys_the_newest(mailbox: Mailbox, clock: TestClock) -> None:
    await mailbox.accept(message("oldest"), want_grant=False)
    clock.advance(1)
    await mailbox.accept(message("m1", guards=tuple(f"g{n}" for n in range(SEEN_MAX - 2))), want_grant=False)
    assert not (await mailbox.accept(message("oldest"), want_grant=False)).fresh
    clock.advance(1)
    await mailbox.accept(message("newest"), want_grant=False)
    assert not (await mailbox.accept(message("newest"), want_grant=False)).fresh
    assert (await mailbox.accept(message("oldest"), want_grant=False)).fresh


async def test_I2_the_same_id_in_two_conversations_is_two_events(mailbox: Mailbox) -> None:
    assert (await mailbox.accept(message("m1", ANN), want_grant=False)).fresh
    assert (await mailbox.accept(message("m1", BEN), want_grant=False)).fresh


@pytest.mark.parametrize("event", [message("m1", addressed=False), receipt("m1")])
async def test_C17_what_is_not_addressed_enters_only_a_known_conversation(mailbox: Mailbox, event: Event) -> None:
    refused = await mailbox.accept(event, want_grant=True)
    assert (refused.taken, refused.grant) == (False, None)
    assert await mailbox.peek(ANN) is None
    assert await mailbox.conversations() == []

    await mailbox.accept(message("m0"), want_grant=False)
    taken = await mailbox.accept(event, want_grant=False)
    assert (taken.fresh, taken.taken) == (True, True)


async def test_I6_accept_leaves_a_leased_conversation_alone(mailbox: Mailbox) -> None:
    held = await granted(mailbox, "m1")
    late = await mailbox.accept(message("m2"), want_grant=True)
    assert (late.fresh, late.grant) == (True, None)
    await mailbox.accept(message("m3"), want_grant=False)
    await mailbox.accept(message("m4"), want_grant=True, delay_s=1.0)
    assert await mailbox.claim(10) == []
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert (ids(stored.inbox), stored.due) == (["m1", "m2", "m3", "m4"], None)
    assert [grant.token for grant in await mailbox.renew([held])] == [held.token]


async def test_I3_many_messages_at_once_give_one_grant(mailbox: Mailbox) -> None:
    answers = await asyncio.gather(*(mailbox.accept(message(f"m{n}"), want_grant=True) for n in range(50)))
    assert [answer.grant is not None for answer in answers] == [True] + [False] * 49


async def test_I6_accept_without_a_grant_makes_the_conversation_due_now(mailbox: Mailbox, clock: TestClock) -> None:
    await mailbox.accept(message("m1"), want_grant=False)
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert stored.due == clock.now()
    assert [ids(grant.inbox) for grant in await mailbox.claim(10)] == [["m1"]]


async def test_I6_a_delay_waits_and_a_later_delay_never_postpones(mailbox: Mailbox, clock: TestClock) -> None:
    await mailbox.accept(message("m1"), want_grant=True, delay_s=2.0)
    clock.advance(1.0)
    assert (await mailbox.accept(message("m2"), want_grant=True, delay_s=2.0)).grant is None
    assert await mailbox.claim(10) == []
    clock.advance(1.0)
    assert [ids(grant.inbox) for grant in await mailbox.claim(10)] == [["m1", "m2"]]


async def test_I6_a_message_grants_a_free_conversation_that_waits_for_a_timer(
    mailbox: Mailbox, clock: TestClock
) -> None:
    timer = clock.now() + timedelta(hours=1)
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", rows=["r1"], timer=timer))
    later = Settlement(due=clock.now() + timedelta(minutes=5))
    assert await mailbox.settle(grant, later, keep=False) is None
    grant = await granted(mailbox, "m2")
    assert (ids(grant.inbox), ids(grant.outbox), grant.state, grant.version) == (["m2"], ["r1"], b"state", 1)
    clock.advance(3600)
    assert await mailbox.claim(10) == []


async def test_F29_a_full_inbox_refuses_and_nothing_of_it_stays(mailbox: Mailbox) -> None:
    for n in range(INBOX_MAX):
        await mailbox.accept(message(f"m{n}"), want_grant=False)
    with pytest.raises(MailboxFull, match="200"):
        await mailbox.accept(message("late"), want_grant=True)
    assert not (await mailbox.accept(message("m0"), want_grant=False)).fresh
    assert (await mailbox.accept(message("m0", BEN), want_grant=False)).fresh

    (grant, _) = await mailbox.claim(10)
    assert len(grant.inbox) == INBOX_MAX
    await mailbox.commit(grant, turn("m0"))
    assert (await mailbox.accept(message("late"), want_grant=False)).fresh


async def test_I7_the_inbox_keeps_the_order_of_arrival(mailbox: Mailbox) -> None:
    grant = await granted(mailbox, "m1")
    for id in ("m3", "m2"):
        await mailbox.accept(message(id), want_grant=False)
    grant = await mailbox.commit(grant, turn("m3"))
    await mailbox.accept(message("m0"), want_grant=False)
    stored = await mailbox.peek(ANN)
    assert stored is not None
    assert ids(grant.inbox) == ["m1", "m2"]
    assert ids(stored.inbox) == ["m1", "m2", "m0"]


async def test_I6_claim_takes_the_earliest_due_first_and_no_more_than_asked(mailbox: Mailbox, clock: TestClock) -> None:
    for number, delay_s in enumerate((3.0, 1.0, 2.0)):
        await mailbox.accept(message("m", f"web:{number}"), want_grant=False, delay_s=delay_s)
    clock.advance(10)
    assert [grant.conversation for grant in await mailbox.claim(2)] == ["web:1", "web:2"]
    assert [grant.conversation for grant in await mailbox.claim(2)] == ["web:0"]
    assert await mailbox.claim(2) == []


async def test_I3_an_ended_lease_goes_to_the_next_claim_under_a_new_token(
    mailbox: Mailbox, end_leases: EndLeases
) -> None:
    dead = await granted(mailbox, "m1")
    assert await mailbox.claim(10) == []
    await end_leases()
    (next_one,) = await mailbox.claim(10)
    assert next_one.token != dead.token
    assert (ids(next_one.inbox), next_one.attempts) == (["m1"], 2)
    assert await mailbox.claim(10) == []


async def test_I3_a_message_takes_over_an_ended_lease(mailbox: Mailbox, end_leases: EndLeases) -> None:
    dead = await granted(mailbox, "m1")
    await end_leases()
    assert (await mailbox.accept(message("m2"), want_grant=False)).grant is None
    grant = await granted(mailbox, "m3")
    assert grant.token != dead.token
    assert ids(grant.inbox) == ["m1", "m2", "m3"]


async def test_F22_leases_do_not_follow_the_clock_port(mailbox: Mailbox, clock: TestClock) -> None:
    held = await granted(mailbox, "m1")
    clock.advance(30 * 86_400)
    assert await mailbox.claim(10) == []
    assert len(await mailbox.renew([held])) == 1


async def test_I3_renew_keeps_what_still_stands_and_leaves_out_the_rest(
    mailbox: Mailbox, end_leases: EndLeases
) -> None:
    lost = await granted(mailbox, "m1", ANN)
    await end_leases()
    (taken,) = await mailbox.claim(1)
    ben = await granted(mailbox, "m1", BEN)
    released = await granted(mailbox, "m1", "web:cy")
    await mailbox.release(released)
    renewed = await mailbox.renew([lost, ben, released, taken])
    assert [grant.token for grant in renewed] == [ben.token, taken.token]
    assert await mailbox.renew([]) == []


async def test_I3_a_renewed_lease_outlives_its_first_end(mailbox: Mailbox, end_leases: EndLeases) -> None:
    late = await granted(mailbox, "m1", ANN)
    await end_leases()
    (kept,) = await mailbox.renew([late])
    assert kept.held_until > late.held_until
    assert await mailbox.claim(10) == []


async def test_I6_a_timer_grants_a_conversation_whose_inbox_is_empty(mailbox: Mailbox, clock: TestClock) -> None:
    timer = clock.now() + timedelta(hours=24)
    grant = await mailbox.commit(await granted(mailbox, "m1"), turn("m1", timer=timer))
    assert await mailbox.settle(grant, Settlement(), keep=False) is None
    clock.advance(86_399)
    assert await mailbox.claim(10) == []
    clock.advance(1)
    (tick,) = await mailbox.claim(10)
    assert (tick.inbox, tick.version, tick.attempts) == ((), 1, 1)


async def test_F24_a_message_and_a_tick_at_the_same_instant_give_one_grant(mailbox: Mailbox, clock: TestClock) -> None:
    for number in range(50):
        person = f"web:{number}"
        grant = await mailbox.commit(await granted(mailbox, "m1", person), turn("m1", timer=clock.now()))
        await mailbox.release(grant)
        answer, claimed = await asyncio.gather(
            mailbox.accept(message("m2", person), want_grant=True), mailbox.claim(10)
        )
        assert [given(answer).token] if answer.grant else [grant.token for grant in claimed]
        assert (answer.grant is not None) + len(claimed) == 1


async def test_I6_conversations_are_listed_in_order_page_by_page(mailbox: Mailbox) -> None:
    for person in ("web:c", "web:a", "web:b"):
        await mailbox.accept(message("m1", person), want_grant=False)
    assert await mailbox.conversations(limit=2) == ["web:a", "web:b"]
    assert await mailbox.conversations(after="web:b") == ["web:c"]
    assert await mailbox.peek("web:d") is None
