"""A machine that lacks a program says so last, and fails where the program was required."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SAMPLE = """
import pytest

def test_plain(): pass

@pytest.mark.redis
def test_by_marker(): pass

def test_by_fixture(chromium): pass

def test_by_another_reason(): pytest.skip("the shop is closed -> make shop")
"""


def run_sample(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """pytest with our own conftest.py and settings, in a process whose PATH is empty."""
    shutil.copy(HERE / "conftest.py", folder)
    (folder / "test_sample.py").write_text(SAMPLE)
    environ = {name: value for name, value in os.environ.items() if name not in {"REQUIRE", "CHROMIUM", "REDIS_SERVER"}}
    quiet = {"PATH": str(folder / "nothing"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    settings = ["-c", str(HERE.parent / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *settings, *arguments, str(folder)],
        env={**environ, **quiet, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_missing_is_listed_last_with_its_remedy(tmp_path: Path) -> None:
    ended = run_sample(tmp_path)
    assert ended.returncode == 0, ended.stdout
    _, _, table = ended.stdout.partition("not run\n")
    assert "redis-server is not installed" in table
    assert "apt-get install redis-server, or REDIS_SERVER=/path/to/it" in table
    assert "chromium is not installed" in table
    assert "apt-get install chromium, or CHROMIUM=/path/to/it" in table
    assert table.splitlines()[-1].startswith("1 passed, 3 skipped in ")


def test_any_skip_with_an_arrow_names_its_own_remedy(tmp_path: Path) -> None:
    ended = run_sample(tmp_path)
    [row] = [line for line in ended.stdout.splitlines() if "the shop is closed" in line]
    assert row.split("the shop is closed")[1].strip() == "make shop"


def test_what_is_required_fails_instead(tmp_path: Path) -> None:
    ended = run_sample(tmp_path, REQUIRE="redis, browser")
    assert ended.returncode == 1
    assert "redis-server is not installed -> apt-get install redis-server" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("1 passed, 1 skipped, 2 errors in ")


def test_only_what_is_required_fails(tmp_path: Path) -> None:
    ended = run_sample(tmp_path, REQUIRE="redis")
    assert ended.stdout.index("short test summary") < ended.stdout.index("not run\n")
    assert ended.stdout.splitlines()[-1].startswith("1 passed, 2 skipped, 1 error in ")


def test_a_requirement_nobody_knows_is_refused(tmp_path: Path) -> None:
    ended = run_sample(tmp_path, REQUIRE="reddis")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "REQUIRE names reddis; it may name redis, browser" in ended.stderr


def test_a_variable_that_names_no_program_is_said(tmp_path: Path) -> None:
    ended = run_sample(tmp_path, CHROMIUM="/nowhere/chromium")
    assert "CHROMIUM=/nowhere/chromium is no program" in ended.stdout


def test_a_variable_names_a_program_that_is_not_on_the_path(tmp_path: Path) -> None:
    ended = run_sample(tmp_path, CHROMIUM=sys.executable)
    assert ended.stdout.splitlines()[-1].startswith("2 passed, 2 skipped in ")


def test_asking_for_the_fixture_is_as_good_as_the_marker(tmp_path: Path) -> None:
    ended = run_sample(tmp_path, "-m", "not browser and not redis")
    assert ended.stdout.splitlines()[-1].startswith("1 passed, 1 skipped, 2 deselected in ")


def test_a_complete_run_has_no_table(tmp_path: Path) -> None:
    ended = run_sample(tmp_path, "-k", "test_plain")
    assert "not run" not in ended.stdout


def test_redis_is_our_own_and_empty(redis_url: str) -> None:
    host, _, port = redis_url.removeprefix("redis://").removesuffix("/0").partition(":")
    with socket.create_connection((host, int(port))) as wire:
        wire.sendall(b"DBSIZE\r\n")
        assert wire.recv(64) == b":0\r\n"


def test_chromium_is_a_program(chromium: str) -> None:
    assert os.access(chromium, os.X_OK)
