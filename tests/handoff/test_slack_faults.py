"""Slack fails in all its ways: nothing of a case is lost, and nothing of it is posted twice (H63, H64, C30, C33)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.message import Reach, Refused, Retry, Sent, Unknown
from handoff import threads
from handoff.slack_ladder import PROBE_S
from tests.channels.slack_double import TEAM, gives, raw, says
from tests.handoff.slack_face import (
    BILLING,
    CASE,
    DESK,
    SUMMARY,
    Face,
    buttons_of,
    card,
    desk_in_slack,
    payload_of,
    update,
)

pytestmark = pytest.mark.anyio

NAME = f"handoff-{CASE.id}-r{SUMMARY.revision}.json"
IN_BILLING = replace(CASE, queue="billing")


@pytest.fixture
async def desk(anyio_backend: str, tmp_path: Path) -> AsyncIterator[Face]:
    async with desk_in_slack(tmp_path) as face:
        yield face


@pytest.mark.parametrize("part", [0, 1])
async def test_H63_a_message_whose_answer_was_lost_is_found_and_not_posted_twice(desk: Face, part: int) -> None:
    done = ("1795260000.000001",)[:part]
    if part:
        await desk.show(card())
    for _ in range(7):
        desk.slack.chatters(DESK, (await desk.place()).thread.ts if part else None)
    desk.slack.will("chat.postMessage", desk.slack.lost)
    assert isinstance(await desk.show(card(), *done), Unknown)
    for _ in range(7):
        desk.slack.chatters(DESK, (await desk.place()).thread.ts if part else None)
    before = list(desk.slack.messages)
    receipt = await desk.show(card(), *done, again=True)
    assert isinstance(receipt, Sent)
    assert desk.slack.messages == before
    (ts,) = receipt.provider_ids
    assert payload_of(next(one for one in before if one["ts"] == ts))["part"] == ("card", "opening")[part]
    assert (await desk.place()).thread.ts == desk.slack.of_row("row:card", "card")["ts"]


async def test_H63_a_message_that_is_not_there_is_posted(desk: Face) -> None:
    desk.slack.will("chat.postMessage", says("fatal_error"))
    assert isinstance(await desk.show(card()), Unknown)
    assert isinstance(await desk.show(card(), again=True), Sent)
    assert len(desk.slack.parents(DESK)) == 1
    assert desk.slack.asked("conversations.history")


async def test_H63_while_the_channel_cannot_be_looked_at_nothing_is_posted(desk: Face) -> None:
    desk.slack.will(
        "conversations.history", says("fatal_error"), says("ratelimited", 429, Retry_After="7"), gives(messages=1)
    )
    assert await desk.show(card(), again=True) == Retry(reason="fatal_error")
    assert await desk.show(card(), again=True) == Retry(reason="ratelimited", after_s=7)
    assert isinstance(await desk.show(card(), again=True), Retry)
    assert desk.slack.messages == []


async def test_H63_a_file_whose_sharing_was_not_confirmed_is_shared_once(desk: Face) -> None:
    first = await desk.show(card())
    assert isinstance(first, Sent)
    done = (*first.provider_ids, "2")
    desk.slack.will("files.completeUploadExternal", desk.slack.lost)
    assert isinstance(await desk.show(card(), *done), Unknown)
    assert await desk.show(card(), *done, again=True) == Sent(provider_ids=("F1",))
    assert len(desk.slack.asked("files.completeUploadExternal")) == 1
    assert desk.slack.files.keys() == {NAME}


async def test_C33_an_upload_that_nobody_saw_is_simply_made_again(desk: Face) -> None:
    first = await desk.show(card())
    assert isinstance(first, Sent)
    done = (*first.provider_ids, "2")
    desk.slack.will("upload", raw(503, b"<html>"))
    assert await desk.show(card(), *done) == Retry(reason="HTTP 503")
    desk.slack.will("files.getUploadURLExternal", gives(upload_url=3))
    assert isinstance(await desk.show(card(), *done), Retry)
    assert isinstance(await desk.show(card(), *done), Sent)
    assert desk.slack.files.keys() == {NAME}


async def test_H40_a_card_that_was_posted_while_the_store_went_away_is_found_again(desk: Face) -> None:
    desk.shaky.puts = 1
    assert isinstance(await desk.show(card()), Unknown)
    assert len(desk.slack.parents(DESK)) == 1
    assert isinstance(await desk.show(card(), again=True), Sent)
    assert len(desk.slack.parents(DESK)) == 1
    assert (await desk.place()).thread.ts == desk.slack.parents(DESK)[0]["ts"]


@pytest.mark.parametrize("word", ["msg_too_long", "msg_blocks_too_long", "invalid_blocks", "metadata_too_large"])
async def test_H64_a_card_that_is_too_large_shrinks_and_is_never_dropped(desk: Face, word: str) -> None:
    desk.slack.will("chat.postMessage", *(says(word) for _ in range(4)))
    assert isinstance(await desk.show(card()), Sent)
    sizes = [len(body.get("blocks", [])) for body in desk.slack.asked("chat.postMessage")]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0
    assert desk.slack.parents(DESK)[0]["text"]
    assert len(json.dumps(desk.slack.asked("chat.postMessage")[1]["metadata"])) < 400
    desk.slack.will("chat.update", says(word))
    assert isinstance(await desk.show(update()), Sent)
    assert [len(body["blocks"]) for body in desk.slack.asked("chat.update")] == sizes[:2]


async def test_H64_what_is_wrong_with_the_account_is_told_as_such(desk: Face) -> None:
    for word in ("invalid_auth", "token_revoked", "account_inactive", "missing_scope"):
        desk.slack.will("chat.postMessage", says(word))
        assert await desk.show(card()) == Refused(reason=word, reach=Reach.ACCOUNT)


async def test_H64_another_refusal_concerns_nobodys_address(desk: Face) -> None:
    desk.slack.will("chat.postMessage", says("user_not_found"))
    assert await desk.show(card()) == Refused(reason="user_not_found", reach=Reach.OK)


async def test_C30_a_wait_that_slack_names_is_kept(desk: Face) -> None:
    desk.slack.will("chat.postMessage", says("ratelimited", 429, Retry_After="7"))
    assert await desk.show(card()) == Retry(reason="ratelimited", after_s=7)


@pytest.mark.parametrize(
    "word",
    ["channel_not_found", "not_in_channel", "is_archived", "restricted_action", "restricted_action_read_only_channel"],
)
async def test_H64_a_card_for_a_closed_channel_goes_to_the_default_one(
    desk: Face, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.slack.will("chat.postMessage", says(word))
    assert isinstance(await desk.show(card(case=IN_BILLING)), Sent)
    assert len(desk.slack.parents(DESK)) == 1
    assert (await desk.place()).thread.channel == DESK
    assert len(caplog.records) == 1, "the operator is told once"
    assert BILLING in caplog.text


async def test_H64_a_closed_channel_is_probed_every_five_minutes(desk: Face, caplog: pytest.LogCaptureFixture) -> None:
    def asked() -> list[str]:
        return [body["channel"] for body in desk.slack.asked("chat.postMessage")]

    desk.slack.channels.discard(BILLING)
    await desk.show(card("r1", IN_BILLING))
    await desk.show(card("r2", IN_BILLING))
    assert asked() == [BILLING, DESK, DESK]
    desk.clock.advance(PROBE_S)
    await desk.show(card("r3", IN_BILLING))
    assert asked()[3:] == [BILLING, DESK]
    assert len([one for one in caplog.records if one.levelname == "ERROR"]) == 1
    desk.slack.channels.add(BILLING)
    desk.clock.advance(PROBE_S)
    await desk.show(card("r4", IN_BILLING))
    await desk.show(card("r5", IN_BILLING))
    assert asked()[5:] == [BILLING, BILLING]
    desk.slack.channels.discard(BILLING)
    await desk.show(card("r6", IN_BILLING))
    assert len([one for one in caplog.records if one.levelname == "ERROR"]) == 2, "it is news again"


async def test_H64_a_card_that_went_to_the_default_channel_unconfirmed_is_found_there(desk: Face) -> None:
    desk.slack.will("chat.postMessage", says("is_archived"), desk.slack.lost)
    assert isinstance(await desk.show(card(case=IN_BILLING)), Unknown)
    desk.clock.advance(PROBE_S)
    assert isinstance(await desk.show(card(case=IN_BILLING), again=True), Sent)
    assert len(desk.slack.messages) == 1
    desk.slack.channels.discard(BILLING)
    assert isinstance(await desk.show(card(case=IN_BILLING), again=True), Sent)
    assert len(desk.slack.messages) == 1


async def test_H64_with_the_default_channel_closed_the_card_waits(desk: Face) -> None:
    desk.slack.channels.clear()
    receipt = await desk.show(card(case=IN_BILLING))
    assert isinstance(receipt, Retry)
    assert receipt.after_s == PROBE_S
    assert receipt.reason.startswith("channel_not_found: ")


@pytest.mark.parametrize("word", ["message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed"])
async def test_H64_a_lost_card_is_posted_anew_and_says_where_it_comes_from(desk: Face, word: str) -> None:
    lost = await desk.carded()
    if word == "message_not_found":
        desk.slack.lose(lost.ts)
    else:
        desk.slack.will("chat.update", says(word))
    assert isinstance(await desk.show(update()), Sent)
    place = await desk.place()
    assert place.thread.ts != lost.ts
    parent = desk.slack.parents(DESK)[-1]
    assert parent["ts"] == place.thread.ts
    assert "handoff_claim" in buttons_of(parent)
    assert parent["blocks"][-1]["elements"][0]["text"] == (
        f"Continued from <https://slack.com/app_redirect?team={TEAM}&amp;channel={DESK}&amp;message_ts={lost.ts}"
        "|an earlier thread>."
    )
    for thread in (lost, place.thread):
        assert (await threads.of_thread(desk.records, thread)) is not None, "both threads are the case's (H40)"


async def test_H64_a_card_in_a_channel_that_was_closed_goes_on_in_the_default_one(desk: Face) -> None:
    await desk.carry(card(case=IN_BILLING))
    desk.slack.channels.discard(BILLING)
    assert isinstance(await desk.show(update(case=IN_BILLING)), Sent)
    assert (await desk.place()).thread.channel == DESK
    assert await desk.show(update(case=IN_BILLING)) == Sent(provider_ids=((await desk.place()).thread.ts,))
    assert len(desk.slack.parents(DESK)) == 1


async def test_H64_a_file_that_slack_does_not_take_is_a_line(desk: Face) -> None:
    for word in ("missing_scope", "file_type_not_allowed"):
        desk.slack.will("files.getUploadURLExternal", says(word))
        await desk.carry(card(f"row:{word}"))
        assert desk.slack.messages[-1]["text"] == f"{NAME} could not be attached: {word}"
    desk.slack.will("files.getUploadURLExternal", says("token_revoked"))
    assert await desk.show(card(), "1", "2") == Refused(reason="token_revoked", reach=Reach.ACCOUNT)
