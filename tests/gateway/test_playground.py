"""The playground's routes over real HTTP: the page and its files, the state of one's own talk, the flows' pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.browser.double import running_double

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with running_double() as running, aiohttp.ClientSession(running.url) as session:
        yield session


@pytest.mark.parametrize("path", ["/", "/playground/page.js", "/playground/page.css", "/playground/diagram/refund.svg"])
async def test_what_the_browser_has_already_is_not_sent_again(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as first:
        assert first.status == 200
        assert await first.read()
        tag = first.headers["ETag"]
    async with client.get(path, headers={"If-None-Match": f'"old", W/{tag}'}) as again:
        assert again.status == 304
        assert await again.read() == b""
    async with client.get(path, headers={"If-None-Match": '"old"'}) as changed:
        assert changed.status == 200


@pytest.mark.parametrize(
    "path", ["/", "/playground/chat.js", "/playground/state", "/playground/demo", "/playground/none.js"]
)
async def test_X20_every_answer_is_guarded(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        assert (
            answer.headers["Content-Security-Policy"] == "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("name", ["none.js", "routes.py", "..%2froutes.py", "%2e%2e/playground/routes.py", ""])
async def test_only_the_page_s_own_files_can_be_asked_for(client: aiohttp.ClientSession, name: str) -> None:
    async with client.get(f"/playground/{name}") as answer:
        assert answer.status == 404


async def test_C90_without_a_session_there_is_no_state_to_see(client: aiohttp.ClientSession) -> None:
    async with client.get("/playground/state") as answer:
        assert answer.status == 401
        assert await answer.read() == b""


async def test_before_the_first_turn_the_state_is_empty_and_never_stored_by_a_cache(
    client: aiohttp.ClientSession,
) -> None:
    async with client.get("/playground/state", headers={"Cookie": f"frontdesk_session={'A' * 43}"}) as answer:
        state = await answer.json()
        assert answer.headers["Cache-Control"] == "no-store"
    assert state["flow"] is None
    assert state["owner"] == "bot"
    assert [state[name] for name in ("path", "slots", "facts", "rules", "stack")] == [[]] * 5


async def test_the_demo_names_openers_orders_and_every_flow(client: aiohttp.ClientSession) -> None:
    async with client.get("/playground/demo") as answer:
        demo = await answer.json()
    assert demo["flows"] == [{"name": "refund", "title": "Refund an order"}]
    assert demo["orders"][0] == {"id": "ORD-12345", "item": "Wireless headphones", "price": "$79.99"}
    assert "I want a refund for ORD-12345, it arrived broken" in demo["openers"]


async def test_a_picture_is_roomy_or_narrow_and_unknown_flows_have_none(client: aiohttp.ClientSession) -> None:
    async with client.get("/playground/diagram/refund.svg") as roomy:
        assert roomy.content_type == "image/svg+xml"
        wide = await roomy.text()
    async with client.get("/playground/diagram/refund.svg?room=narrow") as narrow:
        assert len(await narrow.text()) < len(wide)
    async with client.get("/playground/diagram/none.svg") as none:
        assert none.status == 404
