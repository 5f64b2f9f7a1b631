"""What every test may ask for, and the table of what could not run here."""

from __future__ import annotations

import logging
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from rich import box
from rich.console import Console
from rich.table import Table

from gateway.telemetry import SILENT

if TYPE_CHECKING:
    from tests.redis_servers import RedisServer

REMEDY = " -> "
"""Stands between why a test was skipped and the command that mends it: `pytest.skip("no shop here -> make shop")`."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A program that pip cannot bring. `variable` may hold its path; else the first of `programs` on PATH is taken."""

    fixture: str
    variable: str
    programs: tuple[str, ...]
    package: str

    def path(self) -> str | None:
        """Where its executable is, or None."""
        named = os.environ.get(self.variable)
        return next(filter(None, map(shutil.which, [named] if named else self.programs)), None)

    def missing(self) -> str:
        """Why it is missing, and the remedy."""
        named = os.environ.get(self.variable)
        why = f"{self.variable}={named} is no program" if named else f"{self.programs[0]} is not installed"
        return f"{why}{REMEDY}apt-get install {self.package}, or {self.variable}=/path/to/it"


PARTS = {
    "redis": Part(
        fixture="redis_program",
        variable="REDIS_SERVER",
        programs=("redis-server",),
        package="redis-server",
    ),
    "browser": Part(
        fixture="chromium",
        variable="CHROMIUM",
        programs=("chromium", "chromium-browser", "google-chrome"),
        package="chromium",
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the random lives at the desk are (tests/chaos/test_desk_invariants.py), and which one is lived again."""
    lives = parser.getgroup("lives", "random lives at the desk")
    lives.addoption("--desk-steps", type=int, default=5_000, metavar="N", help="steps of all lives together")
    lives.addoption("--desk-seed", type=int, default=None, metavar="SEED", help="live only this one")


def pytest_configure() -> None:
    """Refuse a REQUIRE that names nothing we know: it would require nothing."""
    if unknown := _required() - PARTS.keys():
        raise pytest.UsageError(f"REQUIRE names {', '.join(sorted(unknown))}; it may name {', '.join(PARTS)}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a part's fixture carries its marker, so that `-m "not browser"` leaves it out."""
    for item in items:
        for marker, part in PARTS.items():
            if part.fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what lacks its part; fail it where REQUIRE names the part."""
    for marker, part in PARTS.items():
        if item.get_closest_marker(marker) is None or part.path():
            continue
        if marker in _required():
            pytest.fail(f"{part.missing()} (REQUIRE names {marker})", pytrace=False)
        pytest.skip(part.missing())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """List last what did not run, why, and what mends it; only pytest's own closing line follows."""
    yield
    _list_not_run(terminalreporter)


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, as the gateway does."""
    return "asyncio"


@pytest.fixture(autouse=True)
def logging_as_found() -> Iterator[None]:
    """Puts the process's logging back as a test found it: a command that a test runs in this process sets its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in SILENT}
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real Chromium."""
    return PARTS["browser"].path() or pytest.skip(PARTS["browser"].missing())


@pytest.fixture(scope="session")
def redis_program() -> str:
    """The path of a redis-server, for tests that start, kill or fill one of their own."""
    return PARTS["redis"].path() or pytest.skip(PARTS["redis"].missing())


@pytest.fixture(scope="session")
def shared_redis(redis_program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a redis-server of our own, gone afterwards; ask for `redis_url`, and it is empty."""
    from tests.redis_servers import running

    with running(redis_program, tmp_path_factory.mktemp("redis"), "--save", "", "--appendonly", "no") as server:
        yield server.url


@pytest.fixture
def redis_url(shared_redis: str) -> Iterator[str]:
    """The address of a redis-server of our own, with nothing in it."""
    from tests.redis_servers import emptied

    yield shared_redis
    emptied(shared_redis)


@pytest.fixture
def redis_server(redis_program: str, tmp_path: Path) -> Iterator[RedisServer]:
    """A redis-server of this test alone, on a port of its own; what it has answered is on its disk."""
    from tests.redis_servers import running

    with running(redis_program, tmp_path, "--save", "", "--appendonly", "yes", "--appendfsync", "always") as server:
        yield server


def _required() -> set[str]:
    return {name for name in map(str.strip, os.environ.get("REQUIRE", "").split(",")) if name}


def _list_not_run(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = Counter(_reason(report) for report in terminalreporter.getreports("skipped"))
    if not skipped:
        return
    table = Table("tests", "why", "command that mends it", title="not run", title_justify="left", box=box.SIMPLE_HEAD)
    for reason, count in skipped.most_common():
        why, _, remedy = reason.partition(REMEDY)
        table.add_row(str(count), why, remedy)
    page = Console(width=120, no_color=True, highlight=False, markup=False)
    with page.capture() as capture:
        page.print(table)
    for line in capture.get().splitlines():
        terminalreporter.write_line(line.rstrip())


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
