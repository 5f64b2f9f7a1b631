"""How the page looks: on a phone, without motion, in light and dark."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import PHONE, open_refund

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

_FAINT = """() => {
    const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = numbers(getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = new Set();
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const element = text.parentElement;
        const seen = element.checkVisibility({ visibilityProperty: true });
        if (!seen || !text.data.trim() || element.closest("svg")) continue;
        const [one, other] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) faint.add(`${text.data.trim()} ${ratio.toFixed(2)}`);
    }
    return [...faint];
}"""
"""Every visible word outside the picture with its contrast, where that is below WCAG AA."""


async def test_on_a_phone_the_chat_comes_first_and_the_panels_stand_behind_buttons(visit: Visit) -> None:
    page = await visit(**PHONE)
    await expect(page.get_by_role("region", name="State diagram")).to_be_hidden()
    await open_refund(page)
    await page.get_by_role("button", name="Flow", exact=True).click()
    await expect(page.locator(".state.now")).to_be_visible()
    await expect(page.get_by_role("log")).to_be_hidden()
    await page.get_by_role("button", name="Details", exact=True).click()
    await expect(page.locator("[data-slot=reason]")).to_contain_text("defective")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_with_reduced_motion_nothing_moves(visit: Visit) -> None:
    page = await visit(reduced_motion="reduce")
    await open_refund(page)
    await expect(page.locator(".state.now")).to_be_visible()
    assert await page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_their_ground_at_least_4_5_to_1(visit: Visit, scheme: str) -> None:
    page = await visit(color_scheme=scheme, reduced_motion="reduce")
    await open_refund(page)
    await expect(page.locator(".state.now")).to_be_visible()
    await expect(page.locator("[data-slot=order_number]")).to_be_visible()
    faint = await page.evaluate(_FAINT)
    assert faint == []
