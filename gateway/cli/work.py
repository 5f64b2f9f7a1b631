"""`frontdesk work`: turns and sending without doors, beside a `frontdesk serve --no-worker` on the same Redis."""

from __future__ import annotations

import asyncio
import gc
from typing import Protocol

import structlog
import uvloop

from gateway.cli.ending import LAST_S, TURNS_S, asked_to_stop, cut_off
from gateway.cli.serve import COLLECT_AFTER
from gateway.health import Health
from gateway.roles import Role, refuse_alone
from gateway.settings import Settings, from_environment
from gateway.telemetry import start_logs, unhandled

LOOK_S = 2.0
"""Between looks at how the parts are: there is no /readyz to ask."""

_log = structlog.get_logger("frontdesk.work")


class Desk(Protocol):
    """The running desk as the wiring opens it."""

    @property
    def health(self) -> Health: ...

    async def run(self) -> None:
        """Work until `health.stopping` is set; then claim nothing, finish the turns under way, and return."""
        ...

    async def close(self) -> None:
        """Close channels and store; also when `run` was cut off."""
        ...


def work() -> None:
    """Take turns and send, without doors, until SIGTERM. Needs Redis, and a `serve` that hears the customers."""
    settings = from_environment()
    start_logs(settings)
    refuse_alone(settings, "`frontdesk work`")
    gc.set_threshold(*COLLECT_AFTER)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings))


async def _work(settings: Settings) -> None:
    from gateway.wiring import open_desk  # noqa: PLC0415 - with the channels' SDKs: other commands do without (C3)

    asyncio.get_running_loop().set_exception_handler(unhandled)
    desk = await open_desk(settings, role=Role.WORKERS)
    try:
        await keep_working(desk)
    finally:
        await desk.close()


async def keep_working(desk: Desk) -> None:
    """Work until a signal, or until the work ends by itself; what broke it is told."""
    asked = asyncio.create_task(asked_to_stop())
    running = asyncio.create_task(desk.run())
    watching = asyncio.create_task(_watch(desk.health))
    _log.info("ready to work")
    await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    watching.cancel()
    desk.health.stop()
    _log.info("stopping")
    await asyncio.wait({running}, timeout=TURNS_S + LAST_S)
    await cut_off({running})


async def _watch(health: Health) -> None:
    """Say when a part goes away or comes back."""
    ill: dict[str, str] = {}
    while True:
        parts = (await health.look()).parts
        now = {name: part.note for name, part in parts.items() if not part.ok}
        for name in now.keys() - ill.keys():
            _log.error("a part is not well", part=name, note=now[name])
        for name in ill.keys() - now.keys():
            _log.info("a part is well again", part=name)
        ill = now
        await asyncio.sleep(LOOK_S)
