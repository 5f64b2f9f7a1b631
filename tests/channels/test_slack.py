"""Slack's own ways in: signatures, certificate probes, forms, whose place is whose, answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.base import Answer, Inbound, Refusal, Verified
from channels.slack import SlackChannel, SlackKeys
from channels.slack_delivery import Delivery
from channels.slack_places import Customers, Roles
from engine.message import Event
from tests.channels.slack_double import DESK, PAYLOADS, TOKEN, payload

NOW = datetime(2026, 11, 21, 8, 33, 20, tzinfo=UTC)
SECRET = "slack-tests-secret"
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
ROLES = Roles(desk={DESK})


def closed(roles: Roles = ROLES) -> SlackChannel:
    """A channel that was never opened: reading needs no more."""
    return SlackChannel(SlackKeys(token=TOKEN, secret=SECRET), roles, now=lambda: NOW)


def posted(body: bytes, *, age_s: float = 0, kind: str = JSON_TYPE, stamp: bytes | None = None) -> Inbound:
    """A request as Slack signs it, `age_s` seconds ago."""
    stamp = str(int(NOW.timestamp() - age_s)).encode() if stamp is None else stamp
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    headers = (
        ("content-type", kind.encode()),
        ("x-slack-request-timestamp", stamp),
        ("x-slack-signature", f"v0={mac}".encode()),
    )
    return Inbound(method="POST", path="/webhooks/slack", query=b"", headers=headers, body=body)


def form(stem: str) -> bytes:
    return urlencode({"payload": json.dumps(payload(stem))}).encode()


def delivered(stem: str) -> Verified:
    return Verified(body=Delivery(payload=payload(stem), received=NOW))


def status(found: Verified | Refusal) -> int:
    return found.status if isinstance(found, Refusal) else 200


def events(channel: SlackChannel, request: Inbound) -> list[Event]:
    found = channel.verify(request)
    assert isinstance(found, Verified)
    return channel.parse(found)


def test_C3_importing_the_channel_leaves_the_sdk_alone() -> None:
    code = "import sys, channels.slack; sys.exit(bool({'slack_bolt', 'slack_sdk'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_C16_keys_do_not_show_what_they_hold() -> None:
    assert (
        repr(SlackKeys(token=TOKEN, secret=SECRET, app_token="xapp-1")) == "SlackKeys(api_url='https://slack.com/api/')"
    )


@pytest.mark.parametrize(
    ("age_s", "wanted"), [(0, 200), (300, 200), (301, 401), (-300, 200), (-301, 401), (86_400, 401)]
)
def test_C55_a_signature_counts_for_five_minutes(age_s: float, wanted: int) -> None:
    assert status(closed().verify(posted(b'{"type": "url_verification"}', age_s=age_s))) == wanted


@pytest.mark.parametrize("stamp", [b"", b"abc", b"1795250000.5", b"-1795250000", b"+1795250000", b" 1795250000",
                                   b"1_795_250_000", "١٧٩٥٢٥٠٠٠٠".encode(), b"9" * 13, b"9" * 400])  # fmt: skip
def test_C55_a_time_stamp_is_1_to_12_ascii_digits(stamp: bytes) -> None:
    assert status(closed().verify(posted(b'{"type": "url_verification"}', stamp=stamp))) == 401


def test_C55_the_signature_covers_each_byte_of_the_body_and_the_time() -> None:
    request = posted(b'{"type": "url_verification"}')
    for headers in (request.headers, (*request.headers[:1], ("x-slack-request-timestamp", b"1795250001"))):
        forged = Inbound(method="POST", path="/", query=b"", headers=headers, body=request.body + b" ")
        assert status(closed().verify(forged)) == 401


def test_C9_without_a_secret_nothing_gets_in() -> None:
    channel = SlackChannel(SlackKeys(token=TOKEN), now=lambda: NOW)
    body, stamp = b'{"type": "url_verification"}', str(int(NOW.timestamp())).encode()
    mac = hmac.new(b"", b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    headers = (("x-slack-request-timestamp", stamp), ("x-slack-signature", f"v0={mac}".encode()))
    assert status(channel.verify(Inbound(method="POST", path="/", query=b"", headers=headers, body=body))) == 401


@pytest.mark.parametrize("body", [b"ssl_check=1&token=unused", b"token=unused&ssl_check=1"])
def test_C55_an_unsigned_certificate_probe_is_answered_and_nothing_else_is_done(body: bytes) -> None:
    headers = (("content-type", FORM_TYPE.encode()),)
    channel = closed()
    found = channel.verify(Inbound(method="POST", path="/", query=b"", headers=headers, body=body))
    assert isinstance(found, Verified)
    assert channel.parse(found) == []
    assert channel.answer(found) == Answer()


@pytest.mark.parametrize("body", [b"ssl_check=10", b"xssl_check=1", b"payload=ssl_check=1x"])
def test_C55_what_only_looks_like_a_probe_is_refused(body: bytes) -> None:
    headers = (("content-type", FORM_TYPE.encode()),)
    assert status(closed().verify(Inbound(method="POST", path="/", query=b"", headers=headers, body=body))) == 401


def test_C55_a_probe_smuggles_nothing_in() -> None:
    body = b"ssl_check=1&" + form("press")
    found = closed().verify(
        Inbound(method="POST", path="/", query=b"", headers=(("content-type", FORM_TYPE.encode()),), body=body)
    )
    assert isinstance(found, Verified)
    assert closed().parse(found) == []


@pytest.mark.parametrize("stem", ["press", "choice_from_list", "desk_claim", "desk_view", "desk_shortcut"])
def test_C57_an_interaction_is_the_same_in_a_form(stem: str) -> None:
    channel = closed()
    (event,) = events(channel, posted(form(stem), kind=FORM_TYPE))
    assert [event] == channel.parse(delivered(stem))


def test_C57_a_command_is_a_form_of_its_own() -> None:
    (event,) = events(closed(), posted(urlencode(payload("command")).encode(), kind=FORM_TYPE))
    assert [event] == closed().parse(delivered("command"))


@pytest.mark.parametrize(
    "body",
    [b"", b"payload=", b"payload=%5B%5D", b"payload=%ff", b"payload=%7B", b"a=1", b"&".join([b"a=1"] * 101),
     b"payload=" + b"[" * 100_000, b"\xff"],
)  # fmt: skip
def test_C10_a_form_without_a_payload_is_unreadable(body: bytes) -> None:
    assert status(closed().verify(posted(body, kind=FORM_TYPE))) == 400


@pytest.mark.parametrize("missing", ["event", "event_id", "team_id"])
def test_C10_an_event_without_what_names_it_is_unreadable(missing: str) -> None:
    cut = {name: value for name, value in payload("dm").items() if name != missing}
    assert status(closed().verify(posted(json.dumps(cut).encode()))) == 400


def test_C55_the_challenge_is_answered() -> None:
    assert closed().answer(delivered("challenge")) == Answer(body=b"kettle-challenge", content_type="text/plain")


def test_C50_without_a_desk_there_are_only_customers() -> None:
    channel = closed(roles=Roles())
    for stem in ("desk_reply", "desk_claim", "desk_view", "desk_shortcut", "command", "desk_delete"):
        found = channel.parse(delivered(stem))
        assert all(event.kind == "message" and not event.addressed for event in found), stem
    answer = channel.answer(delivered("command"))
    assert answer.content_type == "application/json"
    assert json.loads(answer.body)["response_type"] == "ephemeral"
    assert "transfer QUEUE" in json.loads(closed().answer(delivered("command")).body)["text"], (
        "H57: how it is done here"
    )


@pytest.mark.parametrize(
    ("customers", "heard"),
    [
        (Customers.ALL, {"dm", "mention", "followup", "press", "press_in_channel", "edited"}),
        (Customers.DM, {"dm", "press", "edited"}),
        (Customers.MENTION, {"mention", "followup", "press_in_channel"}),
        (Customers.OFF, set[str]()),
    ],
)
def test_C50_customers_are_heard_where_the_setting_says(customers: Customers, heard: set[str]) -> None:
    channel = closed(roles=Roles(desk={DESK}, customers=customers))
    stems = {"dm", "mention", "followup", "press", "press_in_channel", "edited"}
    assert {stem for stem in stems if channel.parse(delivered(stem))} == heard
    assert channel.parse(delivered("desk_reply"))


def test_C58_until_slack_has_told_who_we_are_payloads_say_it() -> None:
    (event,) = closed().parse(delivered("mention_twin"))
    assert event.text == "my kettle leaks"
    assert closed().parse(delivered("another_team"))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
STEMS = sorted(path.stem for path in PAYLOADS.glob("*.json") if path.stem != "expected")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(data=st.data())
def test_C1_whatever_is_delivered_is_answered_too(data: st.DataObject) -> None:
    whole = payload(data.draw(st.sampled_from(STEMS)))
    node: Any = whole
    while isinstance(node, dict | list) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if data.draw(st.booleans()) or not isinstance(node[key], dict | list):
            node[key] = data.draw(JSON_VALUES)
            break
        node = node[key]
    delivery = Verified(body=Delivery(payload=whole, received=NOW))
    assert closed().answer(delivery).status == 200
    closed().parse(delivery)
