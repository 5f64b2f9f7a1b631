"""Slack: a choice shown where its buttons were, and what befalls our own app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from channels import slack_identity
from channels.base import Verified
from channels.slack import SlackChannel, SlackKeys
from channels.slack_delivery import Delivery
from channels.slack_places import Roles
from channels.slack_standing import AWAY_NOTE, REFUSED_NOTE
from tests.channels.slack_double import DESK, TOKEN, SlackDouble, Told, payload, raw, says, slack_double

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 8, 33, 20, tzinfo=UTC)


@pytest.fixture
async def double(anyio_backend: str) -> AsyncIterator[SlackDouble]:
    async with slack_double() as found:
        yield found


@pytest.fixture
def told() -> Told:
    return Told()


@asynccontextmanager
async def opened(double: SlackDouble, told: Told) -> AsyncIterator[SlackChannel]:
    channel = SlackChannel(SlackKeys(token=TOKEN, api_url=double.url), Roles(desk={DESK}), trouble=told.append)
    channel.attempt_s = 0.01
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


@pytest.fixture
async def channel(double: SlackDouble, told: Told) -> AsyncIterator[SlackChannel]:
    async with opened(double, told) as found:
        yield found


def delivered(stem: str) -> Verified:
    return Verified(body=Delivery(payload=payload(stem), received=NOW))


async def test_C63_a_pressed_question_shows_the_choice_and_no_buttons(
    channel: SlackChannel, double: SlackDouble
) -> None:
    await channel.acknowledge(delivered("press"))
    (body,) = double.asked("chat.update")
    assert (body["channel"], body["ts"]) == ("D0ILSE0001", "1795300500.000500")
    assert body["text"] == "Is the kettle &lt;red&gt;?\n✓ Yes"
    shown = [block.get("text") or block["elements"][0] for block in body["blocks"]]
    assert [text["text"] for text in shown] == ["Is the kettle <red>?", "✓ Yes"]
    assert {text["type"] for text in shown} == {"plain_text"}


async def test_C63_a_chosen_entry_is_shown_too(channel: SlackChannel, double: SlackDouble) -> None:
    await channel.acknowledge(delivered("choice_from_list"))
    assert double.asked("chat.update")[0]["text"].endswith("✓ Blue")


@pytest.mark.parametrize("stem", ["press_by_bystander", "desk_claim", "press_without_value", "another_team", "dm"])
async def test_C26_nobody_elses_press_takes_the_buttons_away(
    channel: SlackChannel, double: SlackDouble, stem: str
) -> None:
    await channel.acknowledge(delivered(stem))
    assert double.asked("chat.update") == []


async def test_C63_a_choice_that_cannot_be_shown_is_nobodys_business(
    channel: SlackChannel, double: SlackDouble
) -> None:
    double.will("chat.update", says("cant_update_message"), raw(503, b"<html>", "text/html"), double.cut)
    for _ in range(3):
        await channel.acknowledge(delivered("press"))
    assert len(double.asked("chat.update")) == 3


async def test_C56_a_refused_token_is_told_and_asked_about_until_it_counts(double: SlackDouble, told: Told) -> None:
    double.will("auth.test", says("invalid_auth"), double.cut)
    async with opened(double, told):
        assert told == [REFUSED_NOTE]
        await told.comes_to("")
    assert told == [REFUSED_NOTE, AWAY_NOTE, ""]
    assert len(double.asked("auth.test")) == 3


@pytest.mark.parametrize("stem", ["uninstalled", "tokens_revoked", "rate_limited"])
async def test_C58_news_of_our_app_is_told_until_slack_says_otherwise(
    channel: SlackChannel, double: SlackDouble, told: Told, stem: str
) -> None:
    await channel.acknowledge(delivered(stem))
    assert told[-1]
    await told.comes_to("")
    assert len(double.asked("auth.test")) == 2


async def test_C58_leaving_the_desk_is_told_until_we_are_back(channel: SlackChannel, told: Told) -> None:
    await channel.acknowledge(delivered("we_left_the_desk"))
    assert told == ["our app is no longer in the desk's channel; invite it"]
    joined = payload("we_left_the_desk")
    joined["event"]["type"] = "member_joined_channel"
    await channel.acknowledge(Verified(body=Delivery(payload=joined, received=NOW)))
    assert told[-1] == ""


@pytest.mark.parametrize("kind", ["channel", "group"])
async def test_C58_an_archived_desk_is_told_until_it_is_restored(channel: SlackChannel, told: Told, kind: str) -> None:
    for event, fine in ((f"{kind}_archive", False), (f"{kind}_unarchive", True)):
        news = payload("we_left_the_desk")
        news["event"]["type"] = event
        await channel.acknowledge(Verified(body=Delivery(payload=news, received=NOW)))
        assert (told[-1] == "") is fine


async def test_C56_a_start_does_not_wait_for_a_slack_that_does_not_answer(
    double: SlackDouble, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_identity, "KNOWN_WITHIN_S", 0.05)
    double.will("auth.test", double.hang)
    async with opened(double, told):
        assert told == [AWAY_NOTE]
        await told.comes_to("")


@pytest.mark.parametrize("change", [{"user": "U0AGENT01"}, {"channel": "C0KETTLES1"}])
async def test_C58_others_come_and_go(channel: SlackChannel, told: Told, change: dict[str, str]) -> None:
    left = payload("we_left_the_desk")
    left["event"] |= change
    await channel.acknowledge(Verified(body=Delivery(payload=left, received=NOW)))
    assert told == []
