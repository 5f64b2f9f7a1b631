"""The command line: ports, the life of `serve` around a desk, and what an operator reads when it cannot go on."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import aiohttp
import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from engine.errors import FlowError, Problem, SettingsError, StoreAway
from gateway.cli import chat, ending, main, ports
from gateway.cli import serve as serving
from tests.gateway.loopback import AUTHENTIC, Front

ROOT = Path(__file__).parent.parent.parent
BARE = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def frontdesk(*words: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, in an environment with nothing else in it."""
    code = "from gateway.cli.main import run; run()"
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(
        command, env={**BARE, **environ}, cwd=ROOT, input=stdin, capture_output=True, text=True, check=False
    )


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_port_that_was_named_and_is_taken_is_an_error_with_the_remedy(taken: int) -> None:
    with pytest.raises(SettingsError, match=rf"port {taken} on 127.0.0.1 is taken; stop what uses it or name another"):
        ports.listen("127.0.0.1", taken)


def test_without_a_named_port_the_next_free_one_is_taken(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "DEFAULT_PORT", taken)
    with ports.listen("127.0.0.1", None) as listening:
        assert taken < listening.getsockname()[1] < taken + ports.TRIES


def test_when_all_of_them_are_taken_that_is_said(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "DEFAULT_PORT", taken)
    monkeypatch.setattr(ports, "TRIES", 1)
    with pytest.raises(SettingsError, match="name one with --port"):
        ports.listen("127.0.0.1", None)


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid", "::ffff:203.0.113.7"])
def test_a_host_that_is_not_ours_is_an_error_with_the_remedy(host: str) -> None:
    with pytest.raises(SettingsError, match=f"cannot listen on {host}, port 0 .*; see --host and --port"):
        ports.listen(host, 0)


class FakeDesk:
    """A desk around the test's front; its work ends when it is told to stop and its turns are finished."""

    def __init__(self) -> None:
        self.front = Front()
        self.app = self.front.app()
        self.health = self.front.health
        self.turns_finished = asyncio.Event()
        self.fails: Exception | None = None
        self.cut_off = False

    async def run(self) -> None:
        if self.fails:
            raise self.fails
        await self.health.stopping.wait()
        try:
            await self.turns_finished.wait()
        except asyncio.CancelledError:
            self.cut_off = True
            raise

    async def close(self) -> None: ...


@asynccontextmanager
async def kept_open(desk: FakeDesk) -> AsyncIterator[tuple[asyncio.Task[None], aiohttp.ClientSession]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host, port = listening.getsockname()
        running = asyncio.create_task(serving.keep_open(desk, listening))
        async with aiohttp.ClientSession(f"http://{host}:{port}") as client:
            yield running, client
        await asyncio.wait({running})


async def status(client: aiohttp.ClientSession, path: str) -> int:
    async with client.get(path) as answer:
        return answer.status


@pytest.mark.anyio
async def test_F25_after_sigterm_the_door_keeps_what_comes_until_the_turns_are_finished() -> None:
    desk = FakeDesk()
    async with kept_open(desk) as (running, client):
        assert await status(client, "/readyz") == 200
        os.kill(os.getpid(), signal.SIGTERM)
        await desk.health.stopping.wait()
        assert await status(client, "/readyz") == 503
        assert await status(client, "/healthz") == 200
        async with client.post("/webhooks/pigeon", json={"id": 1}, headers=AUTHENTIC) as answer:
            assert answer.status == 200
        assert not running.done()
        desk.turns_finished.set()
        await running
    assert list(desk.front.intake.taken) == ["1"]
    assert not desk.cut_off


@pytest.mark.anyio
async def test_F25_turns_that_do_not_finish_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "TURNS_S", 0.01)
    monkeypatch.setattr(serving, "LAST_S", 0.5)
    desk = FakeDesk()
    async with kept_open(desk) as (running, client):
        assert await status(client, "/readyz") == 200
        os.kill(os.getpid(), signal.SIGTERM)
        await running
    assert desk.cut_off


def test_F25_the_times_add_up_to_less_than_twelve_seconds() -> None:
    assert ending.TURNS_S + ending.LAST_S < 12


@pytest.mark.anyio
async def test_C16_our_own_bug_in_the_work_ends_the_service_through_the_log_and_not_as_a_trace_on_stderr() -> None:
    desk = FakeDesk()
    desk.fails = RuntimeError("words of a customer")
    listening = socket.create_server(("127.0.0.1", 0))
    with listening, capture_logs() as told, pytest.raises(SystemExit) as left:
        await serving.keep_open(desk, listening)
    assert left.value.code == 1
    assert told[-1]["event"] == "the service broke"


@pytest.mark.anyio
async def test_work_that_breaks_ends_the_service_with_its_error() -> None:
    desk = FakeDesk()
    desk.fails = StoreAway("the disk is gone")
    async with kept_open(desk) as (running, _):
        with pytest.raises(StoreAway, match="the disk is gone"):
            await running
    assert desk.health.stopping.is_set()


def test_F39_wrong_settings_are_lines_on_stderr_and_exit_code_2() -> None:
    done = frontdesk("serve", FRONTDESK_ENV="prod", TELEGRAM_WEBHOOK_SECRET="canary canary")
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("frontdesk: ") for line in lines)
    assert "canary" not in done.stderr


def test_a_taken_port_is_a_line_on_stderr_and_exit_code_2(taken: int, tmp_path: Path) -> None:
    done = frontdesk("serve", "--port", str(taken), FRONTDESK_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"frontdesk: port {taken} on 127.0.0.1 is taken")
    assert not (tmp_path / "data").exists(), "the store was not touched"


PROBLEM = Problem(file="flow.yaml", line=3, key="states", what="dangling", remedy="mend it", lint="dangling-target")


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (SettingsError("A is wrong", "B too"), 2, "frontdesk: A is wrong\nfrontdesk: B too\n"),
        (FlowError((PROBLEM,)), 1, f"frontdesk: {PROBLEM}\n"),
        (StoreAway("the disk is full"), 1, "frontdesk: the disk is full\n"),
    ],
)
def test_an_error_that_is_somebodys_next_move_has_no_trace(
    error: Exception, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr(main, "app", fails)
    with pytest.raises(SystemExit) as left:
        main.run()
    assert left.value.code == code
    assert capsys.readouterr().err == told


def test_help_names_every_command_and_none_brings_a_channels_library() -> None:
    code = "import sys, gateway.cli.main; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"aiogram", "slack_bolt", "twilio", "gateway.wiring"}.isdisjoint(modules.stdout.split())
    shown = CliRunner().invoke(main.app, ["--help"])
    for command in ("serve", "chat", "check", "test", "diagram"):
        assert command in shown.output


def test_chat_begins_with_the_named_flow_and_skips_empty_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["  ", "hello"])

    def line(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", line)
    assert list(chat.lines("Refund")) == ["Refund", "hello"]


def test_serve_says_where_it_listens_answers_and_leaves_with_0_after_sigterm(tmp_path: Path) -> None:
    canaries = {
        "ADMIN_TOKEN": "canary-" * 4,
        "SHOP_API_KEY": "canary-" * 2,
    }
    environ = {"FRONTDESK_ENV": "test", "FRONTDESK_CLOCK": "2026-03-01T09:00:00Z", "FRONTDESK_DATA_DIR": str(tmp_path)}
    code = "from gateway.cli.main import run; run()"
    command = [sys.executable, "-c", code, "serve", "--port", "0"]
    with subprocess.Popen(
        command,
        env={**BARE, **environ, **canaries},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            told = ""
            while "ready at" not in told:
                line = process.stdout.readline()
                assert line, told
                told += line
            url = json.loads(line)["event"].removeprefix("ready at ")
            assert urlopen(f"{url}/readyz").status == 200
            moved = json.loads(urlopen(Request(f"{url}/_test/clock", data=b'{"advance_s": 60}')).read())
            assert moved["now"].startswith("2026-03-01T09:01:")
        finally:
            process.send_signal(signal.SIGTERM)
        told += process.stdout.read()
    assert process.returncode == 0
    assert "canary" not in told


def test_chat_talks_without_keys(tmp_path: Path) -> None:
    done = frontdesk("chat", "--flow", "refund", stdin="ORD-12345\n", FRONTDESK_DATA_DIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "> Refund an order\n" in done.stdout
    assert "Wireless headphones, $79.99" in done.stdout


@pytest.mark.parametrize("words", [("chat", "--flow", "refnd"), ("diagram", "refnd")])
def test_a_flow_that_does_not_exist_is_told_with_those_that_do(words: tuple[str, ...], tmp_path: Path) -> None:
    done = CliRunner().invoke(main.app, words, env={"FRONTDESK_DATA_DIR": str(tmp_path), "COLUMNS": "200"})
    assert done.exit_code == 2
    assert "there is no flow 'refnd'; there are: " in done.output
    assert {"refund", "billing"} <= set(re.findall(r"\w+", done.output))


def test_a_diagram_is_mermaid_or_a_picture() -> None:
    assert CliRunner().invoke(main.app, ["diagram", "refund"]).output.startswith("flowchart TD\n")
    assert CliRunner().invoke(main.app, ["diagram", "refund", "--svg"]).output.startswith("<svg ")


def test_H7_the_desks_own_machine_is_drawn_from_its_table() -> None:
    drawn = CliRunner().invoke(main.app, ["diagram", "desk"]).output
    assert "claimed" in drawn
    assert 'queued -->|"claim · take over"| claimed' in drawn
    assert 'queued -.->|"claim due"| escalated' in drawn
