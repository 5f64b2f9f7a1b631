"""A desk as `make run` opens it, with a customer's page and the agent's, both over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import msgspec

from gateway.wiring import Desk
from tests.gateway.opened_desk import PATIENCE_S, working
from tests.gateway.web_desk import Answer, Page, Stream


@dataclass
class PageAgent:
    """Who sits before the desk's side of the page."""

    client: aiohttp.ClientSession
    page: Page

    async def get(self, path: str, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """Status, body (JSON where it is some) and headers of what is under `/playground/desk`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get(f"{self.page.url}/playground/desk{path}", headers=sent) as answer:
            body = await (answer.json() if "json" in answer.content_type else answer.text())
            return answer.status, body, dict(answer.headers)

    async def cases(self) -> list[dict[str, Any]]:
        """The list."""
        status, body, _ = await self.get("")
        assert status == 200
        found: list[dict[str, Any]] = body["cases"]
        return found

    async def seen(self, case: str, until: Callable[[dict[str, Any]], object] = bool) -> dict[str, Any]:
        """The case, once it looks as wanted."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                status, view, _ = await self.get(f"/{case}")
                assert status == 200
                if until(view):
                    found: dict[str, Any] = view
                    return found
                await asyncio.sleep(0.01)

    async def opened(self) -> str:
        """The newest case's id, once there is an open one."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := [case for case in await self.cases() if case["open"]]):
                await asyncio.sleep(0.01)
        return str(found[0]["id"])

    async def posts(self, case: str, **body: Any) -> Answer:
        """Post an act, under an id of its own unless one is named."""
        return await self.page.post(f"/playground/desk/{case}", msgspec.json.encode({"id": str(uuid4()), **body}))

    async def writes(self, case: str, text: str) -> None:
        """Write in the case's thread."""
        assert (await self.posts(case, text=text)).status == 202

    async def presses(self, case: str, name: str, **inputs: str) -> None:
        """Press a button of the case as it stands now."""
        buttons = (await self.seen(case))["buttons"]
        (button,) = (button for button in buttons if button["name"] == name)
        answer = await self.posts(case, action=button["action"], value=button["value"], inputs=inputs)
        assert (answer.status, answer.json.get("error")) == (202, None)


@dataclass
class Loop:
    """Both sides: what the customer says, what they hear, and the agent."""

    desk: Desk
    page: Page
    stream: Stream
    agent: PageAgent

    async def says(self, text: str, *, lines: int = 2) -> list[dict[str, Any]]:
        """The customer writes; their own line and what follows, `lines` of them."""
        assert (await self.page.say(str(uuid4()), text=text)).status == 202
        return await self.hears(lines)

    async def hears(self, lines: int = 1) -> list[dict[str, Any]]:
        """The next lines of the customer's chat."""
        async with asyncio.timeout(PATIENCE_S):
            return [item["data"] for item in await self.stream.items(lines)]

    async def asks_for_a_person(self) -> str:
        """A refund half way, then "I want to talk to a human"; gives the case."""
        await self.says("refund for ORD-12345, it arrived broken")
        await self.says("I want to talk to a human")
        return await self.agent.opened()

    async def is_helped(self) -> str:
        """The same, and the agent has claimed it."""
        case = await self.asks_for_a_person()
        await self.agent.presses(case, "claim")
        assert (await self.hears())[0]["text"] == "You're now talking with Anna."
        return case


@asynccontextmanager
async def page_desk(folder: Path, **environ: str) -> AsyncIterator[Loop]:
    """Open it on a folder, until the block ends."""
    async with working(folder, **environ) as (desk, page, client), page.events() as stream:
        yield Loop(desk, page, stream, PageAgent(client, page))
        desk.health.stop()


def texts(view: dict[str, Any], **like: Any) -> list[str]:
    """The thread's lines that are so."""
    return [line["text"] for line in view["lines"] if all(line[name] == value for name, value in like.items())]


def names(view: dict[str, Any], **like: Any) -> list[str]:
    """Its buttons."""
    return [one["name"] for one in view["buttons"] if all(one[name] == value for name, value in like.items())]
