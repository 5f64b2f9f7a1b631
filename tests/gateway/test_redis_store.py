"""What only the store on Redis has: what it must find there, neighbours, a full memory, restarts, an idle's price."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from os import urandom
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.errors import SettingsError, StoreAway
from engine.message import Event
from engine.store import Grant, Settlement
from gateway.clock import SystemClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.redis_keys import META, PARTITIONS
from tests.conformance.events import ANN, BEN, granted, ids, message, receipt, turn
from tests.redis_servers import RedisServer, cluster, running

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[RedisStore]:
    """The store there, closed at the end."""
    store = await RedisStore.open(RedisAddress.parse(url), SystemClock())
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def store(redis_server: RedisServer) -> AsyncIterator[RedisStore]:
    async with opened(redis_server.url) as store:
        yield store


async def refusal(url: str) -> str:
    """Why nothing may be kept there."""
    with pytest.raises(SettingsError) as told:
        await RedisStore.open(RedisAddress.parse(url), SystemClock())
    return str(told.value)


async def test_F14_a_policy_that_evicts_conversations_is_refused(redis_server: RedisServer) -> None:
    redis_server.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    told = await refusal(redis_server.url)
    assert "REDIS_URL: its maxmemory-policy is allkeys-lru" in told
    assert told.endswith("set `maxmemory-policy noeviction`")


async def test_F14_what_may_be_lost_is_warned_of_at_the_start(redis_server: RedisServer) -> None:
    redis_server.ask("CONFIG", "SET", "maxmemory-policy", "volatile-ttl")
    redis_server.ask("CONFIG", "SET", "appendonly", "no")
    with capture_logs() as told:
        async with opened(redis_server.url):
            pass
    warned = [line["event"] for line in told if line["log_level"] == "warning"]
    assert [line.partition(": ")[2].partition(":")[0] for line in warned] == [
        "its maxmemory-policy is volatile-ttl",
        "append-only is off",
    ]


async def test_F14_a_redis_as_it_should_be_is_not_spoken_of(redis_server: RedisServer) -> None:
    with capture_logs() as told:
        async with opened(redis_server.url):
            pass
    assert told == []


async def test_F39_a_replica_is_refused(redis_server: RedisServer, redis_program: str, tmp_path: Path) -> None:
    (tmp_path / "replica").mkdir()
    primary = ("--replicaof", f"127.0.0.1 {redis_server.port}")
    with running(redis_program, tmp_path / "replica", *primary) as replica:
        assert "it is a replica and takes no writes; name its primary" in await refusal(replica.url)


async def test_F39_a_node_and_a_cluster_are_not_taken_for_each_other(
    redis_server: RedisServer, redis_program: str, tmp_path: Path
) -> None:
    (tmp_path / "cluster").mkdir()
    with cluster(redis_program, tmp_path / "cluster", 1) as [node]:
        assert "it is a node of a cluster; write redis+cluster://" in await refusal(node.url)
        async with opened(f"redis+cluster://127.0.0.1:{node.port}") as store:
            assert (await store.mailbox.accept(message("m1"), want_grant=True)).grant
    with pytest.raises((SettingsError, StoreAway)):
        await RedisStore.open(RedisAddress.parse(f"redis+cluster://127.0.0.1:{redis_server.port}"), SystemClock())


async def test_F39_an_old_redis_is_refused_with_its_version() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.read(65_536):
            info = b"redis_version:5.0.7\r\nredis_mode:standalone\r\nrole:master\r\n"
            writer.write(asked.count(b"*") * (b"$%d\r\n%b\r\n" % (len(info), info)))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert "it is Redis 5.0.7; update it to 6.2 or newer" in await refusal(f"redis://127.0.0.1:{port}")


async def test_F39_other_partitions_and_a_newer_schema_are_refused(redis_server: RedisServer) -> None:
    async with opened(redis_server.url):
        pass
    redis_server.ask("HSET", META, "partitions", 16, "schema", 2)
    told = await refusal(redis_server.url)
    assert f"kept in 16 partitions, and this version looks in {PARTITIONS}" in told
    assert "a newer Frontdesk wrote to it (schema 2, this one knows 1)" in told


async def test_X73_a_user_that_may_not_ask_how_redis_is_set_up_is_warned(redis_server: RedisServer) -> None:
    redis_server.ask("ACL", "SETUSER", "desk", "on", "nopass", "~f:*", "&f:news", "+@all", "-info")
    with capture_logs() as told:
        async with opened(f"redis://desk:x@127.0.0.1:{redis_server.port}") as store:
            await store.ping()
    assert "it does not say how it is set up" in told[0]["event"]


async def test_I3_of_many_processes_that_claim_at_once_each_conversation_goes_to_one(redis_server: RedisServer) -> None:
    async with AsyncExitStack() as opening:
        stores = [await opening.enter_async_context(opened(redis_server.url)) for _ in range(4)]
        people = [f"web:{n}" for n in range(300)]
        await asyncio.gather(
            *(stores[n % 4].mailbox.accept(message("m1", name), want_grant=False) for n, name in enumerate(people))
        )
        held: list[Grant] = []
        while found := await asyncio.gather(*(store.mailbox.claim(20) for store in stores)):
            if not any(found):
                break
            held += [grant for grants in found for grant in grants]
        assert sorted(grant.conversation for grant in held) == sorted(people)


async def test_F1_copies_that_reach_several_processes_at_once_enter_once(redis_server: RedisServer) -> None:
    async with opened(redis_server.url) as one, opened(redis_server.url) as other:
        answers = await asyncio.gather(
            *(store.mailbox.accept(message("m1"), want_grant=True) for store in [one, other] * 20)
        )
        assert sum(answer.fresh for answer in answers) == 1
        assert sum(answer.grant is not None for answer in answers) == 1


async def test_F11_a_killed_redis_has_everything_that_was_answered(
    store: RedisStore, redis_server: RedisServer
) -> None:
    taken: list[str] = []
    away = asyncio.Event()

    async def customer(person: str) -> None:
        for n in range(100_000):
            try:
                await store.mailbox.accept(message(f"{person}/{n}", person), want_grant=False)
            except StoreAway:
                away.set()
                return
            taken.append(f"{person}/{n}")

    grant = await store.mailbox.commit(await granted(store.mailbox, "m1", "web:held"), turn("m1", rows=["r1"]))
    customers = [asyncio.create_task(customer(f"web:{n}")) for n in range(20)]
    await asyncio.sleep(0.3)
    redis_server.kill()
    await asyncio.gather(*customers)
    assert away.is_set()
    redis_server.start()

    people = [name for name in await store.mailbox.conversations(limit=100) if name != "web:held"]
    kept = [await store.mailbox.peek(name) for name in people]
    assert set(taken) <= {id for snapshot in kept if snapshot for id in ids(snapshot.inbox)}
    assert await store.mailbox.settle(grant, Settlement(done=("r1",)), keep=False) is None, "its lease is still there"


async def test_F13_a_full_redis_takes_nothing_new_lets_what_is_under_way_end_and_forgets_nothing(
    store: RedisStore, redis_server: RedisServer
) -> None:
    sent = await store.mailbox.commit(await granted(store.mailbox, "m1"), turn("m1", rows=["r1"]))
    turned = await granted(store.mailbox, "m1", BEN)
    parked = await granted(store.mailbox, "m1", "web:cy")
    await store.mailbox.accept(message("m1", "web:due"), want_grant=False)
    redis_server.ask("CONFIG", "SET", "maxmemory", "1mb")

    for refused in (
        store.ping(),
        store.mailbox.accept(message("m2"), want_grant=True),
        store.mailbox.commit(turned, turn("m1")),
        store.mailbox.claim(10),
        store.records.put("profile", "ann", b"x"),
        store.records.add("journal", "ann", "t1", b"x"),
    ):
        with pytest.raises(StoreAway, match=r"\(OOM\): its memory is full"):
            await refused
    assert len(await store.mailbox.renew([sent, turned])) == 2
    await store.mailbox.settle(sent, Settlement(events=(receipt("r1:sent"),)), keep=True)
    following = await store.mailbox.settle(sent, Settlement(done=("r1",)), keep=False)
    assert following is not None
    await store.mailbox.release(following)
    await store.mailbox.park(parked)

    redis_server.ask("CONFIG", "SET", "maxmemory", "0")
    await store.ping()
    assert (await store.mailbox.commit(turned, turn("m1"))).version == 1
    claimed = {grant.conversation: (ids(grant.inbox), grant.attempts) for grant in await store.mailbox.claim(10)}
    assert claimed == {ANN: (["r1:sent"], 2), "web:due": (["m1"], 1)}


async def test_X62_nothing_is_left_of_a_record_that_was_dropped(store: RedisStore, redis_server: RedisServer) -> None:
    await store.records.put("profile", "canary", b"x")
    await store.records.add("journal", "canary", "t1", b"x")
    await store.records.drop("profile", "canary")
    await store.records.drop("journal", "canary")
    left = redis_server.ask("KEYS", "*")
    assert [key for key in left if b"canary" in key] == []
    assert {redis_server.ask("TYPE", key) for key in left} <= {b"hash", b"string"}


async def test_F33_an_idle_conversation_costs_at_most_750_bytes_beside_its_state(
    store: RedisStore, redis_server: RedisServer
) -> None:
    state = urandom(700)  # which cannot be packed any smaller

    async def talked(person: str) -> None:
        event = message(f"{person}:m1", person)
        grant = await granted_for(store, event)
        timer = SystemClock().now().replace(year=2100)
        grant = await store.mailbox.commit(grant, turn(event.id, rows=["r1"], state=state, timer=timer))
        await store.mailbox.settle(grant, Settlement(done=("r1",)), keep=False)

    await talked("telegram:990000000900:first:x")
    before = int(redis_server.ask("INFO", "memory")["used_memory"])
    for start in range(0, 2_000, 500):
        await asyncio.gather(*(talked(f"telegram:990000000900:{start + n}:x") for n in range(500)))
    used = int(redis_server.ask("INFO", "memory")["used_memory"]) - before
    assert used / 2_000 < 750 + len(state)


async def granted_for(store: RedisStore, event: Event) -> Grant:
    grant = (await store.mailbox.accept(event, want_grant=True)).grant
    assert grant is not None
    return grant


async def test_words_reach_other_processes_and_not_their_own(redis_server: RedisServer) -> None:
    async with opened(redis_server.url) as one, opened(redis_server.url) as other:
        assert one.news
        assert other.news
        heard: list[str] = []
        own: list[str] = []
        hearing = [asyncio.create_task(one.news.hear(own.append)), asyncio.create_task(other.news.hear(heard.append))]
        async with asyncio.timeout(10):
            while not heard:
                one.news.tell("work")
                await asyncio.sleep(0.01)
            redis_server.kill()
            one.news.tell("lost")
            redis_server.start()
            while "again" not in heard:
                one.news.tell("again")
                await asyncio.sleep(0.01)
        assert own == []
        for task in hearing:
            task.cancel()
        await asyncio.gather(*hearing, return_exceptions=True)
