"""Reads a request's body, never more of it than allowed."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import Receive

_MAX_LENGTH_DIGITS = 19


class BodyTooLarge(Exception):
    """More than was allowed, by its Content-Length or by what came."""


class ClientGone(Exception):
    """The client left before the body was whole: nobody waits for an answer."""


async def read_body(receive: Receive, headers: Sequence[tuple[bytes, bytes]], *, max_bytes: int) -> bytes:
    """The whole body. Raises BodyTooLarge and ClientGone.

    A Content-Length that is too large is believed at once; a small one is not, the bytes are counted (C7). What was
    not read is thrown away by the server as it comes. How long it may take is the listener's matter (X5).
    """
    for name, value in headers:
        if (
            name == b"content-length"
            and value.isdigit()
            and (len(value) > _MAX_LENGTH_DIGITS or int(value) > max_bytes)
        ):
            raise BodyTooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > max_bytes:
            raise BodyTooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if len(parts) > 1 else part
