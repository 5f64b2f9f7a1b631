"""What Telegram is asked when we speak, and what each of its answers means."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from channels.telegram import KIND, TelegramChannel
from engine.message import Address, Option, Reach, Receipt, Refused, Reply, Retry, Scope, Sent, Unknown
from tests.channels.telegram_double import BOT_ID, TOKEN, Answer, TelegramDouble, gives, raw, says, telegram_double

pytestmark = pytest.mark.anyio

PRIVATE = Address(channel="telegram", account=BOT_ID, chat="990000000101", person="990000000101")
TOPIC = Address(channel="telegram", account=BOT_ID, chat="-1009900000001", person="990000000116", thread="312")


@dataclass(frozen=True, kw_only=True)
class Line:
    channel: TelegramChannel
    double: TelegramDouble

    async def send(
        self, text: str = "Hello", address: Address = PRIVATE, *, resume: tuple[str, ...] = (), **more: Any
    ) -> Receipt:
        return await self.channel.send(Reply(id="o1", address=address, text=text, **more), resume)

    async def send_all(self, text: str, **more: Any) -> list[str]:
        """Send every part, as the outbox does; gives the texts Telegram got and took."""
        resume: tuple[str, ...] = ()
        while True:
            receipt = await self.send(text, resume=resume, **more)
            assert isinstance(receipt, Sent)
            resume += receipt.provider_ids
            if receipt.complete:
                return [body["text"] for body in self.double.asked("sendMessage")]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with telegram_double() as double:
        channel = TelegramChannel(TOKEN, "s", double.url)
        channel.deadline_s = 1.0
        await channel.open()
        yield Line(channel=channel, double=double)
        await channel.close()


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(label=label, token=f"fd:7f3a:step:{label.lower()}") for label in labels)


def test_C3_importing_the_channel_leaves_aiogram_alone() -> None:
    code = "import sys, channels.telegram; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_C47_text_goes_plain(line: Line) -> None:
    assert await line.send("_*[<& \u202e 👩‍🔧") == Sent(provider_ids=("1",))
    assert line.double.asked("sendMessage") == [{"chat_id": 990000000101, "text": "_*[<& \u202e 👩‍🔧"}]


async def test_C16_what_no_store_could_encode_is_replaced_before_it_is_sent(line: Line) -> None:
    await line.send("a\x00b\ud800c")
    assert line.double.asked("sendMessage")[0]["text"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060"])
async def test_C24_blank_text_is_never_sent(line: Line, text: str) -> None:
    assert isinstance(await line.send(text, options=options("Yes")), Refused)
    assert line.double.asked("sendMessage") == []


async def test_C48_short_labels_share_a_row(line: Line) -> None:
    await line.send("Right?", options=options("Yes", "No", "Maybe"))
    assert line.double.asked("sendMessage")[0]["reply_markup"] == {
        "inline_keyboard": [
            [
                {"text": "Yes", "callback_data": "fd:7f3a:step:yes"},
                {"text": "No", "callback_data": "fd:7f3a:step:no"},
            ],
            [{"text": "Maybe", "callback_data": "fd:7f3a:step:maybe"}],
        ]
    }


async def test_C48_one_long_label_gives_each_its_row(line: Line) -> None:
    await line.send("Which?", options=options("Yes", "x" * 21))
    keyboard = line.double.asked("sendMessage")[0]["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in keyboard] == [1, 1]


async def test_C26_a_long_token_fits_into_callback_data(line: Line) -> None:
    await line.send("Which?", options=(Option(label="One", token="fd:7f3a:step:" + "ü" * 60),))
    button = line.double.asked("sendMessage")[0]["reply_markup"]["inline_keyboard"][0][0]
    assert 1 <= len(button["callback_data"].encode()) <= 64


async def test_C28_more_options_than_fit_are_numbered(line: Line) -> None:
    await line.send("Which?", options=tuple(Option(label=f"Item {n}", token=f"t{n}") for n in range(101)))
    body = line.double.asked("sendMessage")[0]
    assert "reply_markup" not in body
    assert body["text"].startswith("Which?\n\n1. Item 0\n2. Item 1\n")


async def test_C49_a_topic_is_answered_in_its_topic(line: Line) -> None:
    await line.send(address=TOPIC)
    await line.send(address=replace(TOPIC, thread=None))
    assert [body.get("message_thread_id") for body in line.double.asked("sendMessage")] == [312, None]


async def test_C22_each_call_sends_one_part_and_the_ids_say_where_to_go_on(line: Line) -> None:
    text = "\n\n".join(str(n) * 3000 for n in (1, 2, 3))
    assert await line.send(text, options=options("Yes")) == Sent(provider_ids=("1",), complete=False)
    assert await line.send(text, options=options("Yes"), resume=("1",)) == Sent(provider_ids=("2",), complete=False)
    assert await line.send(text, options=options("Yes"), resume=("1", "2")) == Sent(provider_ids=("3",))
    bodies = line.double.asked("sendMessage")
    assert "\n\n".join(body["text"] for body in bodies) == text
    assert ["reply_markup" in body for body in bodies] == [False, False, True]
    assert await line.send(text, resume=("1", "2", "3")) == Sent(provider_ids=())


async def test_C46_parts_are_counted_in_utf16_units(line: Line) -> None:
    texts = await line.send_all("👍" * 3000)
    assert "".join(texts) == "👍" * 3000
    assert all(len(text.encode("utf-16-le")) // 2 <= KIND.limits.max_chars for text in texts)


async def test_C46_a_part_telegram_finds_too_long_is_cut_smaller_once(line: Line) -> None:
    text = " ".join(f"word{n:05}" for n in range(400))
    line.double.will("sendMessage", says(400, "Bad Request: message is too long"))
    too_long, *taken = await line.send_all(text, options=options("Yes"))
    assert " ".join(taken) == text
    assert max(map(len, taken)) <= KIND.limits.max_chars // 2 < len(too_long)


async def test_C46_what_is_too_long_even_then_is_our_bug(line: Line) -> None:
    line.double.will("sendMessage", *[says(400, "Bad Request: message is too long")] * 2)
    assert await line.send("word " * 700) == Refused(reason="message is too long")
    assert await line.send("word") == Sent(provider_ids=("3",))


HTML = raw(502, b"<html>Bad Gateway</html>", "text/html")
BLOCKED = "Forbidden: bot was blocked by the user"
ROWS: dict[str, tuple[Answer, Receipt]] = {
    "429 names its wait": (says(429, "Too Many Requests", retry_after=7), Retry(reason="429", after_s=7)),
    "429 names none": (says(429, "Too Many Requests"), Retry(reason="429", after_s=30)),
    "429 without JSON": (raw(429, b"slow down", "text/plain"), Retry(reason="429", after_s=30)),
    "429 of ages": (says(429, "Too Many Requests", retry_after=10**9), Retry(reason="429", after_s=3600)),
    "blocked": (says(403, BLOCKED), Refused(reason=BLOCKED, reach=Reach.UNREACHABLE)),
    "deactivated": (
        says(403, "Forbidden: user is deactivated"),
        Refused(reason="Forbidden: user is deactivated", reach=Reach.UNREACHABLE),
    ),
    "no chat": (
        says(400, "Bad Request: chat not found"),
        Refused(reason="Bad Request: chat not found", reach=Reach.UNREACHABLE),
    ),
    "empty": (
        says(400, "Bad Request: text must be non-empty"),
        Refused(reason="Bad Request: text must be non-empty"),
    ),
    "not modified": (says(400, "Bad Request: message is not modified: same"), Sent(provider_ids=())),
    "query too old": (says(400, "Bad Request: query is too old and"), Sent(provider_ids=())),
    "nothing to edit": (says(400, "Bad Request: message to edit not found"), Sent(provider_ids=())),
    "nothing to delete": (says(400, "Bad Request: message to delete not found"), Sent(provider_ids=())),
    "bad token": (says(401, "Unauthorized"), Refused(reason="Unauthorized", reach=Reach.ACCOUNT)),
    "no such bot": (says(404, "Not Found"), Refused(reason="Not Found", reach=Reach.ACCOUNT)),
    "conflict": (says(409, "Conflict: other"), Refused(reason="Conflict: other", reach=Reach.ACCOUNT)),
    "other 400": (says(400, "Bad Request: BUTTON_DATA_INVALID"), Refused(reason="Bad Request: BUTTON_DATA_INVALID")),
    "413": (says(413, "Request Entity Too Large"), Refused(reason="Request Entity Too Large")),
    "500": (says(500, "Internal Server Error"), Unknown(reason="Internal Server Error")),
    "500 without description": (says(500, None), Unknown(reason="HTTP 500 without a description")),
    "400 without description": (says(400, None), Unknown(reason="HTTP 400 without a description")),
    "HTML": (HTML, Unknown(reason="HTTP 502 without a description")),
    "200 HTML": (raw(200, b"<html>", "text/html"), Unknown(reason="HTTP 200 without a description")),
    "200 that says no": (
        raw(200, b'{"ok": false, "description": "Internal"}'),
        Refused(reason="Internal"),
    ),
    "200 without a message": (gives(True), Unknown(reason="a message without an id")),
    "200 cut JSON": (raw(200, b'{"ok": true, "resu'), Unknown(reason="HTTP 200 without a description")),
    "500 that says ok": (
        raw(500, b'{"ok": true, "result": {"message_id": 1}}'),
        Unknown(reason="HTTP 500 without a description"),
    ),
    "200 deep": (
        raw(200, b'{"ok": true, "result": ' + b"[" * 100_000),
        Unknown(reason="HTTP 200 without a description"),
    ),
}


async def test_C22_nothing_left_to_do_ends_a_reply_of_several_parts(line: Line) -> None:
    line.double.will("sendMessage", says(400, "Bad Request: message is not modified"))
    assert await line.send("word " * 2000) == Sent(provider_ids=(), complete=True)


@pytest.mark.parametrize("row", ROWS)
async def test_C33_each_answer_has_its_receipt(line: Line, row: str) -> None:
    answer, receipt = ROWS[row]
    line.double.will("sendMessage", answer)
    assert await line.send() == receipt
    assert len(line.double.asked("sendMessage")) == 1, "the outbox is the only retrier (C35)"


async def test_C33_a_refused_connection_is_known_not_sent() -> None:
    async with telegram_double() as double:
        channel = TelegramChannel(TOKEN, "s", double.url)
    await channel.open()
    receipt = await channel.send(Reply(id="o1", address=PRIVATE, text="Hello"), ())
    await channel.close()
    assert receipt == Retry(reason="ClientConnectorError")


@pytest.mark.parametrize("fault", ["hang", "drip", "cut", "cut_midway"])
async def test_C36_silence_dripping_and_a_cut_line_end_as_unknown(line: Line, fault: str) -> None:
    line.double.will("sendMessage", getattr(line.double, fault))
    assert isinstance(await line.send(), Unknown)


async def test_C33_a_sent_message_whose_echo_we_do_not_know_is_sent(line: Line) -> None:
    echo = {"message_id": 77, "chat": {"type": "hologram"}, "forward_origin": {"type": "community_relay"}}
    line.double.will("sendMessage", gives(echo))
    assert await line.send() == Sent(provider_ids=("77",))


async def test_C30_three_chats_told_to_wait_stop_the_account(line: Line) -> None:
    flood = says(429, "Too Many Requests", retry_after=3)
    line.double.will("sendMessage", *[flood] * 4)
    scopes = []
    for chat in ("1", "1", "2", "3"):
        receipt = await line.send(address=replace(PRIVATE, chat=chat))
        assert isinstance(receipt, Retry)
        scopes.append(receipt.scope)
    assert scopes == [Scope.CHAT, Scope.CHAT, Scope.CHAT, Scope.ACCOUNT]


async def test_C49_a_lost_topic_is_answered_in_the_chat(line: Line) -> None:
    line.double.will("sendMessage", says(400, "Bad Request: message thread not found"))
    assert await line.send(address=TOPIC) == Sent(provider_ids=("2",))
    assert [body.get("message_thread_id") for body in line.double.asked("sendMessage")] == [312, None]


async def test_C43_a_moved_group_is_answered_once_where_it_is_now(line: Line) -> None:
    moved = says(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009900000005)
    line.double.will("sendMessage", moved)
    assert await line.send(address=TOPIC) == Sent(provider_ids=("2",))
    assert [body["chat_id"] for body in line.double.asked("sendMessage")] == [-1009900000001, -1009900000005]
    line.double.will("sendMessage", moved, moved)
    assert isinstance(await line.send(address=TOPIC), Refused)
    assert len(line.double.asked("sendMessage")) == 4


async def test_C29_typing_is_shown_and_its_failure_is_nobodys_business(line: Line) -> None:
    line.double.will("sendChatAction", gives(True), says(403, BLOCKED), HTML, line.double.cut)
    for _ in range(4):
        await line.channel.typing(TOPIC)
    assert line.double.asked("sendChatAction")[0] == {
        "chat_id": -1009900000001,
        "action": "typing",
        "message_thread_id": 312,
    }


async def test_C22_a_channel_that_is_not_open_sends_later() -> None:
    channel = TelegramChannel(TOKEN, "s", "http://127.0.0.1:1")
    assert isinstance(await channel.send(Reply(id="o1", address=PRIVATE, text="Hello"), ()), Retry)


async def test_C16_no_receipt_holds_the_token(line: Line) -> None:
    receipts = [receipt async for receipt in _every_failure(line)]
    assert TOKEN.split(":")[1] not in repr(receipts)


async def _every_failure(line: Line) -> AsyncIterator[Receipt]:
    for answer, _ in ROWS.values():
        line.double.will("sendMessage", answer)
        yield await line.send()
