"""The page on the real gateway, as `make run` serves it: embedded store, example flows, the demo shop, no keys."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.real import Gateway
from tests.browser.steps import PHONE, answer, ask_for_a_person, lit, open_refund, show, touch, write
from tests.gateway.backend_double import Asked, BackendDouble, Say, backend

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

DESKTOP = {"viewport": {"width": 1440, "height": 900}}
BOTH = pytest.mark.parametrize("shape", [DESKTOP, PHONE], ids=["desktop", "phone"])
PAID = "is on its way back to you"


@pytest.fixture
async def shop() -> AsyncIterator[BackendDouble]:
    """A shop that knows every order, for what the demo shop cannot tell: how often it was asked."""
    async with backend(otherwise=_sell) as double:
        yield double


@pytest.fixture
def page_url(real: Gateway) -> str:
    """Instead of the double's."""
    return real.url


def _sell(asked: Asked) -> Say:
    if asked.method == "POST":
        return Say.json({"status": "done"}, 201)
    return Say.json({"item": {"name": "Desk lamp"}, "amount": "34.50", "currency": "USD"})


async def said(page: Page) -> list[str]:
    """Every bubble, in order."""
    return await page.locator("#said .bubble").all_inner_texts()


@BOTH
async def test_a_refund_is_done_by_taps_alone(visit: Visit, shape: dict[str, object]) -> None:
    page = await visit(**shape)
    await touch(page.locator("#starters").get_by_role("button", name="I want my money back"))
    await expect(page.get_by_text("Which order number is it?")).to_be_visible()
    await touch(page.locator("#orders").get_by_role("button", name="ORD-24680"))
    await touch(page.get_by_role("button", name="Send"))
    await expect(page.get_by_text("Desk lamp, $34.50. Is that the right one?")).to_be_visible()
    await answer(page, "yes")
    await expect(page.get_by_text("Why are you sending it back?")).to_be_visible()
    await answer(page, "wrong item")
    await expect(page.get_by_text(f"$34.50 {PAID}")).to_be_visible()
    assert [words[:9] for words in await said(page)] == [
        *("I want my", "Let us ge", "ORD-24680", "Order ORD"),
        *("yes", "Why are y", "wrong ite", "Done: $34"),
    ]
    await expect(page.locator("[data-sent]")).to_have_count(0)


@BOTH
async def test_a_refund_is_done_by_typing_alone(visit: Visit, shape: dict[str, object]) -> None:
    page = await visit(**shape)
    await write(page, "hi, I'd like a refund for ord-13579 please, it came damaged")
    await expect(page.get_by_text("Rain jacket, $58.00. Is that the right one?")).to_be_visible()
    await write(page, "Yes!")
    await expect(page.get_by_text(f"$58.00 {PAID}")).to_be_visible()
    await show(page, "Flow")
    await expect(page.locator("#where")).to_have_text("Ended at Confirmation: resolved.")
    await expect(page.locator(".state.now.ended")).to_have_attribute("data-state", "confirmation")


async def test_the_diagram_lights_the_state_and_the_way_walked_to_it(visit: Visit) -> None:
    page = await visit()
    await write(page, "I want my money back")
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "start")
    await write(page, "ORD-12345")
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "confirm_item")
    assert await lit(page) == {
        "walked": ["start", "lookup_order", "confirm_item"],
        "now": ["confirm_item"],
        "edges": ["start>lookup_order", "lookup_order>confirm_item"],
    }
    await answer(page, "no")
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "start")
    await write(page, "ORD-24680")
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "confirm_item")
    await answer(page, "yes")
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "select_reason")
    assert (await lit(page))["edges"][-2:] == ["confirm_item>check_amount", "check_amount>select_reason"]
    await answer(page, "other")
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "confirmation")
    walked = (await lit(page))["walked"]
    assert walked[-2:] == ["process_refund", "confirmation"]
    assert not {"needs_approval", "order_not_found", "already_refunded"} & set(walked)


@BOTH
async def test_answers_show_their_sources_and_turns_their_rules(visit: Visit, shape: dict[str, object]) -> None:
    page = await visit(**shape)
    await open_refund(page)
    await show(page, "Details")
    await expect(page.locator("[data-slot=order_number] [data-source]")).to_have_text("volunteered")
    await expect(page.locator("[data-slot=confirmed] .value")).to_have_text("–")
    await expect(page.locator("#standing")).to_contain_text("Confirmed")
    await expect(page.locator("#facts")).to_contain_text("$79.99")
    await expect(page.locator("#rules").get_by_role("button", name="R13")).to_be_visible()
    await show(page, "Chat")
    await answer(page, "yes")
    await expect(page.get_by_text(f"$79.99 {PAID}")).to_be_visible()
    await show(page, "Details")
    await expect(page.locator("[data-slot=confirmed] [data-source]")).to_have_text("asked")
    await expect(page.locator("[data-slot=reason] [data-source]")).to_have_text("volunteered")
    rule = page.locator("#rules").get_by_role("button").first
    await rule.focus()
    await expect(page.locator("#rules .meaning:visible")).to_have_count(1)


async def test_an_enum_reads_as_its_label(visit: Visit) -> None:
    page = await visit()
    await write(page, "refund for ORD-13579, you sent the wrong thing")
    await expect(page.locator("[data-slot=reason] .value")).to_have_text("wrong item")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
async def test_a_restart_in_the_middle_is_a_pause_and_the_shop_refunds_once(
    visit: Visit, real: Gateway, by: signal.Signals, shop: BackendDouble
) -> None:
    real.environ["SHOP_API_URL"] = shop.url
    await real.end()
    await real.start()
    page = await visit(faults=True)
    await write(page, "I want a refund for ORD-777, it is broken")
    await expect(page.get_by_text("Is that the right one?")).to_be_visible()
    await real.end(by)
    await expect(page.locator("#link")).to_have_text("reconnecting…")
    await real.start()
    await expect(page.locator("#link")).to_have_text("connected", timeout=20_000)
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "confirm_item")
    await answer(page, "yes")
    await expect(page.get_by_text(f"$34.50 {PAID}")).to_be_visible()
    await expect(page.locator("#said > li")).to_have_count(4)
    refunds = [asked for asked in shop.asked if asked.method == "POST"]
    assert [refund.json["order_number"] for refund in refunds] == ["ORD-777"]
    await page.reload()
    await expect(page.get_by_text(f"$34.50 {PAID}")).to_have_count(1)
    await expect(page.locator("#said > li")).to_have_count(4)


async def test_R60_an_amount_over_the_limit_goes_to_a_person_and_no_money_moves(visit: Visit) -> None:
    page = await visit()
    await ask_for_a_person(page)
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "needs_approval")
    assert "process_refund" not in (await lit(page))["walked"]
    await expect(page.get_by_text(PAID)).to_have_count(0)
    await expect(page.locator("#with")).to_have_text("Waiting for a person")
    await expect(page.locator("#cases .pick")).to_have_count(1)
    await expect(page.locator("#cases .pick")).to_contain_text("Refund over limit · Billing")


async def test_C90_two_browsers_are_strangers_to_one_another(visit: Visit) -> None:
    ada, bob = await visit(), await visit()
    await write(ada, "refund for ORD-12345")
    await expect(ada.get_by_text("Wireless headphones, $79.99. Is")).to_be_visible()
    await write(bob, "yes")
    await expect(bob.locator(".theirs")).to_have_count(1)
    await expect(bob.locator(".state.now")).to_have_count(0)
    await expect(bob.locator("#said").get_by_text("ORD-12345")).to_have_count(0)
    await expect(ada.locator("#said > li")).to_have_count(2)
    await expect(ada.locator(".state.now")).to_have_attribute("data-state", "confirm_item")
