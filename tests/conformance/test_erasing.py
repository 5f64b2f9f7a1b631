"""What every store promises about conversations that are erased (X62)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from engine.store import Change, Mailbox
from tests.conformance.events import message

pytestmark = pytest.mark.anyio


async def test_X62_nothing_of_an_erased_conversation_is_left_and_others_stay(mailbox: Mailbox) -> None:
    for name in ("ann", "bob"):
        accepted = await mailbox.accept(message("1", conversation=name), want_grant=True)
        assert accepted.grant is not None
        held = await mailbox.commit(
            accepted.grant, Change(state=b"state", consumed=(), outbox=(("row", b"a row"),), timer=None)
        )
        await mailbox.release(held)
    before = await mailbox.peek("bob")
    assert await mailbox.erase("ann")
    assert await mailbox.peek("ann") is None
    assert await mailbox.conversations() == ["bob"]
    assert await mailbox.peek("bob") == before
    (grant,) = await mailbox.claim(10)
    assert grant.conversation == "bob"
    assert await mailbox.erase("ann"), "once more is the same (I8)"


async def test_X62_who_was_erased_may_write_again(mailbox: Mailbox) -> None:
    await mailbox.accept(message("1", conversation="ann"), want_grant=False)
    assert await mailbox.erase("ann")
    accepted = await mailbox.accept(message("1", conversation="ann"), want_grant=True)
    assert accepted.fresh, "what came before is not known any more"
    assert accepted.grant is not None
    assert (accepted.grant.version, accepted.grant.state) == (0, b"")


async def test_I3_a_held_conversation_is_not_erased_under_its_holder(
    mailbox: Mailbox, end_leases: Callable[[], Awaitable[None]]
) -> None:
    accepted = await mailbox.accept(message("1", conversation="ann"), want_grant=True)
    assert accepted.grant is not None
    assert not await mailbox.erase("ann")
    assert await mailbox.peek("ann") is not None
    await end_leases()
    assert await mailbox.erase("ann")
    assert await mailbox.peek("ann") is None
