"""Takes docs/page.png, the page with a case half way: `python -m tests.browser.picture`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright, expect

from tests.browser.conftest import QUIET
from tests.browser.real import ROOT, real_gateway
from tests.browser.steps import ask_for_a_person, press, say_as_agent, write
from tests.conftest import PARTS

PICTURE = ROOT / "docs" / "page.png"
SIZE: ViewportSize = {"width": 1440, "height": 900}


async def take() -> None:
    """Play the scene on the gateway as `make run` starts it, and keep what is then to be seen."""
    part = PARTS["browser"]
    program = part.path()
    if program is None:
        raise SystemExit(part.missing())
    with tempfile.TemporaryDirectory() as data:
        async with async_playwright() as playwright, real_gateway(Path(data)) as gateway:
            browser = await playwright.chromium.launch(executable_path=program, args=list(QUIET))
            page = await browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce", locale="en-GB")
            await page.goto(gateway.url)
            await _play(page)
            await page.screenshot(path=PICTURE)
            await browser.close()


async def _play(page: Page) -> None:
    await ask_for_a_person(page)
    await press(page, "Claim")
    await say_as_agent(page, "Hello, I can approve this one. What is wrong with it?")
    await expect(page.locator("#thread [data-who=agent]")).to_contain_text("Delivered")
    await say_as_agent(page, "note: bought in May, still under warranty")
    await write(page, "It leaks from the bottom.")
    await expect(page.locator("#thread [data-who=customer]")).to_be_visible()
    await expect(page.locator("#case-words")).to_contain_text("the customer waits")
    await page.mouse.move(0, 0)


if __name__ == "__main__":
    asyncio.run(take())
