"""Who may read and act on the agent's side of the page, and what a post may hold (reliability.md X5, X14, X17, X20)."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from tests.channels.slack_double import DESK, TOKEN, slack_double
from tests.gateway.page_desk import Loop, page_desk, texts

pytestmark = pytest.mark.anyio


@pytest.fixture
async def loop(tmp_path: Path) -> AsyncIterator[Loop]:
    async with page_desk(tmp_path) as opened:
        yield opened


ODD: list[tuple[dict[str, Any], str]] = [
    ({}, "either `text` or `action`"),
    ({"text": "a", "action": "handoff_claim", "value": "CASE:1"}, "either `text` or `action`"),
    ({"text": " \u200b\n"}, "nothing to read"),
    ({"text": "x" * 4001}, "4000"),
    ({"text": "hello", "id": "7"}, "id"),
    ({"text": 7}, "text"),
    ({"text": "hello", "who": "me"}, "who"),
    ({"action": "handoff_claim"}, "`value` is missing"),
    ({"action": "handoff_explode", "value": "CASE:1"}, "no button"),
    ({"action": "mention", "value": "CASE:1"}, "no button"),
    ({"action": "handoff_claim", "value": "ho_01M7ZB6VM4XQ8RTFFFDVTR40B4:1"}, "another case"),
    ({"action": "handoff_claim", "value": "CASE:1", "inputs": {"text": "hm"}}, "may hold nothing"),
    ({"action": "handoff_resolve", "value": "CASE:1"}, "`inputs.outcome` must be one of these: solved, not_solved"),
    ({"action": "handoff_resolve", "value": "CASE:1", "inputs": {"outcome": "customer_left"}}, "must be one of"),
    ({"action": "handoff_transfer", "value": "CASE:1", "inputs": {"queue": "mars"}}, "must be one of these: billing"),
    ({"action": "handoff_snooze", "value": "CASE:1", "inputs": {"wake": "9y"}}, "must be one of these: 15m, 1h, 3h"),
    ({"action": "handoff_reply", "value": "CASE:1", "inputs": {"text": " "}}, "`inputs.text` has nothing to read"),
]


async def test_a_post_that_makes_no_sense_is_told_what_is_wrong_and_changes_nothing(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    before = await loop.agent.seen(case)
    for body, why in ODD:
        value = {"value": body["value"].replace("CASE", case)} if "value" in body else {}
        answer = await loop.agent.posts(case, **{**body, **value})
        assert (answer.status, why in answer.json["error"]) == (400, True), (body, answer.body)
        assert "mars" not in answer.json["error"]
    for raw in (b"", b"{", b"[]", b'"x"', b"\xff", b"[" * sys.getrecursionlimit() * 2):
        assert (await loop.page.post(f"/playground/desk/{case}", raw)).status == 400
    assert await loop.agent.seen(case) == before


async def test_C91_only_a_page_of_ours_may_act(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    path, body = f"/playground/desk/{case}", msgspec.json.encode({"id": str(uuid4()), "text": "hello"})
    for origin in (None, "http://evil.example", "null", loop.page.url.replace("http", "https")):
        assert (await loop.page.post(path, body, origin=origin)).status == 403
    assert (await loop.page.post(path, body, content_type="text/plain")).status == 415
    assert (await loop.page.post(path, body, content_type=None)).status == 415
    assert (await loop.page.post(path, b" " * 65_537)).status == 413
    assert (await loop.page.post("/playground/desk/ho_01M7ZB6VM4XQ8RTFFFDVTR40B4", body)).status == 404
    assert (await loop.page.post("/playground/desk/..%2fstate", body)).status == 404
    assert texts(await loop.agent.seen(case), who="agent") == []


async def test_X14_a_foreign_name_that_leads_here_reads_nothing(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    for path in ("", f"/{case}", f"/{case}/summary.json"):
        status, body, _ = await loop.agent.get(path, host="rebound.example:8080")
        assert (status, "cases" in body) == (403, False)
        assert (await loop.agent.get(path))[0] == 200


async def test_X5_whoever_acts_too_often_waits(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    answers = [await loop.agent.posts(case, text="note: again") for _ in range(61)]
    assert {answer.status for answer in answers[:60]} == {202}
    assert answers[60].status == 429
    assert 0 < int(answers[60].headers["Retry-After"]) <= 60


async def test_X20_every_answer_is_guarded_and_kept_by_no_cache(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    answers = [await loop.agent.get(path) for path in ("", f"/{case}", f"/{case}/summary.json", "/none")]
    answers.append((400, "", (await loop.agent.posts(case)).headers))
    for _, _, headers in answers:
        assert headers["Content-Security-Policy"] == "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


async def test_X14_where_there_is_no_playground_there_is_no_desk_on_it(tmp_path: Path) -> None:
    async with page_desk(tmp_path, FRONTDESK_ENV="production") as loop:
        assert [(await loop.agent.get(path))[0] for path in ("", "/ho_01M7ZB6VM4XQ8RTFFFDVTR40B4")] == [404, 404]
        assert (await loop.says("I want to talk to a human"))[-1]["options"] == []


async def test_H6_where_slack_is_the_face_of_the_desk_the_page_is_none(tmp_path: Path) -> None:
    async with slack_double() as slack:
        environ = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": slack.url,
            "SLACK_SIGNING_SECRET": "slack-desk-tests-secret",
            "SLACK_HANDOFF_CHANNEL": DESK,
            "HANDOFF_SLACK_AGENTS": "U0AGENT01",
        }
        async with page_desk(tmp_path, **environ) as loop:
            await loop.says("I want to talk to a human")
            status, body, _ = await loop.agent.get("")
            assert (status, body) == (200, {"on": False, "cases": []})
            assert (await loop.agent.get("/ho_01M7ZB6VM4XQ8RTFFFDVTR40B4"))[0] == 404
