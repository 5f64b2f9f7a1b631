"""`frontdesk serve`: the web, and unless told otherwise the workers, from the environment, until SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import socket
from typing import Annotated, Protocol

import structlog
import typer
import uvloop
from starlette.types import ASGIApp

from gateway.cli.ending import LAST_S, TURNS_S, asked_to_stop, cut_off
from gateway.cli.ports import listen
from gateway.health import Health
from gateway.roles import Role, refuse_alone
from gateway.server import Server
from gateway.settings import Settings, from_environment
from gateway.telemetry import start_logs, unhandled

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
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave turns to `frontdesk work`.")] = False,
) -> None:
    """Serve webhooks, the web channel and the workers until SIGTERM."""
    settings = from_environment()
    start_logs(settings)
    if no_worker:
        refuse_alone(settings, "`frontdesk serve --no-worker`")
    gc.set_threshold(*COLLECT_AFTER)
    # Before anything is opened: a second `serve` by mistake should not get as far as the store.
    with listen(host, port) as listening, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, listening, Role.DOORS if no_worker else Role.WHOLE))


async def _serve(settings: Settings, listening: socket.socket, role: Role) -> None:
    from gateway.wiring import open_desk  # noqa: PLC0415 - with the channels' SDKs: other commands do without (C3)

    asyncio.get_running_loop().set_exception_handler(unhandled)
    desk = await open_desk(settings, role=role)
    try:
        await keep_open(desk, listening)
    finally:
        await desk.close()


async def keep_open(desk: Desk, listening: socket.socket) -> None:
    """Web and work side by side until a signal, or until one of them ends by itself; what broke it is told."""
    server = Server(desk.app, listening)
    asked = asyncio.create_task(asked_to_stop())  # first: whoever reads that we are ready may stop us at once
    web = asyncio.create_task(server.serve(sockets=[listening]))
    work = asyncio.create_task(desk.run())
    await asyncio.wait({web, work, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    desk.health.stop()
    _log.info("stopping")
    await asyncio.wait({work}, timeout=TURNS_S)
    server.should_exit = True
    await asyncio.wait({web, work}, timeout=LAST_S)
    await cut_off({web, work})
