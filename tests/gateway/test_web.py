"""The web channel's door: who may come in, with what, and how often."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp
import msgspec
import pytest

from engine.message import EventKind, Option
from gateway.web import MAX_BODY_BYTES, MESSAGES_PER_MINUTE, SESSIONS_PER_MINUTE, WebSettings
from tests.gateway.web_desk import Page, WebDesk, page, web_desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> AsyncIterator[WebDesk]:
    async with web_desk() as running:
        yield running


@pytest.fixture
async def visitor(desk: WebDesk) -> AsyncIterator[Page]:
    async with page(desk) as begun:
        yield begun


async def test_C90_a_session_is_a_cookie_no_script_can_read_and_its_person_is_its_hash(desk: WebDesk) -> None:
    async with page(desk, begun=False) as visitor:
        answer = await visitor.begin()
        attributes = answer.headers["Set-Cookie"].split("; ")
        assert answer.status == 201
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(attributes)
        assert "Secure" not in attributes
        token = attributes[0].removeprefix("frontdesk_session=")
        assert len(token) == 43
        assert token not in answer.body.decode()
        assert len(visitor.person) == 64


async def test_C90_the_cookie_is_secure_when_public_url_is_https() -> None:
    settings = WebSettings(public_url="https://desk.example/front")
    async with web_desk(settings=settings) as desk, page(desk, begun=False) as visitor:
        answer = await visitor.post("/web/session", origin="https://desk.example")
        assert answer.status == 201
        assert "Secure" in answer.headers["Set-Cookie"].split("; ")


async def test_C90_a_second_tab_goes_on_with_the_session_it_has(visitor: Page) -> None:
    person = visitor.person
    assert (await visitor.begin()).status == 200
    assert visitor.person == person


@pytest.mark.parametrize("cookie", ["", "frontdesk_session=guess", "frontdesk_session=" + "A" * 43])
async def test_C90_a_guessed_or_missing_token_sees_nothing(desk: WebDesk, cookie: str) -> None:
    async with page(desk, begun=False) as stranger:
        body = msgspec.json.encode({"id": str(uuid4()), "text": "hi"})
        assert (await stranger.post("/web/messages", body, cookie=cookie)).status == 401
        async with stranger.events(cookie=cookie) as stream:
            assert stream.response.status == 401
    assert not desk.inbox.events


async def test_C90_a_dropped_session_is_over(desk: WebDesk, visitor: Page) -> None:
    await desk.records.drop("session", visitor.person)
    assert (await visitor.say(str(uuid4()), text="hi")).status == 401


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:1"])
async def test_C91_no_cross_site_post_works(desk: WebDesk, visitor: Page, origin: str | None) -> None:
    body = msgspec.json.encode({"id": str(uuid4()), "text": "hi"})
    assert (await visitor.post("/web/messages", body, origin=origin)).status == 403
    assert (await visitor.post("/web/session", origin=origin)).status == 403
    assert not desk.inbox.events


async def test_C91_a_foreign_origin_gets_no_stream_though_it_has_the_cookie(visitor: Page) -> None:
    async with visitor.events(origin="https://evil.example") as stream:
        assert stream.response.status == 403


async def test_C91_an_origin_the_operator_names_may_post() -> None:
    settings = WebSettings(public_url="http://desk.example", origins=("https://shop.example",))
    async with web_desk(settings=settings) as desk, page(desk, begun=False) as visitor:
        assert (await visitor.post("/web/session", origin="https://shop.example")).status == 201
        assert (await visitor.post("/web/session", origin=desk.url)).status == 403


async def test_C91_posting_twice_gives_one_event_and_the_same_answer(desk: WebDesk, visitor: Page) -> None:
    id = str(uuid4())
    first = await visitor.say(id, text="refund please")
    second = await visitor.say(id.upper(), text="refund please")
    assert (first.status, first.json) == (second.status, second.json) == (202, {"id": f"web:{visitor.person}:{id}"})
    assert [event.text for event in desk.inbox.events.values()] == ["refund please"]
    async with visitor.events() as stream:
        await desk.reply(visitor, "which order?")
        assert await stream.texts(2) == ["refund please", "which order?"]


async def test_C91_the_same_id_in_another_session_is_another_event(desk: WebDesk, visitor: Page) -> None:
    id = str(uuid4())
    async with page(desk) as other:
        await visitor.say(id, text="mine")
        await other.say(id, text="theirs")
    assert [event.text for event in desk.inbox.events.values()] == ["mine", "theirs"]


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
async def test_C91_a_body_that_is_not_json_is_refused(visitor: Page, content_type: str | None) -> None:
    body = msgspec.json.encode({"id": str(uuid4()), "text": "hi"})
    assert (await visitor.post("/web/messages", body, content_type=content_type)).status == 415


async def test_C91_a_form_of_another_site_cannot_begin_a_session(visitor: Page) -> None:
    assert (await visitor.post("/web/session", b"a=b", content_type="application/x-www-form-urlencoded")).status == 415


async def test_X6_a_head_request_opens_no_stream(desk: WebDesk) -> None:
    async with aiohttp.request("HEAD", f"{desk.url}/web/events") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET")


async def test_C91_a_body_over_64_kb_is_refused(desk: WebDesk, visitor: Page) -> None:
    answer = await visitor.say(str(uuid4()), text="x" * MAX_BODY_BYTES)
    assert answer.status == 413
    assert not desk.inbox.events


async def test_C91_what_is_wrong_with_a_field_is_said_plainly(visitor: Page) -> None:
    answer = await visitor.say(str(uuid4()), text="x" * 4001)
    assert (answer.status, answer.json) == (422, {"error": "Expected `str` of length <= 4000 - at `$.text`"})


async def test_C91_the_route_takes_an_option_and_shows_its_label_to_every_tab(desk: WebDesk, visitor: Page) -> None:
    await desk.reply(visitor, "sure?", options=(Option(label="Yes, refund", token="fd:1:2:yes"),))
    assert (await visitor.say(str(uuid4()), option="fd:1:2:yes")).status == 202
    assert (await visitor.say(str(uuid4()), option="fd:never:offered")).status == 202
    await desk.reply(visitor, "done")
    assert [event.kind for event in desk.inbox.events.values()] == [EventKind.OPTION] * 2
    async with visitor.events() as stream:
        assert await stream.texts(3) == ["sure?", "Yes, refund", "done"]


async def test_C92_the_words_are_on_the_stream_once_before_anybody_can_answer_them(
    desk: WebDesk, visitor: Page
) -> None:
    id = str(uuid4())
    desk.inbox.away = True
    assert (await visitor.say(id, text="hi")).status == 503
    desk.inbox.away = False
    assert (await visitor.say(id, text="hi")).status == 202
    await desk.reply(visitor, "hello")
    async with visitor.events() as stream:
        assert await stream.texts(2) == ["hi", "hello"]


async def test_C13_with_the_inbox_away_the_answer_is_503_and_the_same_post_later_succeeds(
    desk: WebDesk, visitor: Page
) -> None:
    id = str(uuid4())
    desk.inbox.away = True
    answer = await visitor.say(id, text="hi")
    assert (answer.status, answer.body) == (503, b"")
    desk.inbox.away = False
    assert (await visitor.say(id, text="hi")).status == 202
    assert len(desk.inbox.events) == 1


async def test_C13_with_the_records_away_nothing_is_a_500(desk: WebDesk, visitor: Page) -> None:
    desk.records.away = True
    assert (await visitor.say(str(uuid4()), text="hi")).status == 503
    assert (await visitor.post("/web/session")).status == 503
    async with visitor.events() as stream:
        assert stream.response.status == 503


async def test_C95_a_session_has_30_messages_a_minute(desk: WebDesk, visitor: Page) -> None:
    async def says() -> int:
        return (await visitor.say(str(uuid4()), text="hi")).status

    assert [await says() for _ in range(10)] == [202] * 10
    desk.clock.advance(20)
    assert [await says() for _ in range(MESSAGES_PER_MINUTE - 10)] == [202] * (MESSAGES_PER_MINUTE - 10)
    answer = await visitor.say(str(uuid4()), text="hi")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "40")
    async with page(desk) as other:
        assert (await other.say(str(uuid4()), text="hi")).status == 202
    desk.clock.advance(40)
    assert [await says() for _ in range(11)] == [202] * 10 + [429]


async def test_C95_an_address_has_20_new_sessions_a_minute_whatever_it_says_it_is(desk: WebDesk, visitor: Page) -> None:
    async def newcomer(number: int) -> int:
        async with page(desk, begun=False) as stranger:
            return (await stranger.post("/web/session", x_forwarded_for=f"203.0.113.{number}")).status

    opened = [await newcomer(number) for number in range(SESSIONS_PER_MINUTE)]
    assert opened == [201] * (SESSIONS_PER_MINUTE - 1) + [429]
    assert (await visitor.begin()).status == 200
    desk.clock.advance(60)
    assert await newcomer(99) == 201


@pytest.mark.parametrize("path", ["/web/session", "/web/messages"])
async def test_X6_answers_are_not_stored_sniffed_or_shared_with_other_origins(visitor: Page, path: str) -> None:
    for origin in (None, "http://localhost:1"):
        answer = await visitor.post(path, origin=origin)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
