"""Traces as a receiver of OTLP gets them: the tree of a turn, nobody's words, and nothing lost but what is counted."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from engine.errors import LeaseLost
from gateway.model import Fate
from tests.gateway import model_double
from tests.gateway.backend_double import Asked, BackendDouble, Say, backend
from tests.gateway.loopback import AUTHENTIC, Front, served
from tests.gateway.model_double import KEY, NAME
from tests.gateway.opened_desk import talk, working
from tests.gateway.trace_receiver import HEADER, Seen, seen, tracing, tree

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent
WORDS = "please give me the cash of ord 12345 again, says canary-customer"
SERVER, CLIENT, CONSUMER = 2, 3, 5
"""Kinds of spans. Source: opentelemetry/proto/trace/v1/trace.proto, SpanKind."""


def _sell(asked: Asked) -> Say:
    if asked.method == "POST":
        return Say.json({}, 201)
    return Say.json({"item": {"name": "canary-kettle"}, "amount": "12", "currency": "EUR"})


def environ(receiver: BackendDouble, model: BackendDouble, shop: BackendDouble) -> dict[str, str]:
    """A desk with a model, a shop, and somebody who looks."""
    return {
        **model_double.named(model.url),
        "SHOP_API_URL": shop.url,
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"x-key={HEADER}",
    }


def only(spans: list[Seen], name: str) -> Seen:
    """The one span of this name."""
    (found,) = [span for span in spans if span.name == name]
    return found


async def test_a_turn_with_a_model_call_and_an_action_is_one_tree(tmp_path: Path) -> None:
    reads = model_double.completion(
        '{"flow": "refund", "slots": {"order_number": "ORD-12345"}}', prompt_tokens=312, completion_tokens=40
    )
    async with backend() as receiver, backend(reads) as model, backend(otherwise=_sell) as shop:
        async with working(tmp_path, **environ(receiver, model, shop)) as (_, page, _):
            await talk(page, WORDS)
        spans = seen(receiver)
        assert {asked.header("x-key")[0] for asked in receiver.asked} == {HEADER}
    assert tree(spans) == {
        ("accept", ""),
        ("turn", "accept"),
        ("understand", "turn"),
        (f"chat {NAME}", "understand"),
        ("decide", "turn"),
        ("act", "turn"),
        ("action refund.lookup_order_details", "act"),
        ("say", "turn"),
        ("commit", "turn"),
        ("send", "turn"),
    }
    assert len({span.trace for span in spans}) == 1
    assert {span.service for span in spans} == {"frontdesk"}
    turn, chat = only(spans, "turn"), only(spans, f"chat {NAME}")
    assert (turn.kind, chat.kind) == (CONSUMER, CLIENT)
    assert re.fullmatch(r"p-[0-9a-f]{12}", turn.noted.pop("frontdesk.conversation"))
    assert turn.noted.pop("frontdesk.rules")
    assert turn.noted == {
        "frontdesk.outcome": "committed",
        "frontdesk.channel": "web",
        "frontdesk.number": 1,
        "frontdesk.flow": "refund",
        "frontdesk.state": "confirm_item",
    }
    assert chat.noted == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": NAME,
        "gen_ai.response.model": NAME,
        "gen_ai.usage.input_tokens": 312,
        "gen_ai.usage.output_tokens": 40,
        "frontdesk.purpose": "extraction",
    }
    action = only(spans, "action refund.lookup_order_details")
    assert (action.noted["frontdesk.outcome"], action.noted["frontdesk.tries"]) == ("found", 1)
    assert only(spans, "send").noted["frontdesk.outcome"] == "sent"
    assert _place(shop.asked[0]) == (action.trace, action.id)


async def test_what_a_committed_call_came_to_goes_on_in_the_trace_of_its_turn(tmp_path: Path) -> None:
    async with backend() as receiver, backend() as model, backend(otherwise=_sell) as shop:
        async with working(tmp_path, **environ(receiver, model, shop)) as (_, page, _):
            await talk(page, "refund for ORD-12345, wrong item", "yes")
        spans = seen(receiver)
    call = only(spans, "action refund.submit_refund")
    by_id = {span.id: span for span in spans}
    result = next(span for span in spans if span.name == "turn" and by_id[span.parent].name == "turn")
    assert call.parent == result.parent
    assert result.noted["frontdesk.state"] == "confirmation"
    assert _place(shop.asked[-1]) == (call.trace, call.id)
    assert len({span.trace for span in spans}) == 2


async def test_X60_no_span_holds_words_addresses_or_secrets(tmp_path: Path) -> None:
    reads = model_double.answer(flow="refund", slots={"order_number": "ORD-12345"})
    async with backend() as receiver, backend(reads) as model, backend(otherwise=_sell) as shop:
        async with working(tmp_path, **environ(receiver, model, shop)) as (_, page, client):
            await talk(page, WORDS, "no, canary-order ORD-777 it was, write to canary@example.com")
            cookies = [cookie.value for cookie in client.cookie_jar]
        exported = b"".join(asked.body for asked in receiver.asked)
        hosts = [double.url.removeprefix("http://") for double in (model, shop)]
    assert b"action refund.lookup_order_details" in exported
    for secret in ("canary", "ORD-12345", "ORD-777", "web:", KEY, HEADER, *hosts, *cookies):
        assert secret.encode() not in exported, secret


async def test_many_conversations_at_once_do_not_mix_their_traces(tmp_path: Path) -> None:
    async with backend() as receiver, backend(otherwise=lambda asked: Say(status=500)) as model, backend() as shop:
        async with working(tmp_path, **environ(receiver, model, shop)) as (_, page, _):
            async with page.events() as stream:
                for _ in range(5):
                    await asyncio.gather(*(page.say(str(uuid4()), text="I want a refund") for _ in range(3)))
                    await stream.texts(2)
            await asyncio.sleep(0.3)
        spans = seen(receiver)
    doors = [span for span in spans if span.name == "accept" and span.noted["frontdesk.kind"] == "message"]
    assert len(doors) == len({door.trace for door in doors}) == 15
    began = {door.id for door in doors}
    answered = {span.id for span in spans if span.name == "accept"} - began  # what a model wrote behind a reply
    for turn in (span for span in spans if span.name == "turn"):
        assert turn.parent in began | answered
        assert set(turn.after) <= began - {turn.parent}
    ids = {span.id: span.trace for span in spans}
    assert all(ids[span.parent] == span.trace for span in spans if span.parent)


async def test_a_webhook_is_a_span_with_its_status_and_a_strangers_path_is_none() -> None:
    async with backend() as receiver:
        spans = tracing(receiver.url)
        front = Front()
        async with served(front.app(spans=spans)) as (host, port):
            await _post(host, port, "/webhooks/pigeon", AUTHENTIC)
            await _post(host, port, "/webhooks/canary-path", AUTHENTIC)
            await _post(host, port, "/webhooks/pigeon", {})
        await spans.finish()
        found = seen(receiver)
    assert [(span.name, span.kind) for span in found] == [("webhook pigeon", SERVER)] * 2
    assert [span.noted["http.response.status_code"] for span in found] == [200, 401]


async def test_several_events_of_one_turn_are_linked_and_nothing_current_is_a_parent() -> None:
    async with backend() as receiver:
        spans = tracing(receiver.url)
        places = []
        for _ in range(3):
            with spans.of("accept"):
                places.append(spans.here())
        with spans.of("current"):
            with spans.begun("turn", places):
                pass
            with spans.begun("alone", ()):
                pass
        await spans.finish()
        found = seen(receiver)
    doors = [span.id for span in found if span.name == "accept"]
    turn = only(found, "turn")
    assert (turn.parent, turn.after) == (doors[0], tuple(doors[1:]))
    assert only(found, "alone").parent == ""


async def test_what_broke_is_known_by_its_kind_and_never_by_its_words() -> None:
    async with backend() as receiver:
        spans = tracing(receiver.url)
        with pytest.raises(ValueError, match="canary"), spans.of("act"):
            raise ValueError("canary-words")
        with pytest.raises(LeaseLost), spans.of("commit"):
            spans.note(**{"error.type": "told before"})
            raise LeaseLost("canary-lease")
        await spans.finish()
        act, commit = seen(receiver)
        assert b"canary" not in receiver.asked[0].body
    assert (act.failed, act.noted) == (True, {"error.type": "ValueError"})
    assert (commit.failed, commit.noted) == (True, {"error.type": "told before"})


async def test_a_model_that_is_refused_leaves_its_fate_and_one_that_is_not_asked_leaves_nothing() -> None:
    async with backend() as receiver, backend(Say(status=429)) as double:
        spans = tracing(receiver.url)
        async with model_double.asking(double.url, spans=spans) as model:
            assert await model_double.read_by(model) is None
            assert await model_double.read_by(model) is None
        await spans.finish()
        chat = only(seen(receiver), f"chat {NAME}")
    assert (chat.failed, chat.noted["error.type"]) == (True, Fate.REFUSED)
    assert "gen_ai.usage.input_tokens" not in chat.noted


def _place(asked: Asked) -> tuple[str, ...]:
    """Trace and span of the one traceparent of a request. Source: W3C Trace Context, section 3.2."""
    (told,) = asked.header("traceparent")
    version, trace, span, _ = told.split("-")
    assert version == "00"
    return trace, span


async def _post(host: str, port: int, path: str, headers: dict[str, str]) -> None:
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"http://{host}:{port}{path}", data=b'{"id": 1}', headers=headers),
    ):
        pass
