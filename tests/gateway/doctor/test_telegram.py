"""What `frontdesk doctor` says of a Telegram bot."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from channels.base import Finding, Mark
from channels.telegram_updates import ALLOWED_UPDATES
from gateway.clock import SystemClock
from gateway.stores.opening import STORE_FILE
from gateway.stores.sqlite import SqliteStore
from tests.channels import telegram_double as telegrams
from tests.channels.telegram_double import TelegramDouble
from tests.gateway.doctor.rounds import doctor, examined, hooked, one, polling

pytestmark = pytest.mark.anyio

HERE = "http://127.0.0.1:1"


async def test_a_sound_bot_is_named_and_its_clock_compared(telegram: TelegramDouble, tmp_path: Path) -> None:
    telegram.webhook = {"url": f"{HERE}/webhooks/telegram", "allowed_updates": list(ALLOWED_UPDATES)}
    found = await examined(tmp_path, **hooked(telegram, HERE))
    assert found["telegram bot"][0].found == f"the token is @{telegrams.USERNAME}'s"
    assert found["telegram webhook"][0] == Finding.ok(
        "telegram webhook", f"Telegram delivers to {HERE}/webhooks/telegram; 0 updates wait"
    )
    assert found["telegram sdk"][0].mark is Mark.OK
    assert found["clock"][0].found.endswith("s from a provider's")


async def test_a_wrong_token_is_a_failure_that_does_not_show_it(telegram: TelegramDouble, tmp_path: Path) -> None:
    telegram.will("getMe", telegrams.says(401, "Unauthorized"))
    telegram.will("getUpdates", telegrams.gives([]))
    done = await doctor(tmp_path, **polling(telegram))
    assert done.exit_code == 1
    assert "failed  telegram bot: Telegram refuses our token: Unauthorized -> copy the token anew" in done.stdout
    assert telegrams.TOKEN not in done.stdout


def failing(said: str, *, ago_s: int, waiting: int) -> dict[str, Any]:
    """getWebhookInfo of a webhook as we want it, whose last delivery failed."""
    return {
        "url": f"{HERE}/webhooks/telegram",
        "allowed_updates": list(ALLOWED_UPDATES),
        "pending_update_count": waiting,
        "last_error_date": int(time.time()) - ago_s,
        "last_error_message": said,
    }


async def test_while_updates_wait_a_failed_delivery_is_a_failure(telegram: TelegramDouble, tmp_path: Path) -> None:
    said = "Wrong response from the webhook: 401 Unauthorized"
    telegram.will("getWebhookInfo", telegrams.gives(failing(said, ago_s=60, waiting=3)))
    found = await one("telegram webhook", tmp_path, **hooked(telegram, HERE))
    assert found.mark is Mark.FAILED
    assert f"{said}; 3 updates wait" in found.found
    assert found.remedy.startswith("TELEGRAM_WEBHOOK_SECRET is not the one that was registered")


async def test_a_failure_that_was_made_up_for_is_a_warning(telegram: TelegramDouble, tmp_path: Path) -> None:
    telegram.will("getWebhookInfo", telegrams.gives(failing("Connection refused", ago_s=60, waiting=0)))
    found = await one("telegram webhook", tmp_path, **hooked(telegram, HERE))
    assert found.mark is Mark.WARNING
    assert f"make {HERE}/webhooks/telegram lead to this desk" in found.remedy


async def test_an_error_of_long_ago_is_history(telegram: TelegramDouble, tmp_path: Path) -> None:
    telegram.will("getWebhookInfo", telegrams.gives(failing("Connection refused", ago_s=7200, waiting=0)))
    assert (await one("telegram webhook", tmp_path, **hooked(telegram, HERE))).mark is Mark.OK


async def test_updates_that_are_not_asked_for_are_a_warning(telegram: TelegramDouble, tmp_path: Path) -> None:
    telegram.webhook = {"url": f"{HERE}/webhooks/telegram", "allowed_updates": ["message"]}
    found = await one("telegram webhook", tmp_path, **hooked(telegram, HERE))
    assert found.mark is Mark.WARNING
    assert "callback_query" in found.found


async def test_C45_another_poller_is_told_by_the_409_it_causes(telegram: TelegramDouble, tmp_path: Path) -> None:
    conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    telegram.will("getUpdates", telegrams.says(409, conflict))
    found = await one("telegram polling", tmp_path, **polling(telegram))
    assert found.mark is Mark.FAILED
    assert "409" in found.found
    assert "offset" not in telegram.asked("getUpdates")[0], "what is asked for without an offset stays to be fetched"


async def test_C45_no_updates_are_asked_for_while_our_own_desk_runs(telegram: TelegramDouble, tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "data" / STORE_FILE, SystemClock())
    try:
        found = await one("telegram polling", tmp_path, **polling(telegram))
    finally:
        await store.close()
    assert found.mark is Mark.OK
    assert telegram.asked("getUpdates") == []
