"""`frontdesk doctor` as a command, and what it looks at on our own side: store, flows, disk, address, clock."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from channels import inquiry
from channels.base import Mark
from gateway import checkup, premises
from gateway.clock import SystemClock
from gateway.stores.opening import STORE_FILE
from gateway.stores.sqlite import SqliteStore
from tests.channels import slack_double as slacks
from tests.channels import telegram_double as telegrams
from tests.channels import twilio_double as twilios
from tests.channels.slack_double import SlackDouble
from tests.channels.telegram_double import TelegramDouble
from tests.channels.twilio_office import TwilioOffice
from tests.gateway.doctor.rounds import SECRET, desked, doctor, examined, hooked, one, polling, sms
from tests.gateway.test_cli import frontdesk

pytestmark = pytest.mark.anyio


async def test_a_fresh_desk_is_sound_and_says_so_in_a_line_for_each_check(tmp_path: Path) -> None:
    done = await doctor(tmp_path)
    assert done.exit_code == 0
    assert [line.split(":")[0].split() for line in done.stdout.splitlines()[:-1]] == [
        ["ok", what] for what in ("settings", "store", "flows", "data", "address", "clock")
    ]
    assert done.stdout.splitlines()[-1] == "6 ok, 0 warning, 0 failed"


async def test_json_is_one_object_with_every_check(tmp_path: Path) -> None:
    told = json.loads((await doctor(tmp_path, "--json")).stdout)
    assert told["ok"] is True
    assert told["checks"][1].keys() == {"what", "mark", "found", "remedy"}


def test_F39_every_wrong_setting_is_a_failed_line_with_its_remedy(tmp_path: Path) -> None:
    done = frontdesk("doctor", FRONTDESK_ENV="prod", TELEGRAM_WEBHOOK_SECRET="canary-" * 4, TWILIO_ACCOUNT_SID="AC1")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len([line for line in lines if line.startswith("failed  settings: ")]) == 6, done.stdout
    assert any("TELEGRAM_BOT_TOKEN is not set though TELEGRAM_WEBHOOK_SECRET is" in line for line in lines)
    assert "canary" not in done.stdout + done.stderr


async def test_a_name_that_nobody_reads_is_a_warning(tmp_path: Path) -> None:
    found = (await examined(tmp_path, TELEGRAM_TOKEN="123456:what-it-should-be-called", SHOP_API_KEY="a-flow-s"))[
        "settings"
    ]
    assert [(finding.mark, finding.found) for finding in found[1:]] == [(Mark.WARNING, "nothing reads TELEGRAM_TOKEN")]


async def test_a_redis_that_is_not_there_is_told_with_its_remedy(tmp_path: Path) -> None:
    found = await one("store", tmp_path, REDIS_URL="redis://:canary@127.0.0.1:1/0")
    assert (found.mark, found.remedy) == (Mark.FAILED, "start it, or correct REDIS_URL")
    assert "canary" not in str(found)


async def test_a_store_that_a_running_desk_holds_is_no_failure(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "data" / STORE_FILE, SystemClock())
    try:
        found = await one("store", tmp_path)
    finally:
        await store.close()
    assert (found.mark, found.remedy) == (Mark.OK, "")
    assert "in use, as it is while `serve` runs" in found.found


async def test_a_store_of_another_program_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / STORE_FILE).write_bytes(b"no database" * 100)
    found = await one("store", tmp_path)
    assert found.mark is Mark.FAILED
    assert found.remedy.startswith("restore it from a backup")


async def test_a_folder_that_cannot_be_one_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, where a folder should be")
    found = await examined(tmp_path)
    assert found["store"][0].mark is Mark.FAILED
    assert "FRONTDESK_DATA_DIR" in found["store"][0].remedy


@pytest.mark.parametrize(("free", "mark"), [(10**10, Mark.OK), (10**9 - 1, Mark.WARNING), (10**8 - 1, Mark.FAILED)])
def test_little_room_is_a_warning_and_too_little_a_failure(
    free: int, mark: Mark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert premises.disk(tmp_path / "not" / "yet")[0].mark is mark


async def test_a_flow_that_does_not_compile_is_told_with_its_place(tmp_path: Path) -> None:
    flow = tmp_path / "flows" / "broken" / "flow.yaml"
    flow.parent.mkdir(parents=True)
    flow.write_text("frontdesk: 1\nflow: broken\n")
    found = await one("flows", tmp_path, FLOWS_DIR=str(tmp_path / "flows"))
    assert found.mark is Mark.FAILED
    assert f"{flow}:" in found.found
    assert "frontdesk check" in found.remedy


@pytest.mark.parametrize(
    ("url", "mark", "said"),
    [
        ("https://desk.example.com", Mark.FAILED, "where nobody can be"),
        ("http://169.254.169.254", Mark.FAILED, "where nobody can be"),
        ("http://127.0.0.1:1", Mark.WARNING, "nobody answers at http://127.0.0.1:1: the connection was refused"),
    ],
)
async def test_an_address_nobody_can_call_is_told(url: str, mark: Mark, said: str, tmp_path: Path) -> None:
    found = await one("address", tmp_path, PUBLIC_URL=url)
    assert found.mark is mark
    assert said in found.found


async def test_an_address_where_a_desk_answers_is_known_to_be_near(public_url: str, tmp_path: Path) -> None:
    found = await one("address", tmp_path, PUBLIC_URL=public_url)
    assert (found.mark, found.found) == (Mark.WARNING, f"a desk answers at {public_url}, but only near this machine")


async def test_an_address_behind_which_something_else_stands_is_told(telegram: TelegramDouble, tmp_path: Path) -> None:
    found = await one("address", tmp_path, PUBLIC_URL=telegram.url)
    assert f"{telegram.url}/healthz answers 404" in found.found


async def test_X15_a_test_desk_that_strangers_reach_is_a_failure(tmp_path: Path) -> None:
    found = await one("address", tmp_path, PUBLIC_URL="https://192.0.2.1", FRONTDESK_ENV="test")
    assert (found.mark, found.remedy) == (Mark.FAILED, "set FRONTDESK_ENV=production")


async def test_C3_a_channel_whose_library_is_missing_is_told_before_serve_would(
    slack: SlackDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiry, "find_spec", lambda name: None)
    found = await one("slack sdk", tmp_path, **desked(slack))
    assert found.mark is Mark.FAILED
    assert found.remedy.endswith("pip install '.[slack]'")


async def test_a_provider_that_hangs_costs_its_own_check_only(
    telegram: TelegramDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "CHECK_WITHIN_S", 0.5)
    telegram.will("getMe", telegram.hang)
    telegram.will("getUpdates", telegrams.gives([]))
    found = await examined(tmp_path, **polling(telegram))
    assert found["telegram bot"][0].found == "no answer within 0.5 s"
    assert found["telegram webhook"][0].mark is Mark.OK


async def test_the_checks_run_side_by_side(telegram: TelegramDouble, slack: SlackDouble, tmp_path: Path) -> None:
    async def late(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.4)
        return await telegrams.gives({})(request)

    for method in ("getMe", "getWebhookInfo", "getUpdates"):
        telegram.will(method, late)
    began = time.monotonic()
    await examined(tmp_path, **polling(telegram))
    assert time.monotonic() - began < 1.1, "three answers of 0.4 s one after the other take 1.2 s"


@pytest.mark.parametrize(
    ("apart", "mark"),
    [(timedelta(), Mark.OK), (timedelta(seconds=90), Mark.WARNING), (timedelta(seconds=400), Mark.FAILED)],
)
async def test_C55_a_clock_that_goes_wrong_is_told_before_signatures_are_refused(
    apart: timedelta, mark: Mark, tmp_path: Path
) -> None:
    async def dated(request: web.Request) -> web.StreamResponse:
        date = format_datetime(datetime.now(UTC) - apart, usegmt=True)
        return web.json_response({"ok": True, "result": {}}, headers={"Date": date})

    server = web.AppRunner(_answering(dated), access_log=None, shutdown_timeout=0.1)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{server.addresses[0][1]}"
        found = await one("clock", tmp_path, TELEGRAM_BOT_TOKEN=telegrams.TOKEN, TELEGRAM_API_URL=url)
    finally:
        await server.cleanup()
    assert found.mark is mark


def _answering(answer: Callable[[web.Request], Any]) -> web.Application:
    made = web.Application()
    made.router.add_route("*", "/{anything:.*}", answer)
    return made


async def test_F34_no_secret_of_the_environment_is_ever_shown(
    telegram: TelegramDouble, slack: SlackDouble, office: TwilioOffice, public_url: str, tmp_path: Path
) -> None:
    environ = {**hooked(telegram, public_url), **desked(slack), **sms(office, public_url), "ADMIN_TOKEN": "canary" * 5}
    telegram.webhook = {"url": f"https://old.example/{SECRET}", "allowed_updates": []}
    for words in ((), ("--json",)):
        done = await doctor(tmp_path, *words, **environ)
        assert done.exit_code == 1
        said = done.stdout + done.stderr
        for secret in (telegrams.TOKEN, SECRET, slacks.TOKEN, slacks.APP_TOKEN, twilios.TOKEN, "canary"):
            assert secret not in said
