"""What a customer does on the page, over and over."""

from __future__ import annotations

from playwright.async_api import Page, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OPENER = "I want a refund for ORD-12345, it arrived broken"


async def write(page: Page, text: str) -> None:
    """Write a message and send it by Enter."""
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def open_refund(page: Page) -> None:
    """Tap the first opener and wait for the question."""
    await page.locator("#starters").get_by_role("button", name=OPENER).click()
    await expect(page.get_by_text("Is that the right one?")).to_be_visible()


async def lit(page: Page) -> dict[str, list[str]]:
    """Names of the states that are walked and current, and the edges walked."""
    found: dict[str, list[str]] = await page.evaluate(
        """() => {
            const names = (selector) => [...document.querySelectorAll(selector)].map((g) => g.dataset.state);
            const lines = [...document.querySelectorAll(".edge.walked path[data-from]")];
            return {
                walked: names(".state.walked"),
                now: names(".state.now"),
                edges: lines.map((line) => `${line.dataset.from}>${line.dataset.to}`),
            };
        }"""
    )
    return found
