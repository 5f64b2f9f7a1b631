"""Where lives of the gateway begin: a process that has read the libraries, so that a start is the gateway's own work.

    python -m tests.chaos.rig.nursery SOCKET

Reading aiogram is most of a start, and with fifty kills it was a third of a run in which nothing could be broken. Each
life is a fork that runs `frontdesk` from its first line. One connection is one life: a request in, its pid out; when it
is over, its exit code. The nursery ends with its standard input.
"""

from __future__ import annotations

import importlib
import os
import select
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

LIBRARIES = ("aiogram", "aiohttp", "httptools", "pydantic_settings", "redis.asyncio", "structlog", "typer", "uvicorn")
"""None of ours: a fault may be planted in what a life reads by itself."""
REAPED_S = 0.02
REQUEST_MAX = 1 << 16


class Birth(msgspec.Struct, frozen=True, kw_only=True):
    """What is run: `frontdesk` with `arguments`, and after `fault` (name, store, seconds of a lease) was planted."""

    arguments: tuple[str, ...]
    environ: Mapping[str, str]
    log: str
    fault: tuple[str, str, float] | None = None


def births(path: Path) -> Birth | None:
    """Serve until nobody needs it: then None. Returns in each child too, with what it is to do."""
    lives: dict[int, socket.socket] = {}
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen(64)
        sys.stdout.write("open\n")
        sys.stdout.flush()
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [], REAPED_S)
            if sys.stdin in ready:
                return None
            if door in ready:
                line, _ = door.accept()
                birth = msgspec.json.decode(line.recv(REQUEST_MAX), type=Birth)
                pid = os.fork()
                if pid == 0:
                    for other in (line, *lives.values()):
                        other.close()
                    return birth
                lives[pid] = line
                line.sendall(b"%d\n" % pid)
            _bury(lives)


def live(birth: Birth) -> None:
    """Become it."""
    os.setsid()  # Ctrl+C is for the rig: it ends them in its order
    with Path(birth.log).open("ab") as log, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.clear()
    os.environ.update(birth.environ)
    sys.argv[:] = ["frontdesk", *birth.arguments]
    if birth.fault is not None:
        from tests.chaos.rig.faults_begin import begin

        begin(*birth.fault)
    from gateway.cli.main import run

    run()


def _bury(lives: dict[int, socket.socket]) -> None:
    while lives:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with lives.pop(pid) as line, suppress(ConnectionError):  # whoever asked may be gone
            line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def main() -> None:
    """Read, and wait for births."""
    for name in LIBRARIES:
        importlib.import_module(name)
    if birth := births(Path(sys.argv[1])):
        live(birth)


if __name__ == "__main__":
    main()
