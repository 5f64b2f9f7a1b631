"""The embedded store's file: one process at a time, and no start on what cannot be the store."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.errors import SettingsError
from gateway.clock import SystemClock
from gateway.stores.sqlite import SqliteStore
from gateway.stores.sqlite_file import SCHEMA, open_file

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from gateway.stores.sqlite_file import open_file
file = open_file(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteStore]:
    """The store on this file, closed at the end."""
    store = await SqliteStore.open(path, SystemClock())
    try:
        yield store
    finally:
        await store.close()


async def test_F37_a_second_process_is_refused_with_the_remedy_until_the_first_is_dead(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        with pytest.raises(
            SettingsError, match=r"desk\.db is in use by another process; .*FRONTDESK_DATA_DIR.*REDIS_URL"
        ):
            await SqliteStore.open(path, SystemClock())
        first.send_signal(signal.SIGKILL)
    async with opened(path) as store:
        await store.ping()


async def test_F37_the_file_is_refused_twice_in_one_process_too(tmp_path: Path) -> None:
    async with opened(tmp_path / "desk.db"):
        with pytest.raises(SettingsError, match="in use"):
            await SqliteStore.open(tmp_path / "desk.db", SystemClock())
    async with opened(tmp_path / "desk.db"):
        pass


def no_folder(path: Path) -> None:
    path.parent.write_text("a file")


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def garbage(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 300)


def truncated(path: Path) -> None:
    open_file(path).close()
    path.write_bytes(path.read_bytes()[:5000])


def newer(path: Path) -> None:
    open_file(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()


def foreign(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photos (id)")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (no_folder, "cannot be used as the store.*FRONTDESK_DATA_DIR"),
        (a_folder, "cannot be used as the store.*FRONTDESK_DATA_DIR"),
        (garbage, "not a database.*restore it from a backup, or move it aside"),
        (truncated, "malformed.*restore it from a backup, or move it aside"),
        (newer, f"newer Frontdesk .schema {SCHEMA + 1}, this one knows {SCHEMA}.; run that version"),
        (foreign, "of another program; set FRONTDESK_DATA_DIR"),
    ],
)
async def test_F39_a_file_that_cannot_be_the_store_is_refused_with_the_remedy(
    tmp_path: Path, spoil: object, says: str
) -> None:
    path = tmp_path / "data" / "desk.db"
    assert callable(spoil)
    spoil(path)
    with pytest.raises(SettingsError, match=says) as refused:
        await SqliteStore.open(path, SystemClock())
    assert str(path) in str(refused.value)
