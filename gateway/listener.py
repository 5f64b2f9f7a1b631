"""HTTP on one connection, with the limits that the server itself leaves open: head size, request time, count (X5)."""

from __future__ import annotations

import asyncio
import resource
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 16_384
"""Request line and headers together (X5)."""
REQUEST_S = 30.0
"""From a request's first byte, or a connection's beginning, to the last byte of its body (X5)."""
MAX_CONNECTIONS = 4_096
RESERVED_FILES = 64
"""Descriptors that connections leave for the store, the providers and the logs."""


def max_connections() -> int:
    """As many as this process may have open files for."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(16, min(MAX_CONNECTIONS, allowed - RESERVED_FILES)) if allowed > 0 else MAX_CONNECTIONS


class HeadTooLarge(Exception):
    """Stops the parser; the connection is answered 431."""


class Listener(HttpToolsProtocol):
    """uvicorn's HTTP protocol. Its `limit_concurrency` bounds the connections as soon as they are made.

    Invariants: 1. a connection that is not idle between two requests has a deadline; 2. the head of a request is not
    kept beyond MAX_HEAD_BYTES and what one read brings.
    """

    request_s = REQUEST_S

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._idle = True
        self._in_head = False
        self._head_bytes = 0
        self._unparsed_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the parent
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._idle = False
        self._unparsed_bytes += len(data)
        super().data_received(data)
        if not self._idle and self._deadline is None:  # most requests come whole, and need no timer
            self._arm()
        # The parser tells of a header when it is whole: one without an end is only seen here.
        if self._in_head and self._unparsed_bytes > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        self._idle = False
        self._in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._unparsed_bytes = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._disarm()
        self._idle = True
        self._unparsed_bytes = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """The parser gave up: on what is no HTTP, or because it was stopped by HeadTooLarge."""
        large = self._head_bytes > MAX_HEAD_BYTES
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if large else HTTPStatus.BAD_REQUEST)

    def _count(self, length: int) -> None:
        self._head_bytes += length
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HeadTooLarge

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(self.request_s, self._too_slow)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        answered = self.cycle is not None and self.cycle.response_started and not self._in_head
        if self.scope is None or answered:
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        if self.transport.is_closing():
            return
        line = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        self.transport.write(line.encode() + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()
