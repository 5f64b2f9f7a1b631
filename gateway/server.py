"""uvicorn as this service runs it: our listener, no logs of its own, no belief in a stranger's headers."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator

import structlog
import uvicorn
from starlette.types import ASGIApp

from gateway.listener import Listener, max_connections

KEEP_ALIVE_S = 65
"""Longer than the 60 s of usual proxies, so that they hang up first and never post into a closing connection."""
REQUESTS_S = 1
"""For open requests and streams to end, once the server stops."""

_log = structlog.get_logger("frontdesk.serve")


class Server(uvicorn.Server):
    """Serves `app` on a listening socket until `should_exit` is set.

    uvicorn's own signal handling is off: it would end the process before the desk is closed.
    """

    def __init__(self, app: ASGIApp, listening: socket.socket, *, http: type[Listener] = Listener) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=http,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=max_connections(),
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=REQUESTS_S,
            )
        )
        self.url = address(listening)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Take no signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say where, once it is true."""
        await super().startup(sockets)
        _log.info(f"ready at {self.url}")


def address(listening: socket.socket) -> str:
    """The http address that a browser on this machine would use."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
