"""What Slack is asked when we speak, and what each of its answers means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from channels.slack import KIND, SlackChannel, SlackKeys
from engine.message import Address, Option, Reach, Receipt, Refused, Reply, Retry, Sent, Unknown
from tests.channels.slack_double import TEAM, TOKEN, Answer, SlackDouble, gives, raw, says, slack_double

pytestmark = pytest.mark.anyio

DM = Address(channel="slack", account=TEAM, chat="D0ILSE0001", person="U0ILSE0001")
ROOM = Address(channel="slack", account=TEAM, chat="C0KETTLES1", person="U0ILSE0001", thread="1795300020.000020")
TS = "1795260000.000001"


@dataclass(frozen=True, kw_only=True)
class Line:
    channel: SlackChannel
    double: SlackDouble

    @property
    def posted(self) -> list[dict[str, Any]]:
        return self.double.asked("chat.postMessage")

    async def send(
        self, text: str = "Hello", address: Address = DM, *, resume: tuple[str, ...] = (), **more: Any
    ) -> Receipt:
        return await self.channel.send(Reply(id="o1", address=address, text=text, **more), resume)


async def opened(double: SlackDouble, deadline_s: float) -> SlackChannel:
    channel = SlackChannel(SlackKeys(token=TOKEN, api_url=double.url))
    channel.deadline_s = deadline_s
    await channel.open()
    return channel


@pytest.fixture
async def line(anyio_backend: str) -> AsyncIterator[Line]:
    async with slack_double() as double:
        channel = await opened(double, 10.0)
        yield Line(channel=channel, double=double)
        await channel.close()


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(label=label, token=f"fd:7f3a:step:{label.lower()}") for label in labels)


async def test_C61_text_goes_as_it_is_written(line: Line) -> None:
    assert await line.send("_*[<!channel> & <@U1> <https://a|b>") == Sent(provider_ids=(TS,))
    assert line.posted == [
        {
            "channel": "D0ILSE0001",
            "text": "_*[&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://a|b&gt;",
            "metadata": {"event_type": "frontdesk_reply", "event_payload": {"ref": "o1"}},
            "unfurl_links": False,
            "unfurl_media": False,
            "link_names": False,
            "parse": "none",
            "mrkdwn": False,
        }
    ]


async def test_C16_what_no_store_could_encode_is_replaced_before_it_is_sent(line: Line) -> None:
    await line.send("a\x00b\ud800c")
    assert line.posted[0]["text"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060"])
async def test_C24_blank_text_is_never_sent(line: Line, text: str) -> None:
    assert isinstance(await line.send(text, options=options("Yes")), Refused)
    assert line.posted == []


async def test_C60_a_thread_is_answered_in_its_thread(line: Line) -> None:
    await line.send(address=ROOM)
    await line.send(address=DM)
    assert [body.get("thread_ts") for body in line.posted] == ["1795300020.000020", None]


async def test_C63_five_options_are_buttons(line: Line) -> None:
    await line.send("A <b> & c?", options=options("Yes", "No", "Maybe", "Never", "Later"))
    section, actions = line.posted[0]["blocks"]
    assert section == {"type": "section", "text": {"type": "plain_text", "text": "A <b> & c?", "emoji": False}}
    assert actions["block_id"] == "fd_options:U0ILSE0001"
    assert actions["elements"][0] == {
        "type": "button",
        "action_id": "fd_option_0",
        "text": {"type": "plain_text", "text": "Yes", "emoji": False},
        "value": "fd:7f3a:step:yes",
    }
    assert [button["action_id"] for button in actions["elements"]] == [f"fd_option_{n}" for n in range(5)]
    assert line.posted[0]["text"] == "A &lt;b&gt; &amp; c?", "what a notification shows (C62)"


async def test_C63_six_options_are_a_list_to_choose_from(line: Line) -> None:
    await line.send("Which?", options=options(*(f"Item {n}" for n in range(6))))
    (chosen,) = line.posted[0]["blocks"][1]["elements"]
    assert chosen["type"] == "static_select"
    assert chosen["action_id"].startswith("fd_")
    assert [entry["value"] for entry in chosen["options"]] == [f"fd:7f3a:step:item {n}" for n in range(6)]


async def test_C28_more_options_than_fit_are_numbered(line: Line) -> None:
    await line.send("Which?", options=tuple(Option(label=f"Item {n}", token=f"t{n}") for n in range(101)))
    assert "blocks" not in line.posted[0]
    assert line.posted[0]["text"].startswith("Which?\n\n1. Item 0\n2. Item 1\n")


async def test_C62_labels_and_values_fit_their_places(line: Line) -> None:
    await line.send("Which?", options=(Option(label="x" * 200, token="fd:7f3a:step:" + "ü" * 200),))
    (button,) = line.posted[0]["blocks"][1]["elements"]
    assert len(button["text"]["text"]) == 75
    assert len(button["value"].encode()) <= 150


async def test_C62_parts_fit_also_once_they_are_escaped(line: Line) -> None:
    text, resume = "a & b < c > d. " * 800, tuple[str, ...]()
    while True:
        receipt = await line.send(text, resume=resume, options=options("Yes"))
        assert isinstance(receipt, Sent)
        resume += receipt.provider_ids
        if receipt.complete:
            break
    assert all(len(body["text"]) <= KIND.limits.max_chars for body in line.posted)
    assert len(line.posted) > 4
    assert ["blocks" in body for body in line.posted] == [False] * (len(line.posted) - 1) + [True]
    assert await line.send(text, resume=resume) == Sent(provider_ids=())


ACCOUNT = ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive")
AWAY = (
    "channel_not_found", "not_in_channel", "is_archived", "missing_scope", "restricted_action",
    "user_not_found", "user_disabled", "cannot_dm_bot",
)  # fmt: skip
HIDDEN = ("fatal_error", "internal_error", "service_unavailable", "request_timeout")
HTML = raw(503, b"<html>unavailable</html>", "text/html")
ROWS: dict[str, tuple[Answer, Receipt]] = {
    **{word: (says(word), Refused(reason=word, reach=Reach.ACCOUNT)) for word in ACCOUNT},
    **{word: (says(word), Refused(reason=word, reach=Reach.UNREACHABLE)) for word in AWAY},
    **{word: (says(word), Unknown(reason=word)) for word in HIDDEN},
    "429 names its wait": (says("ratelimited", 429, Retry_After="7"), Retry(reason="ratelimited", after_s=7)),
    "429 names none": (says("ratelimited", 429), Retry(reason="ratelimited", after_s=30)),
    "429 without JSON": (raw(429, b"slow", "text/plain", Retry_After="7"), Retry(reason="ratelimited", after_s=7)),
    "429 of broken JSON": (raw(429, b"{slow", Retry_After="7"), Retry(reason="ratelimited", after_s=7)),
    "429 of ages": (says("ratelimited", 429, Retry_After="9" * 12), Retry(reason="ratelimited", after_s=3600)),
    "429 with an odd wait": (says("ratelimited", 429, Retry_After="soon"), Retry(reason="ratelimited", after_s=30)),
    "ratelimited with 200": (says("ratelimited"), Retry(reason="ratelimited", after_s=30)),
    "another word": (says("invalid_arguments"), Refused(reason="invalid_arguments")),
    "another word with 400": (says("invalid_arguments", 400), Refused(reason="invalid_arguments")),
    "a known word with 500": (says("channel_not_found", 500), Unknown(reason="channel_not_found")),
    "HTML": (HTML, Unknown(reason="HTTP 503 without an error")),
    "404 HTML": (raw(404, b"<html>", "text/html"), Unknown(reason="HTTP 404 without an error")),
    "200 HTML": (raw(200, b"<html>", "text/html"), Unknown(reason="HTTP 200 without an error")),
    "200 text": (raw(200, b"ok", "text/plain"), Unknown(reason="AttributeError")),
    "200 list": (raw(200, b"[1]"), Unknown(reason="AttributeError")),
    "200 empty": (raw(200, b""), Unknown(reason="HTTP 200 without an error")),
    "200 without ok": (raw(200, b"{}"), Unknown(reason="HTTP 200 without an error")),
    "200 cut JSON": (raw(200, b'{"ok": tr'), Unknown(reason="HTTP 200 without an error")),
    "200 not UTF-8": (raw(200, b'{"ok": "\xff"}'), Unknown(reason="UnicodeDecodeError")),
    "200 deep": (raw(200, b'{"ok": true, "ts": ' + b"[" * 100_000), Unknown(reason="RecursionError")),
    "200 gzip": (raw(200, b"ok", "application/gzip"), Unknown(reason="an answer without JSON")),
    "200 without a ts": (gives(), Unknown(reason="a message without a ts")),
    "200 with an odd ts": (gives(ts=1), Unknown(reason="a message without a ts")),
}


@pytest.mark.parametrize("row", ROWS)
async def test_C33_each_answer_has_its_receipt(line: Line, row: str) -> None:
    answer, receipt = ROWS[row]
    line.double.will("chat.postMessage", answer)
    assert await line.send() == receipt
    assert len(line.posted) == 1, "the outbox is the only retrier (C35)"


@pytest.mark.parametrize("word", ["msg_too_long", "msg_blocks_too_long", "invalid_blocks", "no_text"])
async def test_C62_what_slack_finds_too_long_goes_once_more_as_short_plain_text(line: Line, word: str) -> None:
    line.double.will("chat.postMessage", says(word))
    receipt = await line.send("word " * 400, options=options("Yes", "No"), address=ROOM)
    assert receipt == Sent(provider_ids=("1795260000.000002",))
    body = line.posted[1]
    assert "blocks" not in body
    assert body["thread_ts"] == ROOM.thread
    assert body["text"].endswith("…\n\n1. Yes\n2. No\nReply with the number")
    line.double.will("chat.postMessage", says(word), says(word))
    assert await line.send() == Refused(reason=word)


async def test_C60_a_lost_thread_is_answered_at_the_top(line: Line) -> None:
    line.double.will("chat.postMessage", says("thread_not_found"))
    assert await line.send(address=ROOM) == Sent(provider_ids=("1795260000.000002",))
    assert [body.get("thread_ts") for body in line.posted] == [ROOM.thread, None]
    line.double.will("chat.postMessage", says("thread_not_found"))
    assert await line.send(address=replace(ROOM, thread=None)) == Refused(reason="thread_not_found")


async def test_C33_a_refused_connection_is_known_not_sent() -> None:
    async with slack_double() as double:
        pass
    channel = await opened(double, 10.0)
    receipt = await channel.send(Reply(id="o1", address=DM, text="Hello"), ())
    await channel.close()
    assert receipt == Retry(reason="ClientConnectorError")


@pytest.mark.parametrize("fault", ["cut", "cut_midway"])
async def test_C33_a_cut_line_ends_as_unknown(line: Line, fault: str) -> None:
    line.double.will("chat.postMessage", getattr(line.double, fault))
    assert isinstance(await line.send(), Unknown)


@pytest.mark.parametrize("fault", ["hang", "drip"])
async def test_C36_silence_and_dripping_end_as_unknown(fault: str) -> None:
    async with slack_double() as double:
        channel = await opened(double, 0.3)
        double.will("chat.postMessage", getattr(double, fault))
        receipt = await channel.send(Reply(id="o1", address=DM, text="Hello"), ())
        await channel.close()
    assert receipt == Unknown(reason="TimeoutError")


async def test_C4_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with slack_double() as double:
        channel = await opened(double, 10.0)
        assert await channel.send(Reply(id="o1", address=DM, text="Hello"), ()) == Sent(provider_ids=(TS,))
        await channel.close()


async def test_C22_a_channel_that_is_not_open_sends_later() -> None:
    channel = SlackChannel(SlackKeys(token=TOKEN))
    assert isinstance(await channel.send(Reply(id="o1", address=DM, text="Hello"), ()), Retry)


async def test_C16_neither_receipts_nor_logs_hold_token_or_words(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    said = []
    for answer, _ in ROWS.values():
        line.double.will("chat.postMessage", answer)
        said.append(await line.send("a customer's words"))
    assert TOKEN not in repr(said) + caplog.text
    assert "customer" not in caplog.text
