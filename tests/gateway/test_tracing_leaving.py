"""How spans leave: in batches, within bounds, by the standard samplers, and nobody waits for them (F25)."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import pytest
import structlog

from engine.ports import NO_SPANS
from gateway import tracing as traces
from gateway.metrics import SPAN_OUTCOMES, Metrics
from gateway.tracevariables import Sampler
from tests.gateway.backend_double import HangUp, Say, Silence, backend
from tests.gateway.opened_desk import talk, working
from tests.gateway.trace_receiver import seen, tracing
from tests.gateway.web_desk import Page

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("gone", [HangUp(), Silence(), Say(status=400)], ids=str)
async def test_a_receiver_that_is_away_costs_spans_and_nothing_else(
    gone: HangUp | Silence | Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "EXPORT_S", 0.2)
    counts = dict[str, int]()
    with structlog.testing.capture_logs() as logs:
        async with backend(otherwise=lambda asked: gone) as receiver:
            spans = tracing(receiver.url, counts)
            for _ in range(20):
                with spans.of("accept"):
                    pass
            await spans.finish()
    assert counts == {"dropped": 20}
    assert [line["event"] for line in logs] == ["spans are dropped: their receiver is away"]


async def test_F25_a_receiver_that_hangs_holds_up_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "FLUSH_S", 0.3)
    async with backend(otherwise=lambda asked: Silence()) as receiver:
        spans = tracing(receiver.url)
        with spans.of("accept"):
            pass
        began = time.perf_counter()
        await spans.finish()
        await spans.finish()
        assert time.perf_counter() - began < 1.0


async def test_what_finds_too_many_before_it_is_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "MOST_WAITING", 600)
    counts = dict[str, int]()
    async with backend() as receiver:
        spans = tracing(receiver.url, counts)
        for _ in range(1000):
            with spans.of("accept"):
                pass
        await spans.finish()
    assert counts["dropped"] > 0
    assert counts["dropped"] + counts["exported"] == 1000


@pytest.mark.parametrize(
    ("sampler", "share", "least", "most"),
    [
        (Sampler.ALWAYS_ON, 0.0, 200, 200),
        (Sampler.ALWAYS_OFF, 1.0, 0, 0),
        (Sampler.PARENT_RATIO, 0.5, 50, 150),
        (Sampler.RATIO, 0.0, 0, 0),
    ],
)
async def test_the_standard_samplers_decide_whose_trace_is_kept_whole(
    sampler: Sampler, share: float, least: int, most: int
) -> None:
    async with backend() as receiver:
        spans = tracing(receiver.url, sampler=sampler, share=share)
        for _ in range(200):
            with spans.begun("accept", ()):
                place = spans.here()
            with spans.begun("turn", [place]):
                pass
        await spans.finish()
        found = seen(receiver)
    kept = {span.trace for span in found if span.name == "accept"}
    assert least <= len(kept) <= most
    assert {span.trace for span in found if span.name == "turn"} == kept


async def test_a_turn_goes_with_its_door_only_where_the_sampler_looks_at_it() -> None:
    away = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    async with backend() as receiver:
        for sampler in (Sampler.PARENT_ON, Sampler.ALWAYS_ON):
            spans = tracing(receiver.url, sampler=sampler)
            with spans.begun(f"turn {sampler}", [away]):
                pass
            await spans.finish()
        assert [span.name for span in seen(receiver)] == [f"turn {Sampler.ALWAYS_ON}"]


async def test_F25_the_last_spans_leave_with_the_work_before_anything_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "EVERY_S", 600.0)
    async with (
        backend() as receiver,
        working(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url) as (desk, page, _),
    ):
        await talk(page, "I want a refund")
        assert receiver.asked == []
        desk.health.stop()
        async with asyncio.timeout(5):
            while not receiver.asked:
                await asyncio.sleep(0.01)


async def test_a_desk_goes_on_while_nobody_takes_its_spans(tmp_path: Path) -> None:
    async with backend() as nobody:
        named = nobody.url
    async with working(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=named) as (_, page, client):
        assert "order number" in (await talk(page, "I want a refund"))[1].lower()
        async with client.get(f"{page.url}/readyz") as answer:
            assert (await answer.json())["ready"]


def test_where_nobody_looks_nothing_is_loaded_and_nothing_kept() -> None:
    program = (
        "import asyncio, sys, tempfile\n"
        "from gateway.settings import Settings\n"
        "from gateway.wiring import open_desk\n"
        "async def main():\n"
        "    environ = {'FRONTDESK_DATA_DIR': tempfile.mkdtemp()}\n"
        "    desk = await open_desk(Settings.load(environ), environ)\n"
        "    await desk.close()\n"
        "asyncio.run(main())\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'gateway.tracing'))])\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
    with NO_SPANS.of("act"):
        NO_SPANS.note(outcome="nothing")
        assert NO_SPANS.here() == ""


def test_one_module_knows_the_sdk() -> None:
    knows = [
        path.name for path in ROOT.glob("*/**/*.py") if re.search(r"^\s*(from|import) opentelemetry", _code(path), re.M)
    ]
    assert set(knows) == {"tracing.py", "trace_receiver.py"}


def _code(path: Path) -> str:
    return "" if ".venv" in path.parts else path.read_text("utf-8")


def test_every_end_of_a_span_is_counted_by_its_name() -> None:
    metrics = Metrics()
    for outcome in SPAN_OUTCOMES:
        metrics.spans(outcome, 3)
    shown = metrics.render().decode()
    assert 'frontdesk_spans_total{outcome="dropped"} 3.0' in shown
    assert "other" not in shown


async def test_F25_a_process_that_is_told_to_stop_sends_what_waits(tmp_path: Path) -> None:
    async with backend() as receiver:
        environ = {"FRONTDESK_DATA_DIR": str(tmp_path), "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "PATH": os.defpath}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from gateway.cli.main import run; run()", "serve", "--port", "0"),
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
                page = Page(client, await _address(process))
                assert (await page.begin()).status == 201
                await talk(page, "I want a refund")
        finally:
            process.send_signal(signal.SIGTERM)
            began = time.perf_counter()
            assert await process.wait() == 0
        assert time.perf_counter() - began < 12
        names = {span.name for span in seen(receiver)}
    assert {"accept", "turn", "understand", "decide", "act", "say", "commit", "send"} <= names


async def _address(process: asyncio.subprocess.Process) -> str:
    """Where a started desk listens."""
    assert process.stdout
    async for line in process.stdout:
        if found := re.search(rb"ready at (http://[\d.:]+)", line):
            return found[1].decode()
    raise AssertionError("it did not start")
