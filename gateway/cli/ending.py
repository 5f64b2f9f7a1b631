"""How a running process is asked to end, how long it may take, and what it says when it broke."""

from __future__ import annotations

import asyncio
import signal

import structlog

from engine.errors import FrontdeskError

TURNS_S = 9.5
"""For turns under way to finish; the door stays open meanwhile and /readyz says 503 (F25: 10 s)."""
LAST_S = 2.0
"""For open requests and streams after that: out by 12 s (F25)."""

_log = structlog.get_logger("frontdesk.ending")


async def asked_to_stop() -> None:
    """Returns at the first SIGTERM or SIGINT; further ones change nothing, a second Ctrl+C ends the process."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
    loop.remove_signal_handler(signal.SIGINT)


async def cut_off(tasks: set[asyncio.Task[None]]) -> None:
    """End what has not ended in time; then tell what broke the rest, if something did."""
    late = {task for task in tasks if not task.done()}
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in tasks - late:
        _own_up(task.exception())


def _own_up(error: BaseException | None) -> None:
    if error is None:
        return
    if isinstance(error, FrontdeskError):
        raise error
    # Python's own trace would print the words of the error, which may be a customer's (C16).
    _log.critical("the service broke", exc_info=error)
    raise SystemExit(1)
