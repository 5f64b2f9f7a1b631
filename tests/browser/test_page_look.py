"""How the page looks: on a phone, without motion, in light and dark."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import FAINT, PHONE, open_refund

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


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
    faint = await page.evaluate(FAINT)
    assert faint == []
