"""A real browser, and the page it opens. `page_url` is the only fixture that knows what serves the page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.double import Running, running_double
from tests.browser.real import Gateway, real_gateway

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

Visit = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for a module, because its browser lives as long."""
    return "asyncio"


@pytest.fixture(scope="module")
async def browser(anyio_backend: str, chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield launched
        await launched.close()


@pytest.fixture
async def gateway() -> AsyncIterator[Running]:
    async with running_double() as running:
        yield running


@pytest.fixture
def page_url(gateway: Running) -> str:
    """Where the page is served."""
    return gateway.url


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Gateway]:
    """As `make run` starts it, with its demo shop."""
    async with real_gateway(tmp_path) as running:
        yield running


@pytest.fixture
async def visit(browser: Browser, page_url: str) -> AsyncIterator[Visit]:
    """Open the page as a new person; keyword arguments are a browser context's. At the end no page may have thrown, nor
    have written an error (a refused script among them), unless it was opened with `faults=True`."""
    complaints: list[str] = []
    contexts = []

    async def open_page(*, faults: bool = False, **context: Any) -> Page:
        contexts.append(await browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **context}))
        page = await contexts[-1].new_page()
        if not faults:
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(page_url)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []
