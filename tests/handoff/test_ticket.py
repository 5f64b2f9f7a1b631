"""Tickets: one key for ever, a body of Standard Webhooks' size, and the same document as everywhere (H140, H141)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from handoff.document import plain
from handoff.fitting import TICKET_BYTES
from handoff.moves import TicketWork
from handoff.summary import build_summary
from handoff.ticket import create_key, ticket_of
from tests.handoff.random_cases import facts_of


def test_H141_a_ticket_says_what_happened_and_holds_the_summary() -> None:
    summary = build_summary(facts_of(1)).summary
    ticket = ticket_of(summary, TicketWork.CREATE, version=1, now=facts_of(1).now)
    body = json.loads(ticket.body)
    assert body["type"] == "handoff.created"
    assert body["timestamp"].endswith("Z")
    assert body["data"] == json.loads(json.dumps(plain(summary)))


def test_H140_the_ticket_of_a_case_has_one_key_and_each_news_its_own() -> None:
    summary = build_summary(facts_of(1)).summary
    made = [ticket_of(summary, TicketWork.CREATE, version=version, now=facts_of(1).now).key for version in (1, 2)]
    assert made == [create_key(summary.handoff_id)] * 2 == [f"{summary.handoff_id}:create:1"] * 2
    news = {ticket_of(summary, TicketWork.UPDATE, version=version, now=facts_of(1).now).key for version in (1, 2)}
    assert len(news) == 2
    assert not any("." in key for key in (*made, *news))


def test_H140_news_of_one_version_go_out_under_keys_of_their_own() -> None:
    facts = facts_of(1)
    summary = build_summary(facts).summary
    closed, judged = (
        ticket_of(summary, TicketWork.UPDATE, version=7, now=facts.now + timedelta(minutes=late)) for late in (0, 5)
    )
    assert closed.body != judged.body
    assert closed.key != judged.key, "a verdict is news, and no new version"
    assert ticket_of(summary, TicketWork.UPDATE, version=7, now=facts.now) == closed, "the same is the same"


def test_H141_above_20_KB_the_oldest_messages_are_left_out() -> None:
    facts = facts_of(1)
    base = facts.transcript[0]
    long = tuple(
        replace(base, turn=turn, at=base.at + timedelta(seconds=turn), text=f"{turn} " + "x" * 900)
        for turn in range(30)
    )
    summary = build_summary(replace(facts, transcript=long)).summary
    ticket = ticket_of(summary, TicketWork.CREATE, version=1, now=facts.now)
    messages = json.loads(ticket.body)["data"]["messages"]
    assert len(ticket.body) <= TICKET_BYTES
    assert len(messages) < len(summary.messages)
    assert messages[-1]["text"] == summary.messages[-1].text


def test_no_work_is_no_ticket() -> None:
    with pytest.raises(ValueError, match="no ticket"):
        ticket_of(build_summary(facts_of(1)).summary, TicketWork.NONE, version=1, now=facts_of(1).now)
