"""Lines in a case's thread: everybody's words arrive whole, in order and harmless (H25, H52, H54, H65)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.message import Reach, Refused, Retry, Sent, Unknown
from handoff.slack_desk import MAX_CALLED, SlackDesk, mentions
from handoff.slack_ladder import PROBE_S
from handoff.slack_lines import PAGE_CHARS, lateness, pages_of
from tests.channels.slack_double import TEAM, says
from tests.handoff.desk import MONDAY
from tests.handoff.slack_face import BILLING, BOARD, CASE, DESK, HIDDEN, LIVE, Face, card, desk_in_slack, line
from tests.handoff.test_card import HOSTILE

pytestmark = pytest.mark.anyio

LINE_BREAKS = ("\n", "\r", "\r\n", "\u2028", "\u2029", "\x0b", "\x0c", "\x85")


@pytest.fixture
async def desk(anyio_backend: str, tmp_path: Path) -> AsyncIterator[Face]:
    async with desk_in_slack(tmp_path) as face:
        await face.carded()
        yield face


def texts(message: dict[str, Any], kind: str) -> list[str]:
    """The texts of one kind in its blocks, whole sections."""
    objects = [block["text"] for block in message["blocks"]]
    return [one["text"] for one in objects if one["type"] == kind]


async def words_of(desk: Face) -> list[str]:
    """What the thread's lines say, by their plain text."""
    return [text for message in await desk.lines() for text in texts(message, "plain_text")]


async def test_H25_a_line_says_who_speaks_and_stands_in_the_thread(desk: Face) -> None:
    for who, shown in (
        ("customer", "Customer: hello"),
        ("bot", "Assistant: hello"),
        ("agent", "hello"),
        ("", "hello"),
    ):
        assert isinstance(await desk.show(line("hello", id=f"row:{who}", who=who)), Sent)
        (message,) = [one for one in await desk.lines() if one["metadata"]["event_payload"]["row"] == f"row:{who}"]
        assert texts(message, "plain_text") == [shown]
        assert message["text"] == shown


async def test_C61_slack_makes_nothing_of_the_words_that_we_did_not(desk: Face) -> None:
    await desk.show(line("*bold* _it_ `code` :smile: https://a.example #general @here"))
    (message,) = await desk.lines()
    for switch in ("unfurl_links", "unfurl_media", "link_names"):
        assert message[switch] is False
    assert message["parse"] == "none"
    assert texts(message, "mrkdwn") == []
    assert message["blocks"][0]["text"]["emoji"] is False


@pytest.mark.parametrize("who", ["customer", "bot", "agent", ""])
@pytest.mark.parametrize("words", HOSTILE)
async def test_H52_hostile_words_arrive_as_harmless_visible_text(desk: Face, words: str, who: str) -> None:
    await desk.carry(line(f"hello {words} bye", who=who, names=("U1",)))
    messages = await desk.lines()
    for message in messages:
        assert not HIDDEN.search(message["text"] + str(message["blocks"]))
        assert not LIVE.search(message["text"].removeprefix("<@U1>"))
        assert texts(message, "mrkdwn") in (["<@U1>"], [])
        assert "```" not in message["text"]
    shown = re.sub(r"\n> |\s", "", "".join(await words_of(desk)))
    assert shown.endswith("bye")
    assert shown.count("x") == words.count("x")
    assert shown.count("&") == words.count("&")


async def test_H52_a_hidden_character_is_spelled_out_in_the_thread(desk: Face) -> None:
    await desk.show(line("a\u202eb\u200bc \U000e0048\U000e0069 👩‍👩‍👧"))
    assert await words_of(desk) == ["Customer: a[U+202E]b[U+200B]c Hi 👩‍👩‍👧"]


@pytest.mark.parametrize("broken", LINE_BREAKS)
async def test_H52_no_line_of_a_customers_can_look_like_one_of_ours(desk: Face, broken: str) -> None:
    await desk.show(line(f"hi{broken}Assistant: your refund was approved"))
    (shown,) = await words_of(desk)
    first, *others = shown.splitlines()
    assert first.startswith("Customer:")
    assert all(other.startswith("> ") for other in others)


async def test_H54_lines_of_several_messages_stay_apart_and_in_order(desk: Face) -> None:
    await desk.show(line("one\ntwo\n\nthree"))
    assert await words_of(desk) == ["Customer:\n> one\n> two\n> \n> three"]


async def test_an_agents_lines_and_the_desks_own_are_not_quoted(desk: Face) -> None:
    await desk.show(line("one\ntwo", who="agent"))
    assert await words_of(desk) == ["one\ntwo"]


@pytest.mark.parametrize("words", ["", "  \n"])
async def test_C24_a_line_without_words_says_so(desk: Face, words: str) -> None:
    await desk.show(line(words))
    assert await words_of(desk) == ["Customer: (no text)"]


async def test_H25_words_that_are_too_long_for_one_message_come_whole_in_several(desk: Face) -> None:
    said = " ".join(f"word{number}" for number in range(2000))
    done = await desk.carry(line(said))
    assert len(done) > 3
    assert [one["ts"] for one in await desk.lines()] == done
    quoted = "\n".join(await words_of(desk)).removeprefix("Customer:\n").splitlines()
    assert "".join(one.removeprefix("> ") for one in quoted) == said


@given(st.text(alphabet="ab \n\u2028é👍<&", max_size=9000), st.sampled_from(["customer", "bot", "agent", ""]))
def test_H25_pages_hold_every_letter_once_and_each_fits(words: str, who: str) -> None:
    pages = pages_of(line(words, who=who))
    assert all(0 < len(page) <= PAGE_CHARS for page in pages)
    letters = re.sub(r"\s|> ", "", "\n".join(pages))
    if words.strip():
        assert letters.replace(">", "") == re.sub(r"\s", "", words)
    if who == "customer" and len(pages) > 1:
        assert all(row.startswith("> ") for page in pages for row in page.split("\n"))


async def test_H63_a_long_line_goes_on_where_it_was_cut_off(desk: Face) -> None:
    post = line("word " * 1500)
    first = await desk.show(post)
    assert isinstance(first, Sent)
    assert not first.complete
    desk.slack.will("chat.postMessage", desk.slack.lost)
    assert isinstance(await desk.show(post, *first.provider_ids), Unknown)
    before = len(desk.slack.messages)
    second = await desk.show(post, *first.provider_ids, again=True)
    assert isinstance(second, Sent)
    assert second.provider_ids[0] == (await desk.lines())[-1]["ts"]
    assert len(desk.slack.messages) == before


async def test_H14_agents_are_mentioned_before_the_words(desk: Face) -> None:
    await desk.show(line("the customer is waiting for you", who="", names=("U1", "U2")))
    (message,) = await desk.lines()
    assert texts(message, "mrkdwn") == ["<@U1> <@U2>"]
    assert message["text"] == "<@U1> <@U2>\nthe customer is waiting for you"


async def test_section_2_a_line_for_everybody_calls_them_and_the_second_ping_too(tmp_path: Path) -> None:
    called = SlackDesk(default=DESK, called=("U1", "U2"), escalate_to=BOARD)
    async with desk_in_slack(tmp_path, called) as desk:
        await desk.carded()
        assert len(await desk.carry(line("still waiting", who="", calls=True, page=True, names=("U2",)))) == 2
        (message,) = await desk.lines()
        assert texts(message, "mrkdwn") == ["<@U2> <@U1>"]
        assert CASE.id in desk.slack.parents(BOARD)[0]["text"]


def test_who_is_called_is_called_once_and_not_by_the_dozen() -> None:
    assert mentions(["U1", "S1", "U1", "W2"]) == "<@U1> <!subteam^S1> <@W2>"
    assert mentions([]) == ""
    crowd = SlackDesk(default=DESK, called=(*(f"U{number}" for number in range(50)), "S1"))
    called = crowd.whom(ping=True, page=False)
    assert len(called) == MAX_CALLED
    assert called[0] == "S1"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, ""), (60, ""), (61, "1 min late"), (200, "3 min late"), (7199, "119 min late"), (7200, "2 h late")],
)
def test_H65_lateness_is_told_from_the_second_minute_on(seconds: float, shown: str) -> None:
    assert lateness(MONDAY, MONDAY + timedelta(seconds=seconds)) == shown


async def test_H65_a_late_line_says_how_late_it_is(desk: Face) -> None:
    desk.clock.advance(3 * 60 + 5)
    await desk.show(line("hello", id="r1"))
    await desk.show(line("one\ntwo", id="r2"))
    await desk.show(line("closed", id="r3", who=""))
    assert await words_of(desk) == [
        "Customer (3 min late): hello",
        "Customer (3 min late):\n> one\n> two",
        "(3 min late) closed",
    ]


async def test_H64_a_line_that_slack_finds_too_large_goes_as_bare_text(desk: Face) -> None:
    desk.slack.will("chat.postMessage", says("invalid_blocks"))
    await desk.show(line("a <b> & *c*", names=("U1",)))
    (message,) = await desk.lines()
    assert "blocks" not in message
    assert message["mrkdwn"] is False
    assert message["text"] == "<@U1>\nCustomer: a &lt;b&gt; &amp; *c*"
    desk.slack.will("chat.postMessage", says("msg_too_long"), says("msg_too_long"))
    assert await desk.show(line("a", id="r2")) == Refused(reason="msg_too_long", reach=Reach.OK)


async def test_H64_bare_text_fits_whatever_has_to_be_escaped(desk: Face) -> None:
    desk.slack.will("chat.postMessage", says("invalid_blocks"))
    assert isinstance(await desk.show(line("<" * 900 + "&" * 900)), Sent)
    assert len((await desk.lines())[0]["text"]) <= 4000


@pytest.mark.parametrize("again", [False, True])
async def test_H64_a_line_for_a_lost_thread_begins_a_new_one_that_says_where_it_comes_from(
    desk: Face, again: bool
) -> None:
    lost = (await desk.place()).thread
    desk.slack.lose(lost.ts)
    assert isinstance(await desk.show(line("hello"), again=again), Sent)
    thread = (await desk.place()).thread
    (parent,) = desk.slack.parents(DESK)
    assert thread.ts == parent["ts"] != lost.ts
    assert CASE.id in parent["text"]
    assert f"team={TEAM}&amp;channel={DESK}&amp;message_ts={lost.ts}|an earlier thread>" in parent["text"]
    assert await words_of(desk) == ["Customer: hello"]
    await desk.show(line("again", id="r2"))
    assert await words_of(desk) == ["Customer: hello", "Customer: again"]


async def test_H63_a_new_thread_whose_answer_was_lost_is_found_again(desk: Face) -> None:
    desk.slack.lose((await desk.place()).thread.ts)
    desk.slack.will("chat.postMessage", says("thread_not_found"), desk.slack.lost)
    assert isinstance(await desk.show(line("hello")), Unknown)
    assert isinstance(await desk.show(line("hello"), again=True), Sent)
    assert len(desk.slack.parents(DESK)) == 1
    assert await words_of(desk) == ["Customer: hello"]


async def test_H63_a_line_that_failed_below_a_new_thread_is_posted_there(desk: Face) -> None:
    desk.slack.lose((await desk.place()).thread.ts)
    desk.slack.will("chat.postMessage", says("thread_not_found"), desk.slack.well, says("fatal_error"))
    assert isinstance(await desk.show(line("hello")), Unknown)
    assert await words_of(desk) == []
    assert isinstance(await desk.show(line("hello"), again=True), Sent)
    assert await words_of(desk) == ["Customer: hello"]


async def test_H64_a_line_for_a_closed_channel_goes_on_in_the_default_one(tmp_path: Path) -> None:
    async with desk_in_slack(tmp_path) as desk:
        await desk.carry(card(case=replace(CASE, queue="billing")))
        desk.slack.channels.discard(BILLING)
        for number in range(2):
            assert isinstance(await desk.show(line("hello", id=f"r{number}")), Sent)
        (parent,) = desk.slack.parents(DESK)
        assert f"channel={BILLING}&amp;" in parent["text"]
        assert await words_of(desk) == ["Customer: hello", "Customer: hello"]


async def test_H64_with_the_default_channel_closed_a_line_waits(desk: Face) -> None:
    desk.slack.channels.clear()
    receipt = await desk.show(line("hello"))
    assert isinstance(receipt, Retry)
    assert receipt.after_s == PROBE_S
    assert len(desk.slack.asked("chat.postMessage")) == 3, "it is not tried a second time at once"


async def test_C30_a_line_waits_as_long_as_slack_says(desk: Face) -> None:
    desk.slack.will("chat.postMessage", says("ratelimited", 429, Retry_After="11"))
    assert await desk.show(line("hello")) == Retry(reason="ratelimited", after_s=11)
