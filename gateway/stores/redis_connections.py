"""Connections as a REDIS_URL asks for them: lanes for the work, pools to listen on, the primaries to look at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio.connection import Connection, ConnectionPool, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff

from gateway.stores.redis_address import Login, RedisAddress, Shape
from gateway.stores.redis_cluster import ClusterLane, ClusterMap, Node
from gateway.stores.redis_lanes import Lane, NodeLane
from gateway.stores.redis_wire import LANES

CONNECT_WITHIN_S = 1.0
SENTINEL_WITHIN_S = 0.3
"""For one sentinel to say where the primary is; then the next is asked."""


@dataclass(frozen=True, kw_only=True)
class Connections:
    """`lanes` are closed by whoever drives them, `primaries` by whoever asked for them; one may subscribe by any of
    `listening`. `close` is for what they share."""

    lanes: Sequence[Lane]
    listening: Sequence[ConnectionPool]
    primaries: Callable[[], Awaitable[list[NodeLane]]]
    close: Callable[[], Awaitable[None]]


def connections_to(address: RedisAddress) -> Connections:
    """Connected when they are used: whoever uses one learns what is not there."""
    match address.shape:
        case Shape.NODE:
            return _through(_pool(address, *(address.hosts or [("", 0)])[0]), _nothing)
        case Shape.SENTINEL:
            return _by_sentinels(address)
        case Shape.CLUSTER:
            return _to_cluster(address)


def _through(pool: ConnectionPool, close: Callable[[], Awaitable[None]]) -> Connections:
    async def primaries() -> list[NodeLane]:
        return [NodeLane(pool)]

    lanes = [NodeLane(pool) for _ in range(LANES)]
    return Connections(lanes=lanes, listening=[pool], primaries=primaries, close=close)


def _by_sentinels(address: RedisAddress) -> Connections:
    patience = {"socket_timeout": SENTINEL_WITHIN_S, "socket_connect_timeout": SENTINEL_WITHIN_S}
    trust = {"ssl": True, "ssl_ca_certs": address.authority} if address.tls else {}
    sentinels = Sentinel(  # type: ignore[no-untyped-call]  # the library's own gap
        address.hosts,
        sentinel_kwargs={**patience, **trust, **_login(address.sentinel_login), "retry": Retry(NoBackoff(), 0)},
    )

    async def close() -> None:
        for sentinel in sentinels.sentinels:
            await sentinel.aclose()

    options = {**_options(address), **({"ssl": True} if address.tls else {})}
    pool = SentinelConnectionPool(address.service, sentinels, **options)  # type: ignore[no-untyped-call]  # as above
    return _through(pool, close)


def _to_cluster(address: RedisAddress) -> Connections:
    def pool_to(node: Node) -> ConnectionPool:
        return _pool(address, *node)

    drawn = ClusterMap(address.hosts, pool_to)

    async def primaries() -> list[NodeLane]:
        return [NodeLane(pool_to(node)) for node in await drawn.draw()]

    return Connections(
        lanes=[ClusterLane(drawn, pool_to) for _ in range(LANES)],
        listening=[pool_to(host) for host in address.hosts],
        primaries=primaries,
        close=_nothing,
    )


def _pool(address: RedisAddress, host: str, port: int) -> ConnectionPool:
    options = _options(address)
    if address.path:
        return ConnectionPool(connection_class=UnixDomainSocketConnection, path=address.path, **options)
    kind = SSLConnection if address.tls else Connection
    return ConnectionPool(connection_class=kind, host=host, port=port, **options)


def _options(address: RedisAddress) -> dict[str, Any]:
    """RESP2: the scripts' answers are the same in both, and managed services know it. Deadlines are the wire's."""
    options: dict[str, Any] = {"protocol": 2, "socket_timeout": None, "socket_connect_timeout": CONNECT_WITHIN_S}
    if not address.path:
        options["socket_keepalive"] = True
    if address.db:
        options["db"] = address.db
    if address.tls and address.authority:
        options["ssl_ca_certs"] = address.authority
    return options | _login(address.login)


def _login(login: Login) -> dict[str, Any]:
    return {name: value for name, value in (("username", login.user), ("password", login.password)) if value}


async def _nothing() -> None:
    """Nothing is shared."""
