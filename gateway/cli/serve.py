"""`frontdesk serve`: the web and the workers in one process, from the environment, until SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from typing import Annotated, Protocol

import structlog
import typer
import uvloop
from starlette.types import ASGIApp

from engine.errors import FrontdeskError
from gateway.cli.ports import listen
from gateway.health import Health
from gateway.server import Server
from gateway.settings import Settings, from_environment
from gateway.telemetry import start_logs, unhandled

TURNS_S = 9.5
"""For turns under way to finish; the door stays open meanwhile and /readyz says 503 (F25: 10 s)."""
LAST_S = 2.0
"""For open requests and streams after that: out by 12 s (F25)."""
COLLECT_AFTER = (50_000, 20, 20)
"""New objects, then rounds, between garbage collections (Python: 700, 10, 10). Start-up makes half a million objects
that stay and a turn hardly a cycle: 0.3 s less to ready with Telegram, 7 % less CPU per turn (tests/bench)."""

_log = structlog.get_logger("frontdesk.serve")


class Desk(Protocol):
    """The running desk as the wiring opens it."""

    @property
    def app(self) -> ASGIApp: ...

    @property
    def health(self) -> Health: ...

    async def run(self) -> None:
        """Work until `health.stopping` is set; then claim nothing, finish the turns under way, and return."""
        ...

    async def close(self) -> None:
        """Close channels and store; also when `run` was cut off."""
        ...


def serve(
    port: Annotated[int | None, typer.Option(help="Default 8080, or the next one free.", min=0, max=65_535)] = None,
    host: Annotated[str, typer.Option(help="Where to listen; 0.0.0.0 for every address.")] = "127.0.0.1",
) -> None:
    """Serve webhooks, the web channel and the workers until SIGTERM."""
    settings = from_environment()
    start_logs(settings)
    if settings.redis_url:
        _log.warning(f"REDIS_URL is set, but this version keeps everything in SQLite, in {settings.data_dir}")
    gc.set_threshold(*COLLECT_AFTER)
    # Before anything is opened: a second `serve` by mistake should not get as far as the store.
    with listen(host, port) as listening, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, listening))


async def _serve(settings: Settings, listening: socket.socket) -> None:
    from gateway.wiring import open_desk  # noqa: PLC0415 - with the channels' SDKs: other commands do without (C3)

    asyncio.get_running_loop().set_exception_handler(unhandled)
    desk = await open_desk(settings)
    try:
        await keep_open(desk, listening)
    finally:
        await desk.close()


async def keep_open(desk: Desk, listening: socket.socket) -> None:
    """Web and work side by side until a signal, or until one of them ends by itself; what broke it is told."""
    server = Server(desk.app, listening)
    asked = asyncio.create_task(_asked_to_stop())  # first: whoever reads that we are ready may stop us at once
    web = asyncio.create_task(server.serve(sockets=[listening]))
    work = asyncio.create_task(desk.run())
    await asyncio.wait({web, work, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    desk.health.stop()
    _log.info("stopping")
    await asyncio.wait({work}, timeout=TURNS_S)
    server.should_exit = True
    _, late = await asyncio.wait({web, work}, timeout=LAST_S)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in {web, work} - late:
        _own_up(task.exception())


def _own_up(error: BaseException | None) -> None:
    if error is None:
        return
    if isinstance(error, FrontdeskError):
        raise error
    # Python's own trace would print the words of the error, which may be a customer's (C16).
    _log.critical("the service broke", exc_info=error)
    raise SystemExit(1)


async def _asked_to_stop() -> None:
    """Returns at the first SIGTERM or SIGINT; further ones change nothing, a second Ctrl+C ends the process."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
    loop.remove_signal_handler(signal.SIGINT)
