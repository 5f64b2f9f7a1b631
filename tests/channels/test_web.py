"""The web channel itself: what a post becomes, and what a reply becomes."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from channels.base import Channel, Inbound, Refusal, Verified
from channels.web import WebChannel, conversation_of, person_of
from engine.message import Address, Event, EventKind, Refused, Reply, Retry, Sent
from tests.gateway.web_desk import FakeClock, MemoryRecords

pytestmark = pytest.mark.anyio

TOKEN = "t" * 43
PERSON = person_of(TOKEN)
ADDRESS = Address(channel="web", account="site", chat=PERSON, person=PERSON)


def web_channel(records: MemoryRecords | None = None) -> WebChannel:
    return WebChannel(records or MemoryRecords(), FakeClock())


def posted(body: bytes, cookie: str = f"a=b; frontdesk_session={TOKEN}") -> Inbound:
    headers = (("cookie", cookie.encode()), ("content-type", b"application/json; charset=utf-8"))
    return Inbound(method="POST", path="/web/messages", query=b"", headers=headers, body=body)


def event_of(**fields: Any) -> Event:
    channel = web_channel()
    verified = channel.verify(posted(json.dumps({"id": str(uuid4()), **fields}).encode()))
    assert isinstance(verified, Verified)
    (event,) = channel.parse(verified)
    return event


def status_of(body: bytes, **headers: str) -> int:
    refusal = web_channel().verify(posted(body, **headers))
    assert isinstance(refusal, Refusal)
    return refusal.status


def test_C1_it_is_a_channel() -> None:
    channel: Channel = web_channel()
    assert channel.kind.name == "web"


def test_C91_a_post_becomes_one_message_of_its_session() -> None:
    id = str(uuid4())
    event = event_of(id=id, text=" Café \n ok ", attachments=[], unknown={"ignored": 1})
    assert event.id == f"web:{PERSON}:{id}"
    assert event.conversation == conversation_of(PERSON) == f"web:site:{PERSON}"
    assert (event.kind, event.text, event.option) == (EventKind.MESSAGE, " Café \n ok ", None)
    assert event.address == ADDRESS
    assert event.at == FakeClock().now()


def test_C91_a_pressed_option_carries_its_token() -> None:
    event = event_of(option="fd:run:step:yes")
    assert (event.kind, event.text, event.option) == (EventKind.OPTION, "", "fd:run:step:yes")


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200d\ufeff", "\u202e\u2066 ", "\x00"])
def test_C19_text_that_cannot_be_seen_is_no_text(text: str) -> None:
    assert event_of(text=text).text == ""


def test_C19_what_no_store_can_hold_is_replaced() -> None:
    assert event_of(text="a\x00b").text == "a\ufffdb"


def test_C91_the_limit_counts_characters_not_bytes() -> None:
    assert len(event_of(text="😀" * 4000).text) == 4000


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 4001},
        {"text": 5},
        {"text": "a", "option": "b"},
        {},
        {"option": ""},
        {"option": "x" * 257},
        {"id": "1", "text": "a"},
        {"id": None, "text": "a"},
        {"text": "a", "attachments": [{"kind": "photo", "ref": "http://169.254.169.254/"}]},
    ],
)
def test_C91_a_field_that_cannot_be_is_422(fields: dict[str, Any]) -> None:
    assert status_of(json.dumps({"id": str(uuid4()), **fields}).encode()) == 422


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"x"',
        b"{",
        b"\xff",
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b'{"a":' * 9000,
        b'{"x":' + b"[" * 60_000,
    ],
    ids=["empty", "array", "string", "cut", "bytes", "not-utf-8", "surrogate", "deep-objects", "deep-arrays"],
)
def test_C10_what_cannot_be_read_is_400(body: bytes) -> None:
    assert status_of(body) == 400


@pytest.mark.parametrize(
    "cookie",
    ["", "frontdesk_session=", "frontdesk_session=short", f"frontdesk_session={TOKEN}; frontdesk_session={'u' * 43}"],
)
def test_C8_a_missing_misshapen_or_doubled_token_is_401_before_anything_is_read(cookie: str) -> None:
    assert status_of(b"\xff", cookie=cookie) == 401


@pytest.mark.parametrize("body", [None, {}, [], "x", {"id": 1}])
def test_C1_parse_is_total(body: object) -> None:
    assert web_channel().parse(Verified(body=body)) == []


async def test_C93_stored_is_sent_and_a_repeat_changes_nothing() -> None:
    records = MemoryRecords()
    channel = web_channel(records)
    reply = Reply(id="row", address=ADDRESS, text="hello")
    assert await channel.send(reply, ()) == await channel.send(reply, ("1",)) == Sent(provider_ids=("1",))
    assert len(await records.read("stream", PERSON)) == 1


async def test_C93_an_absent_store_is_known_not_sent() -> None:
    records = MemoryRecords()
    records.away = True
    assert isinstance(await web_channel(records).send(Reply(id="row", address=ADDRESS, text="hello"), ()), Retry)


async def test_C24_blank_text_is_never_sent() -> None:
    records = MemoryRecords()
    assert isinstance(await web_channel(records).send(Reply(id="row", address=ADDRESS, text=" \u200b"), ()), Refused)
    assert await records.read("stream", PERSON) == []
