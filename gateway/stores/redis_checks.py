"""What a Redis must be before conversations are kept in it: looked at once at the start, and by `doctor` (F14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import SettingsError
from gateway.stores.redis_address import Shape
from gateway.stores.redis_connections import Connections
from gateway.stores.redis_keys import META, PARTITIONS, SCHEMA
from gateway.stores.redis_lanes import NodeLane
from gateway.stores.redis_scripts import script
from gateway.stores.redis_wire import Wire

OLDEST = (6, 2)
"""ZADD with LT. Source: Redis documentation, commands, ZADD, history."""


@dataclass(frozen=True, kw_only=True)
class Concern:
    """What is not as it should be. With a `fatal` one no conversation is kept there."""

    what: str
    remedy: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


async def concerns(connections: Connections, wire: Wire, shape: Shape) -> list[Concern]:
    """Everything that can be said against it, each sentence once. Raises what the connections and the wire raise."""
    found: list[Concern] = []
    for primary in await connections.primaries():
        try:
            found += _of_node(await _facts(primary), shape)
        finally:
            await primary.close()
    if not any(concern.fatal for concern in found):
        found += _of_keys(*await wire.run(script("meta"), (META,), PARTITIONS, SCHEMA))
    return list(dict.fromkeys(found))


def refuse_fatal(found: Iterable[Concern]) -> None:
    """Raises SettingsError with every fatal one."""
    if sentences := [f"REDIS_URL: {concern}" for concern in found if concern.fatal]:
        raise SettingsError(*sentences)


async def _facts(node: NodeLane) -> Mapping[str, str]:
    """INFO as pairs; empty where we may not ask."""
    [answer] = await node.carry([("INFO",)])
    if isinstance(answer, Exception):
        return {}
    pairs = (line.partition(":") for line in answer.decode().splitlines() if ":" in line)
    return {name: value for name, _, value in pairs}


def _of_node(facts: Mapping[str, str], shape: Shape) -> Iterator[Concern]:
    if not facts:
        remedy = "let this user run INFO, or make sure of `maxmemory-policy noeviction` and `appendonly yes` yourself"
        yield Concern(what="it does not say how it is set up", remedy=remedy, fatal=False)
        return
    version = facts.get("redis_version", "")
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < OLDEST:
        yield Concern(what=f"it is Redis {version}", remedy="update it to 6.2 or newer")
    mode, clustered = facts.get("redis_mode"), shape is Shape.CLUSTER
    if mode == "sentinel":
        remedy = "write redis+sentinel:// and the primary's name behind the hosts"
        yield Concern(what="it is a sentinel, which keeps nothing", remedy=remedy)
    elif mode is not None and (mode == "cluster") is not clustered:
        which, scheme = ("no cluster", "redis://") if clustered else ("a node of a cluster", "redis+cluster://")
        yield Concern(what=f"it is {which}", remedy=f"write {scheme}")
    if facts.get("role") == "slave":
        yield Concern(what="it is a replica and takes no writes", remedy="name its primary, or its sentinels")
    yield from _of_memory(facts)


def _of_memory(facts: Mapping[str, str]) -> Iterator[Concern]:
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy.startswith("allkeys"):
        what = f"its maxmemory-policy is {policy}: it would throw conversations away when its memory is full"
        yield Concern(what=what, remedy="set `maxmemory-policy noeviction`")
    elif policy != "noeviction":
        what = f"its maxmemory-policy is {policy}: it may forget which messages it has seen when its memory is full"
        yield Concern(what=what, remedy="set `maxmemory-policy noeviction`", fatal=False)
    if facts.get("aof_enabled") == "0":
        what = "append-only is off: a restart loses what came since the last snapshot, conversations included"
        yield Concern(what=what, remedy="set `appendonly yes`", fatal=False)


def _of_keys(partitions: bytes, schema: bytes) -> Iterator[Concern]:
    if int(partitions) != PARTITIONS:
        what = f"its conversations are kept in {int(partitions)} partitions, and this version looks in {PARTITIONS}"
        yield Concern(what=what, remedy="run the version that wrote them, or name an empty database")
    if int(schema) > SCHEMA:
        what = f"a newer Frontdesk wrote to it (schema {int(schema)}, this one knows {SCHEMA})"
        yield Concern(what=what, remedy="run that version, or name an empty database")
