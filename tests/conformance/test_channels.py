"""What every channel promises, whatever it is made of (spec/channels.md C1-C28)."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.base import Channel, Refusal, Verified
from engine.message import Event, Option, Refused, Reply, Sent
from tests.conformance.channel_cases import CASES, PAYLOADS, SECRET, WEBHOOKED, Case, Headers, Webhook

pytestmark = pytest.mark.anyio

EXAMPLES = Path(__file__).parents[3] / "shared" / "payloads"
"""More payloads, where somebody has put them beside the checkout."""

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
COUNTER = re.compile(r"^\(\d+/\d+\) ")


def payloads(webhook: Webhook) -> dict[str, dict[str, Any] | None]:
    """File stem -> fields the event must have; None where there must be none."""
    found: dict[str, dict[str, Any] | None] = json.loads((PAYLOADS / webhook.payloads / "expected.json").read_bytes())
    return found


@pytest.fixture(params=sorted(CASES))
async def case(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Case]:
    async with CASES[request.param]() as found:
        yield found


@pytest.fixture(params=WEBHOOKED)
async def hooked(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Case]:
    async with CASES[request.param]() as found:
        yield found


@pytest.fixture
def webhook(hooked: Case) -> Webhook:
    assert hooked.webhook
    return hooked.webhook


def events_of(channel: Channel, webhook: Webhook, body: bytes, payload: str) -> list[Event]:
    verified = channel.verify(webhook.request(body, payload=payload))
    assert isinstance(verified, Verified), payload
    return channel.parse(verified)


def without(headers: Headers, name: str) -> Headers:
    return tuple(header for header in headers if header[0] != name)


async def test_C1_a_channel_has_a_card_that_holds_together(case: Case) -> None:
    limits = case.channel.kind.limits
    assert case.channel.kind.name == case.address.channel
    assert min(limits.max_chars, limits.max_parts, limits.label_max, limits.token_max_bytes) > 0
    assert {*limits.opt_out_words, *limits.opt_in_words} <= {*limits.reserved_words}


async def test_C43_each_payload_becomes_what_its_channel_says(hooked: Case, webhook: Webhook) -> None:
    wrong = {}
    for stem, wanted in payloads(webhook).items():
        events = [_full(event) for event in events_of(hooked.channel, webhook, webhook.load(stem), stem)]
        if len(events) != (wanted is not None) or (wanted and {key: events[0].get(key) for key in wanted} != wanted):
            wrong[stem] = {"wanted": wanted, "got": events}
    assert wrong == {}


async def test_C43_payloads_from_beside_the_checkout_do_too(hooked: Case, webhook: Webhook) -> None:
    expected = EXAMPLES / "expected.json"
    wrong, known_ids = {}, set[str]()
    for file, wanted in json.loads(expected.read_bytes()).items() if expected.exists() else ():
        if file.startswith(f"{webhook.payloads}/") and wanted["status"] is not None:
            events = events_of(hooked.channel, webhook, (EXAMPLES / file).read_bytes(), file)
            kinds = [str(event.kind) for event in events]
            if wanted["event"] == "duplicate":
                kinds = ["duplicate" if event.id in known_ids else "fresh" for event in events]
            known = [event.addressed for event in events] == [False] if wanted.get("only_if_known") else True
            if kinds != [kind for kind in [wanted["event"]] if kind] or not known:
                wrong[file] = kinds
            known_ids |= {event.id for event in events}
    assert wrong == {}


async def test_C1_parsing_twice_gives_the_same(case: Case) -> None:
    assert case.channel.parse(case.said) == case.channel.parse(case.said) != []


async def test_C42_every_event_has_ids_an_aware_time_and_text_that_can_be_stored(
    hooked: Case, webhook: Webhook
) -> None:
    name = hooked.channel.kind.name
    for stem in payloads(webhook):
        for event in events_of(hooked.channel, webhook, webhook.load(stem), stem):
            assert event.id and event.conversation.startswith(f"{name}:")
            assert event.at.utcoffset() is not None
            assert event.address is None or event.address.channel == name
            assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(node=JSON_VALUES)
def test_C1_any_json_gives_a_list_and_never_an_exception(case: Case, node: object) -> None:
    assert case.channel.parse(Verified(body=node)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(data=st.data())
def test_C1_a_payload_with_anything_in_any_place_gives_a_list(
    hooked: Case, webhook: Webhook, data: st.DataObject
) -> None:
    stem = data.draw(st.sampled_from(sorted(payloads(webhook))))
    whole = webhook.decode(webhook.load(stem))
    node = whole
    while isinstance(node, dict | list) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if data.draw(st.booleans()) or not isinstance(node[key], dict | list):
            node[key] = data.draw(JSON_VALUES)
            break
        node = node[key]
    verified = hooked.channel.verify(webhook.request(webhook.encode(whole), payload=stem))
    for event in hooked.channel.parse(verified) if isinstance(verified, Verified) else ():
        msgspec.json.encode(event)


@pytest.mark.parametrize(
    "given_mark", [(), (b"",), (b" ",), (b"wrong",), (b"\xe9\xff",), (b"right", b"wrong"), (b"wrong", b"right")]
)
async def test_C8_a_request_that_is_not_signed_once_and_rightly_is_denied(
    hooked: Case, webhook: Webhook, given_mark: tuple[bytes, ...]
) -> None:
    body = b"{not even JSON"
    headers = webhook.sign(body, webhook.path)
    right = dict(headers)[webhook.mark]
    marks = tuple((webhook.mark, right if mark == b"right" else mark) for mark in given_mark)
    refusal = hooked.channel.verify(webhook.request(body, without(headers, webhook.mark) + marks))
    assert isinstance(refusal, Refusal)
    assert refusal.status == webhook.denied
    assert SECRET not in refusal.reason


@pytest.mark.parametrize("kind", [None, b"text/plain", b"application/jsonp", b"multipart/form-data; boundary=x"])
async def test_C6_another_content_type_is_refused_after_the_signature(
    hooked: Case, webhook: Webhook, kind: bytes | None
) -> None:
    signed = without(webhook.sign(b"{}", webhook.path), "content-type")
    headers = signed + ((("content-type", kind),) if kind else ())
    refusal = hooked.channel.verify(webhook.request(b"{}", headers))
    assert isinstance(refusal, Refusal)
    assert refusal.status == 415


async def test_C10_authentic_but_unreadable_is_refused(hooked: Case, webhook: Webhook) -> None:
    for what, body in webhook.unreadable.items():
        refusal = hooked.channel.verify(webhook.request(body))
        assert isinstance(refusal, Refusal), what
        assert refusal.status == 400, what


async def test_C6_a_content_type_may_name_its_charset(hooked: Case, webhook: Webhook) -> None:
    body = next(iter(webhook.unreadable.values()))
    headers = without(webhook.sign(body, webhook.path), "content-type")
    headers += (("content-type", f"{webhook.content_type.title()}; charset=utf-8".encode()),)
    refusal = hooked.channel.verify(webhook.request(body, headers))
    assert isinstance(refusal, Refusal)
    assert refusal.status == 400


async def test_C24_blank_text_is_never_sent(case: Case) -> None:
    for text in ("", " \n", "\u200b"):
        reply = Reply(id="o1", address=case.address, text=text, options=(Option(label="Yes", token="t"),))
        assert isinstance(await case.channel.send(reply, ()), Refused)
    assert case.arrived() == []


async def test_C22_parts_arrive_one_by_one_and_say_the_whole_text(case: Case) -> None:
    limits = case.channel.kind.limits
    text = "A sentence with a 👩‍🔧 in it. " * (case.room // 20)
    reply, resume = Reply(id="o1", address=case.address, text=text), tuple[str, ...]()
    for _ in range(limits.max_parts):
        receipt = await case.channel.send(reply, resume)
        assert isinstance(receipt, Sent)
        assert len(receipt.provider_ids) == 1
        resume += receipt.provider_ids
        assert len(case.arrived()) == len(resume)
        if receipt.complete:
            break
    said = [COUNTER.sub("", part) if limits.part_counter else part for part in case.arrived()]
    assert "".join("".join(said).split()) == "".join(text.split())
    assert all(case.size(part) <= limits.max_chars for part in case.arrived())
    assert await case.channel.send(reply, resume) == Sent(provider_ids=())
    assert len(case.arrived()) == len(resume), "what was sent is not sent again"


async def test_C28_options_are_shown_or_numbered(case: Case) -> None:
    options = (Option(label="Yes, please", token="fd:1:2:yes"), Option(label="No", token="fd:1:2:no"))
    await case.channel.send(Reply(id="o1", address=case.address, text="Right?", options=options), ())
    shown = (
        "Right?"
        if case.channel.kind.limits.options_native
        else "Right?\n\n1. Yes, please\n2. No\nReply with the number"
    )
    assert case.arrived() == [shown]


async def test_C29_typing_and_acknowledging_raise_nothing(case: Case) -> None:
    await case.channel.typing(case.address)
    await case.channel.acknowledge(case.said)
    await case.channel.acknowledge(Verified(body=None))
    assert case.arrived() == []


async def test_C22_a_closed_channel_still_answers_with_a_receipt(case: Case) -> None:
    await case.channel.close()
    await case.channel.typing(case.address)
    await case.channel.acknowledge(case.said)
    assert await case.channel.send(Reply(id="o1", address=case.address, text="Hello"), ()) is not None


def _full(event: Event) -> dict[str, Any]:
    """The event as JSON has it, with the defaults a table may name."""
    written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(event))
    return {"text": "", "addressed": True, "fields": {}, "attachments": []} | written
