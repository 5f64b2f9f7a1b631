"""The web channel's streams: what was missed, once and in order, for every tab, until the service stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import ExitStack, suppress
from uuid import uuid4

import aiohttp
import pytest

from engine.message import Address, Option, Voice
from gateway.streams import EventStream, Pace, last_seen
from gateway.web import STREAMS_PER_SESSION
from tests.gateway.web_desk import WOKEN_ONLY, MemoryRecords, Page, WebDesk, page, web_desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> AsyncIterator[WebDesk]:
    async with web_desk() as running:
        yield running


@pytest.fixture
async def visitor(desk: WebDesk) -> AsyncIterator[Page]:
    async with page(desk) as begun:
        yield begun


async def test_C92_an_item_carries_its_place_its_speaker_and_its_options(desk: WebDesk, visitor: Page) -> None:
    await desk.reply(visitor, "ok?", id="row-1", options=(Option(label="Yes", token="t"),), link="https://x.example/")
    await desk.reply(visitor, "a person has joined", id="row-2", voice=Voice.DESK, link="javascript:alert(1)")
    async with visitor.events() as stream:
        assert stream.response.headers["Content-Type"].startswith("text/event-stream")
        assert stream.response.headers["Cache-Control"] == "no-store"
        first, second = await stream.items(2)
    assert first == {
        "id": "1",
        "event": "message",
        "data": {
            "id": "row-1",
            "kind": "reply",
            "text": "ok?",
            "at": "2026-03-02T15:15:00Z",
            "options": [{"label": "Yes", "token": "t"}],
            "link": "https://x.example/",
            "voice": "bot",
        },
    }
    assert (second["data"]["kind"], second["data"]["link"]) == ("notice", None)


@pytest.mark.parametrize("by_header", [True, False])
async def test_C92_a_reconnect_brings_exactly_what_was_missed(desk: WebDesk, visitor: Page, by_header: bool) -> None:
    for number in range(250):
        await desk.reply(visitor, str(number))
    opened = visitor.events(last_event_id="7") if by_header else visitor.events("?last=7")
    async with opened as stream:
        assert await stream.texts(243) == [str(number) for number in range(7, 250)]


async def test_C92_a_page_without_a_memory_gets_the_last_50(desk: WebDesk, visitor: Page) -> None:
    for number in range(60):
        await desk.reply(visitor, str(number))
    async with visitor.events() as stream:
        assert await stream.texts(50) == [str(number) for number in range(10, 60)]


async def test_C92_a_row_sent_again_is_shown_once(desk: WebDesk, visitor: Page) -> None:
    async with visitor.events() as stream:
        for text in ("one", "one", "two"):
            await desk.reply(visitor, text)
        assert await stream.texts(2) == ["one", "two"]


async def test_C92_two_tabs_of_one_session_see_the_same(desk: WebDesk, visitor: Page) -> None:
    async with visitor.events() as left, visitor.events() as right:
        await visitor.say(str(uuid4()), text="hello\nthere\u2028<img onerror=x>")
        await desk.reply(visitor, "hi")
        seen = await left.items(2)
        assert seen == await right.items(2)
        assert [item["data"]["kind"] for item in seen] == ["customer", "reply"]
        assert seen[0]["data"]["text"] == "hello\nthere\u2028<img onerror=x>"


async def test_C90_another_session_sees_nothing_of_it(desk: WebDesk, visitor: Page) -> None:
    async with page(desk) as other, other.events() as stream:
        await desk.reply(visitor, "for the first")
        await desk.reply(other, "for the other")
        assert await stream.texts(1) == ["for the other"]


async def test_C92_a_reply_of_another_process_is_found_in_the_store() -> None:
    records = MemoryRecords()
    async with web_desk(records) as web, web_desk(records) as worker, page(web) as visitor, visitor.events() as stream:
        await worker.reply(visitor, "from afar")
        assert await stream.texts(1) == ["from afar"]


async def test_C92_a_reply_of_this_process_wakes_its_streams() -> None:
    async with web_desk(pace=WOKEN_ONLY) as desk, page(desk) as visitor, visitor.events() as stream:
        assert "retry" in await stream.frame()
        await desk.reply(visitor, "at once")
        assert await stream.texts(1) == ["at once"]


async def test_C95_a_reply_takes_back_the_sign_of_typing_that_it_overtook() -> None:
    async with web_desk(pace=WOKEN_ONLY) as desk, page(desk) as visitor, visitor.events() as stream:
        assert "retry" in await stream.frame()
        address = Address(channel="web", account="site", chat=visitor.person, person=visitor.person)
        await asyncio.gather(desk.channel.typing(address), desk.reply(visitor, "there"))
        await desk.reply(visitor, "more")
        frames = [await stream.frame(), await stream.frame()]
    assert [frame["event"] for frame in frames] == ["message", "message"]


async def test_C95_typing_is_shown_and_never_stored(desk: WebDesk, visitor: Page) -> None:
    async with visitor.events() as stream:
        assert "retry" in await stream.frame()
        await desk.reply(visitor, "first")
        assert await stream.texts(1) == ["first"]
        await desk.channel.typing(Address(channel="web", account="site", chat=visitor.person, person=visitor.person))
        typing = await anext(stream.frames("typing"))
        assert typing == {"event": "typing", "data": {"kind": "notice", "typing": True}}
    assert len(await desk.records.read("stream", visitor.person)) == 1


async def test_C93_a_quiet_stream_is_kept_alive_by_comments(visitor: Page) -> None:
    async with visitor.events() as stream:
        assert "retry" in await stream.frame()
        assert await stream.frame() == await stream.frame() == {"": "beat"}


async def test_C93_streams_end_when_the_service_stops_and_lose_nothing(desk: WebDesk, visitor: Page) -> None:
    async with visitor.events() as stream:
        assert "retry" in await stream.frame()
        desk.stopping.set()
        while await stream.frame():
            pass
    await desk.reply(visitor, "meanwhile")
    desk.stopping.clear()
    async with visitor.events(last_event_id="0") as stream:
        assert await stream.texts(1) == ["meanwhile"]


async def test_C93_a_stream_outlives_an_absent_store_and_skips_nothing(desk: WebDesk, visitor: Page) -> None:
    async with visitor.events() as stream:
        assert "retry" in await stream.frame()
        desk.records.away = True
        assert "" in await stream.frame()
        desk.records.away = False
        await desk.reply(visitor, "back")
        assert await stream.texts(1) == ["back"]


async def test_C93_a_reader_who_stops_reading_is_dropped_and_forgotten(desk: WebDesk, visitor: Page) -> None:
    async def send(message: object) -> None:
        await asyncio.Event().wait()

    async def frames() -> AsyncGenerator[bytes, None]:
        with desk.channel.audience.listening(visitor.person):
            while True:
                yield b": more\n\n"

    stream = EventStream(frames(), patience_s=0.01, headers={})
    await stream.stream_response(send)
    assert desk.channel.audience.size(visitor.person) == 0


async def test_C93_a_dropped_reader_resumes_where_it_was() -> None:
    pace = Pace(poll_s=0.01, patience_s=0.05)
    async with web_desk(pace=pace) as desk, page(desk) as visitor:
        for number in range(150):
            await desk.reply(visitor, "x" * 100_000, id=str(number))
        seen: list[str] = []
        drops = 0
        while len(seen) < 150:
            async with visitor.events(last_event_id=str(len(seen))) as stream:
                seen.append((await stream.items(1))[0]["id"])
                while desk.channel.audience.size(visitor.person) and not drops:
                    await asyncio.sleep(0)  # the first time, this page reads nothing more until it was dropped
                with suppress(aiohttp.ClientPayloadError):
                    while len(seen) < 150:
                        seen.append((await stream.items(1))[0]["id"])
                drops += 1
        assert drops > 1
        assert seen == [str(number) for number in range(1, 151)]


async def test_X5_a_session_holds_only_so_many_streams(desk: WebDesk, visitor: Page) -> None:
    with ExitStack() as others:
        for _ in range(STREAMS_PER_SESSION):
            others.enter_context(desk.channel.audience.listening(visitor.person))
        async with visitor.events() as stream:
            assert stream.response.status == 429
    async with visitor.events() as stream:
        assert stream.response.status == 200


@pytest.mark.parametrize(
    ("header", "query", "seq"),
    [("7", "3", 7), (None, "3", 3), ("x", "3", 3), ("-1", None, None), ("9" * 40, None, None), ("٣", "", None)],
)
def test_C92_the_last_seen_item_is_a_plain_number_or_none(header: str | None, query: str | None, seq: int) -> None:
    assert last_seen(header, query) == seq
