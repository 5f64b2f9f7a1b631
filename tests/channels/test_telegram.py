"""Telegram's own ways in: who we are, pressed buttons, polling."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.base import Inbound, Verified
from channels.telegram import PAUSES_S, TelegramChannel
from channels.telegram_updates import ALLOWED_UPDATES
from engine.errors import SettingsError, StoreAway
from engine.message import Event, EventKind
from tests.channels.telegram_double import BOT_ID, TOKEN, TelegramDouble, gives, raw, says, telegram_double

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
GROUP = {"id": -1009911000001, "type": "supergroup", "title": "Kettle owners"}


@pytest.fixture
async def double(anyio_backend: str) -> AsyncIterator[TelegramDouble]:
    async with telegram_double() as found:
        yield found


@pytest.fixture
async def channel(double: TelegramDouble) -> AsyncIterator[TelegramChannel]:
    found = TelegramChannel(TOKEN, "secret", double.url, now=lambda: NOW)
    await found.open()
    yield found
    await found.close()


def update(number: int, **kinds: Any) -> dict[str, Any]:
    return {"update_id": number, **kinds}


def said(text: str, chat: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    person = {"id": 991000000001, "is_bot": False, "first_name": "Ilse"}
    chat = chat or {"id": 991000000001, "type": "private"}
    return {"message_id": 1, "from": person, "chat": chat, "date": 1795300000, "text": text, **more}


def pressed(query: str, **more: Any) -> dict[str, Any]:
    return {"id": query, "from": {"id": 991000000001, "is_bot": False, "first_name": "Ilse"}, **more}


def verified(channel: TelegramChannel, body: dict[str, Any], secret: bytes = b"secret") -> Verified:
    headers = (("content-type", b"application/json"), ("x-telegram-bot-api-secret-token", secret))
    inbound = Inbound(
        method="POST", path="/webhooks/telegram", query=b"", headers=headers, body=json.dumps(body).encode()
    )
    found = channel.verify(inbound)
    assert isinstance(found, Verified)
    return found


def mention(name: str) -> dict[str, Any]:
    entity = {"type": "mention", "offset": 0, "length": len(name)}
    return update(1, message=said(f"{name} hello", GROUP, entities=[entity]))


@pytest.mark.parametrize("token", ["", "4242", "4242:", ":abc", "x:abc", "4242:a b", "4242:abc/../def"])
def test_C9_a_token_that_cannot_be_one_is_refused(token: str) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
        TelegramChannel(token, "secret", "http://127.0.0.1:1")


@pytest.mark.parametrize("secret", [" ", "a b", "ä", "x" * 257])
def test_C40_a_secret_telegram_would_not_take_is_refused(secret: str) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET"):
        TelegramChannel(TOKEN, secret, "http://127.0.0.1:1")


@pytest.mark.parametrize("secret", [b"", b" ", b"secret"])
def test_C9_without_a_secret_nothing_gets_in(secret: bytes) -> None:
    with pytest.raises(AssertionError):
        verified(TelegramChannel(TOKEN, "", "http://127.0.0.1:1"), update(1), secret)


async def test_C43_our_name_comes_from_getMe(channel: TelegramChannel, double: TelegramDouble) -> None:
    (ours,) = channel.parse(verified(channel, mention("@frontdesk_example_bot")))
    (other,) = channel.parse(verified(channel, mention("@weather_example_bot")))
    assert (ours.addressed, ours.text, other.addressed) == (True, "hello", False)
    assert len(double.asked("getMe")) == 1


async def test_C43_while_our_name_is_unknown_any_bots_name_is_ours_and_it_is_asked_for_again(
    double: TelegramDouble,
) -> None:
    double.will("getMe", raw(502, b"<html>"))
    channel = TelegramChannel(TOKEN, "secret", double.url)
    await channel.open()
    for name, addressed in (("@weather_example_bot", True), ("@ilse_brandt", False)):
        (event,) = channel.parse(verified(channel, mention(name)))
        assert event.addressed is addressed
    await channel.acknowledge(verified(channel, mention("@weather_example_bot")))
    (event,) = channel.parse(verified(channel, mention("@weather_example_bot")))
    assert event.addressed is False
    await channel.close()


async def test_C43_a_telegram_that_hangs_does_not_keep_us_from_starting(double: TelegramDouble) -> None:
    double.will("getMe", double.hang)
    channel = TelegramChannel(TOKEN, "secret", double.url)
    channel.deadline_s = 0.05
    await channel.open()
    await channel.close()


async def test_C43_every_press_is_answered_also_where_nothing_else_comes_of_it(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    shown = {"message_id": 5, "chat": {"id": 991000000001, "type": "private"}, "date": 0}
    for body in (
        pressed("41", data="fd:1:2:yes", message=shown),
        pressed("42", data="x", inline_message_id="AAQ"),
        pressed("43", game_short_name="chess"),
    ):
        await channel.acknowledge(verified(channel, update(1, callback_query=body)))
    await channel.acknowledge(verified(channel, update(1, message=said("hello"))))
    assert double.asked("answerCallbackQuery") == [{"callback_query_id": number} for number in ("41", "42", "43")]


async def test_C43_only_a_press_is_urgent_once_our_name_is_known(channel: TelegramChannel) -> None:
    assert verified(channel, update(1, callback_query=pressed("41", data="x"))).urgent
    assert not verified(channel, update(2, message=said("hello"))).urgent


async def test_C43_a_press_that_cannot_be_answered_any_more_is_nobodys_business(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    double.will("answerCallbackQuery", says(400, "Bad Request: query is too old"), double.cut)
    for _ in range(2):
        await channel.acknowledge(verified(channel, update(1, callback_query=pressed("41", data="x"))))
    assert len(double.asked("answerCallbackQuery")) == 2


class Desk:
    """Takes events until it is full; its store is away once, when it is to take the text `away_at`."""

    def __init__(self, enough: int, *, away_at: str | None = None) -> None:
        self.taken: list[Event] = []
        self.pauses: list[float] = []
        self.full = asyncio.Event()
        self._enough = enough
        self._away_at = away_at

    async def take(self, event: Event) -> None:
        if event.text == self._away_at:
            self._away_at = None
            raise StoreAway("no store")
        self.taken.append(event)
        if len(self.taken) == self._enough:
            self.full.set()

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


async def polled(channel: TelegramChannel, double: TelegramDouble, desk: Desk) -> list[dict[str, Any]]:
    """Poll until the desk is full and one further poll has begun; gives the bodies of the getUpdates calls."""
    polling = asyncio.create_task(channel.poll(desk.take, pause=desk.pause))
    async with asyncio.timeout(5):
        await desk.full.wait()
        count = len(double.asked("getUpdates"))
        while len(double.asked("getUpdates")) == count:
            await asyncio.sleep(0)
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    return double.asked("getUpdates")


async def test_C45_polling_deletes_the_webhook_and_moves_on_after_each_update(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    first, second = update(71, message=said("one")), update(72, message=said("two"))
    double.will("getUpdates", gives([first, second]), gives([update(73, aura={}), update(74, message=said("three"))]))
    desk = Desk(3)
    asked = await polled(channel, double, desk)
    assert double.asked("deleteWebhook") == [{}]
    assert [event.text for event in desk.taken] == ["one", "two", "three"]
    assert [event.order for event in desk.taken] == [71, 72, 74]
    assert [body.get("offset") for body in asked] == [None, 73, 75]
    assert asked[0]["allowed_updates"] == list(ALLOWED_UPDATES)
    assert asked[0]["timeout"] > 0


async def test_C45_an_update_that_was_not_taken_is_asked_for_again(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    first, second = update(71, message=said("one")), update(72, message=said("two"))
    double.will("getUpdates", gives([first]), gives([second]), gives([second]))
    desk = Desk(2, away_at="two")
    asked = await polled(channel, double, desk)
    assert [event.text for event in desk.taken] == ["one", "two"]
    assert [body.get("offset") for body in asked] == [None, 72, 72, 73]
    assert desk.pauses == [PAUSES_S[0]]


@pytest.mark.parametrize("reason", ["Conflict: terminated by other getUpdates request", "Unauthorized"])
async def test_C45_a_conflict_or_a_bad_token_pauses_with_its_reason_in_the_log(
    channel: TelegramChannel, double: TelegramDouble, caplog: pytest.LogCaptureFixture, reason: str
) -> None:
    status = 401 if reason == "Unauthorized" else 409
    double.will("getUpdates", *[says(status, reason)] * 7, gives([update(71, message=said("one"))]))
    desk = Desk(1)
    with caplog.at_level(logging.WARNING):
        await polled(channel, double, desk)
    assert desk.pauses == [*PAUSES_S, PAUSES_S[-1], PAUSES_S[-1]]
    assert caplog.messages == [f"telegram polling pauses: {reason}"] * 7
    assert len(double.asked("deleteWebhook")) == 8, "a webhook may be the reason"


async def test_C45_an_empty_poll_answered_at_once_does_not_make_us_spin(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    double.will("getUpdates", gives([]), gives([{"odd": 1}, 5]), gives([update(71, message=said("one"))]))
    desk = Desk(1)
    await polled(channel, double, desk)
    assert len(desk.pauses) == 2
    assert len(double.asked("deleteWebhook")) == 1


async def test_C45_a_pressed_button_is_answered_while_polling_too(
    channel: TelegramChannel, double: TelegramDouble
) -> None:
    shown = {"message_id": 5, "chat": {"id": 991000000001, "type": "private"}, "date": 0}
    press = update(71, callback_query=pressed("41", data="fd:1:2:yes", message=shown))
    double.will("getUpdates", gives([press]), gives([update(72, message=said("one"))]))
    desk = Desk(2)
    await polled(channel, double, desk)
    assert [event.kind for event in desk.taken] == [EventKind.OPTION, EventKind.MESSAGE]
    assert double.asked("answerCallbackQuery") == [{"callback_query_id": "41"}]
    assert desk.taken[0].id == f"tg:{BOT_ID}:71"
