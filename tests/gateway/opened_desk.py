"""A whole desk at work, as `serve` opens one, with one browser at its door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp

from gateway.settings import Settings
from gateway.wiring import Desk, open_desk
from tests.gateway.loopback import served
from tests.gateway.web_desk import Page

PATIENCE_S = 20.0
"""What has not happened by then will not, however busy the machine is."""


@asynccontextmanager
async def working(data: Path | None, **environ: str) -> AsyncIterator[tuple[Desk, Page, aiohttp.ClientSession]]:
    """A desk at work, on a folder or where the settings say, and one browser that has opened it."""
    if data is not None:
        environ["FRONTDESK_DATA_DIR"] = str(data)
    desk = await open_desk(Settings.load(environ), environ)
    work = asyncio.create_task(desk.run())
    try:
        jar, patience = aiohttp.CookieJar(unsafe=True), aiohttp.ClientTimeout(total=PATIENCE_S)
        async with (
            served(desk.app) as (host, port),
            aiohttp.ClientSession(cookie_jar=jar, timeout=patience) as client,
        ):
            page = Page(client, f"http://{host}:{port}")
            assert (await page.begin()).status == 201
            yield desk, page, client
            desk.health.stop()
    finally:
        desk.health.stop()
        await work
        await desk.close()


async def talk(page: Page, *texts: str, seen: int = 0) -> list[str]:
    """Say one after the other, each when the one before was answered; what was said by both. `seen` are lines that
    the stream holds already."""
    said: list[str] = []
    async with page.events() as stream:
        assert len(await stream.texts(seen)) == seen
        for text in texts:
            assert (await page.say(str(uuid4()), text=text)).status == 202
            said += await stream.texts(2)
    return said
