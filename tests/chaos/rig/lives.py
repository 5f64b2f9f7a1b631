"""One life of a process: a command of its own, or a fork from the nursery; both are asked the same."""

from __future__ import annotations

import asyncio
import atexit
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from tests.chaos.rig.nursery import Birth

ROOT = Path(__file__).parents[3]
_OPENING = threading.Lock()


class Life(Protocol):
    """As much of asyncio's Process as is used here."""

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, signal: int, /) -> None: ...

    async def wait(self) -> int: ...


async def of_command(command: Sequence[str], environ: Mapping[str, str], log: Path) -> Life:
    """A program of somebody else's."""
    with log.open("ab") as words:
        return await asyncio.create_subprocess_exec(
            *command,
            env=dict(environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,  # Ctrl+C is for the rig: it ends them in its order
        )


async def of_gateway(birth: Birth) -> Life:
    """A `frontdesk` of ours."""
    reader, writer = await asyncio.open_unix_connection(await asyncio.to_thread(_the_nursery))
    writer.write(msgspec.json.encode(birth))
    return _Fork(int(await reader.readline()), reader, writer)


class _Fork:
    """Somebody else's child: its end is heard of, not waited for."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.returncode: int | None = None
        self._pid = pid
        self._over = asyncio.create_task(self._end(reader, writer))

    def send_signal(self, number: int, /) -> None:
        """Raises nothing when it is over."""
        if self.returncode is None:
            os.kill(self._pid, number)

    async def wait(self) -> int:
        return await asyncio.shield(self._over)

    async def _end(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        try:
            self.returncode = code = int(await reader.readline() or -signal.SIGKILL)
        finally:
            writer.close()
        return code


def _the_nursery() -> Path:
    with _OPENING:
        return _nursery()


@functools.cache
def _nursery() -> Path:
    """The one of this process, for all its runs."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-nursery-"))
    door = folder / "door"
    command = [sys.executable, "-m", "tests.chaos.rig.nursery", str(door)]
    nursery = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)

    def close() -> None:
        nursery.communicate()
        shutil.rmtree(folder)

    atexit.register(close)
    assert nursery.stdout is not None
    if nursery.stdout.readline() != b"open\n":
        raise RuntimeError(f"the nursery does not open; its exit code is {nursery.wait()}")
    return door
