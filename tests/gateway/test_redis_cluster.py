"""A cluster of three: slots that move, nodes that go away or hang, words from node to node."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from redis.crc import key_slot

from engine.errors import StoreAway
from gateway.clock import SystemClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.redis_keys import conversation_keys
from tests.conformance.events import ANN, granted, message, turn
from tests.redis_servers import RedisServer, cluster

pytestmark = pytest.mark.anyio


@pytest.fixture
def nodes(redis_program: str, tmp_path: Path) -> Iterator[list[RedisServer]]:
    """Three primaries; what one of them has, the others do not wait for."""
    with cluster(redis_program, tmp_path, 3, "--cluster-require-full-coverage", "no") as servers:
        yield servers


@pytest.fixture
async def store(nodes: list[RedisServer]) -> AsyncIterator[RedisStore]:
    hosts = ",".join(f"127.0.0.1:{node.port}" for node in nodes)
    store = await RedisStore.open(RedisAddress.parse(f"redis+cluster://{hosts}"), SystemClock())
    yield store
    await store.close()


def slot(person: str) -> int:
    return key_slot(conversation_keys(person.encode())[0])


def home(nodes: list[RedisServer], person: str) -> RedisServer:
    """The node that has a person's conversation."""
    return nodes[slot(person) * len(nodes) // 16_384]


async def test_I9_conversations_are_spread_over_the_nodes(store: RedisStore, nodes: list[RedisServer]) -> None:
    people = [f"web:{n}" for n in range(90)]
    await asyncio.gather(*(store.mailbox.accept(message("m1", person), want_grant=False) for person in people))
    assert min(node.ask("DBSIZE") for node in nodes) > 40
    assert len(await store.mailbox.claim(100)) == 90
    assert await store.mailbox.conversations() == sorted(people)


async def test_F12_a_slot_that_moves_is_away_meanwhile_and_then_followed(
    store: RedisStore, nodes: list[RedisServer]
) -> None:
    here = home(nodes, ANN)
    there = nodes[nodes.index(here) - 1]
    names = {node: node.ask("CLUSTER", "MYID").decode() for node in (here, there)}
    await store.ping()
    there.ask("CLUSTER", "SETSLOT", slot(ANN), "IMPORTING", names[here])
    here.ask("CLUSTER", "SETSLOT", slot(ANN), "MIGRATING", names[there])
    with pytest.raises(StoreAway, match="the cluster is moving these keys"):
        await store.mailbox.accept(message("m1"), want_grant=True)

    for node in (there, *nodes):
        node.ask("CLUSTER", "SETSLOT", slot(ANN), "NODE", names[there])
    async with asyncio.timeout(10):  # the nodes tell one another
        while True:
            with suppress(StoreAway):
                grant = await granted(store.mailbox, "m1")
                break
    assert (await store.mailbox.commit(grant, turn("m1"))).version == 1
    assert [node.ask("CLUSTER", "COUNTKEYSINSLOT", slot(ANN)) > 0 for node in (here, there)] == [False, True]


@pytest.mark.parametrize("how", ["killed", "hanging"])
async def test_F12_a_node_that_is_away_takes_only_its_own_conversations_with_it(
    store: RedisStore, nodes: list[RedisServer], how: str
) -> None:
    lost = home(nodes, ANN)
    people = [f"web:{n}" for n in range(60)]
    sound = {person for person in people if home(nodes, person) is not lost}
    await asyncio.gather(*(store.mailbox.accept(message("m1", person), want_grant=False) for person in people))
    if how == "killed":
        lost.kill()
    else:
        lost.signal(SIGSTOP)
    try:
        began = time.monotonic()
        asked = [store.mailbox.accept(message("m2", person), want_grant=False) for person in [ANN, *people]]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert time.monotonic() - began < 2.0
        assert isinstance(answers[0], StoreAway)
        well = {person for person, answer in zip(people, answers[1:], strict=True) if not isinstance(answer, StoreAway)}
        assert well == sound
        assert {grant.conversation for grant in await store.mailbox.claim(100)} == sound
    finally:
        if how == "hanging":
            lost.signal(SIGCONT)


async def test_words_reach_whoever_listens_at_another_node(store: RedisStore, nodes: list[RedisServer]) -> None:
    for node in nodes:
        other = await RedisStore.open(RedisAddress.parse(f"redis+cluster://127.0.0.1:{node.port}"), SystemClock())
        assert other.news
        assert store.news
        heard: list[str] = []
        hearing = asyncio.create_task(other.news.hear(heard.append))
        async with asyncio.timeout(10):
            while not heard:
                store.news.tell("work")
                await asyncio.sleep(0.01)
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        await other.close()
