"""Connections to Redis: each carries a batch there, and its answers back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import hiredis
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.exceptions import ResponseError

from gateway.stores.redis_faults import code_of

Command = tuple[str | bytes | int, ...]
Answer = Any
"""What Redis said to a command; an error is a value here, for its neighbours' answers are sound."""


class Lane(Protocol):
    """Carries one batch at a time."""

    async def carry(self, commands: Sequence[Command]) -> list[Answer]:
        """The answers in the commands' order. After what it raises, and a cancellation, the next batch starts anew."""
        ...

    async def close(self) -> None:
        """Let go of what it is connected to."""
        ...


class NodeLane:
    """One connection to one node, made when it is needed. Of a sentinel's pool it is to the primary of the moment."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._connection: AbstractConnection | None = None

    async def carry(self, commands: Sequence[Command]) -> list[Answer]:
        """Written in one piece, read one by one."""
        packed = b"".join(_packed(command) for command in commands)
        connection = self._connection or await connected(self._pool)
        self._connection = None
        try:
            await connection.send_packed_command(packed, check_health=False)
            answers = [await _answer(connection) for _ in commands]
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        if any(isinstance(answer, ResponseError) and code_of(answer) == "READONLY" for answer in answers):
            await connection.disconnect(nowait=True)  # a primary no more: a new connection finds the one that is
        else:
            self._connection = connection
        return answers

    async def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            await self._connection.disconnect()


async def connected(pool: ConnectionPool) -> AbstractConnection:
    """A new connection as the pool is set up to make them."""
    connection: AbstractConnection = pool.make_connection()  # type: ignore[no-untyped-call]  # the library's own gap
    try:
        await connection.connect()  # type: ignore[no-untyped-call]  # as above
    except BaseException:
        await connection.disconnect(nowait=True)
        raise
    return connection


def _packed(command: Command) -> bytes:
    packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # a tuple of any length; its stub says one
    return packed


async def _answer(connection: AbstractConnection) -> Answer:
    try:
        return await connection.read_response()
    except ResponseError as refusal:
        return refusal
