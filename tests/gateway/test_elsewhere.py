"""A conversation under flows that this process cannot act in: left to others for a while, and never a failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.book import Book
from engine.flow import content_hash
from engine.store import Grant
from gateway.definitions import keep
from gateway.elsewhere import PATIENCE, Elsewhere
from gateway.worker import MOST_GRANTS, Worker
from tests.engine.flows_for_tests import SIGNUP
from tests.gateway.work_parts import Ground, ground, words

pytestmark = pytest.mark.anyio

NEWER = replace(SIGNUP, title="Sign up, newly")


async def begun(here: Ground) -> None:
    """Somebody signs up in a process that deploys SIGNUP, and writes once more."""
    worker = Worker(here.parts)
    await worker.take(words("e1", "sign up"))
    await worker.finished()
    await worker.stop()
    await here.store.mailbox.accept(replace(words("e2", "Mara Quist"), accepted=here.clock.now()), want_grant=False)


async def granted(here: Ground) -> Grant:
    """The conversation, once it is due."""
    here.clock.advance(1.5)
    (grant,) = await here.store.mailbox.claim(1)
    return grant


def other(here: Ground, book: Book, *lacking: str) -> Elsewhere:
    """A process with other flows."""
    return Elsewhere(
        here.store.mailbox, here.store.records, book=book, clock=here.clock, lacking=lambda version: lacking
    )


async def test_R58_a_version_of_another_process_is_learnt_and_the_turn_is_ours(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[SIGNUP]) as here:
        await keep(here.store.records, [SIGNUP])
        await begun(here)
        book = Book([NEWER])
        assert not await other(here, book).leaves(await granted(here))
        assert book.version(content_hash(SIGNUP)) is not None


async def test_R58_a_version_that_nobody_keeps_is_left_to_the_rule(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[SIGNUP]) as here:
        await begun(here)
        book = Book([NEWER])
        assert not await other(here, book, "print").leaves(await granted(here))
        assert book.version(content_hash(SIGNUP)) is None


async def test_F27_what_is_left_again_and_again_waits_whole_and_is_taken_in_the_end(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[SIGNUP]) as here:
        await keep(here.store.records, [SIGNUP])
        await begun(here)
        elsewhere = other(here, Book([NEWER]), "print")
        for _ in range(MOST_GRANTS + 2):
            grant = await granted(here)
            assert (grant.attempts, [id for id, _ in grant.inbox]) == (1, ["e2"])
            assert await elsewhere.leaves(grant)
        here.clock.advance(PATIENCE.total_seconds())
        assert not await elsewhere.leaves(await granted(here))


async def test_F16_a_state_that_cannot_be_read_is_no_reason_to_leave_it(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[SIGNUP]) as here:
        await keep(here.store.records, [SIGNUP])
        await begun(here)
        grant = await granted(here)
        broken = replace(grant, state=grant.state.replace(b'"turn":', b'"window":0,"turn":'))
        assert await other(here, Book([NEWER]), "print").leaves(broken) is False
        assert await other(here, Book([NEWER]), "print").leaves(grant)


async def test_R58_deployed_flows_and_new_conversations_are_never_left(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[SIGNUP]) as here:
        await begun(here)
        assert not await other(here, Book([SIGNUP]), "print").leaves(await granted(here))
        await here.store.mailbox.accept(words("e3", "hello", conversation="dove:ben"), want_grant=False)
        assert not await other(here, Book([NEWER]), "print").leaves(await granted(here))
