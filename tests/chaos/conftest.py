"""Who the desks under attack talk with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.chaos.doubles import Doubles, doubles


@pytest.fixture
async def world() -> AsyncIterator[Doubles]:
    """Telegram and the shop."""
    async with doubles() as both:
        yield both


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """The network of every customer. No cookies of its own: each page keeps its."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session
