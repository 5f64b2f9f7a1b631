"""The page's line to the desk: typing, failures that say so, drops that heal, two tabs of one talk."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.double import Running
from tests.browser.steps import open_refund, write

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_C95_typing_shows_until_the_reply(visit: Visit, gateway: Running) -> None:
    page = await visit()
    await expect(page.locator("#link")).to_have_text("connected")
    gateway.desk.answering.clear()
    await page.locator("#starters button").first.click()
    await expect(page.locator("#typing")).to_be_visible()
    gateway.desk.answering.set()
    await expect(page.get_by_text("Is that the right one?")).to_be_visible()
    await expect(page.locator("#typing")).to_be_hidden()


async def test_C91_a_failed_message_says_so_and_is_sent_again_under_the_same_id(visit: Visit) -> None:
    page = await visit(faults=True)
    tried: list[str] = []

    async def once_away(route: Route) -> None:
        tried.append(json.loads(route.request.post_data or "")["id"])
        await (route.abort() if len(tried) == 1 else route.continue_())

    await page.route("**/web/messages", once_away)
    await write(page, "refund for ORD-13579")
    await expect(page.get_by_role("alert")).to_contain_text("Not sent: no connection.")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Rain jacket, $58.00")).to_be_visible()
    await expect(page.locator(".mine")).to_have_count(1)
    assert len(tried) == 2
    assert tried[0] == tried[1]


async def test_C95_too_many_messages_say_when_to_try_again(visit: Visit) -> None:
    page = await visit(faults=True)
    await page.route("**/web/messages", lambda route: route.fulfill(status=429, headers={"Retry-After": "7"}))
    await write(page, "hello")
    await expect(page.get_by_role("alert")).to_contain_text("Not sent: too many messages. Try again in 7 s.")


async def test_C92_a_dropped_stream_says_so_and_comes_back_with_what_was_missed_once(
    visit: Visit, gateway: Running
) -> None:
    page = await visit(faults=True)
    await open_refund(page)
    gateway.desk.answering.clear()
    await page.get_by_role("button", name="Yes", exact=True).click()
    await expect(page.locator(".mine")).to_have_count(2)
    await gateway.stop()
    await expect(page.get_by_role("status").filter(has_text="reconnecting…")).to_be_visible()
    gateway.desk.answering.set()
    await gateway.start()
    await expect(page.locator("#link")).to_have_text("connected", timeout=20_000)
    await expect(page.get_by_text("Done: $79.99")).to_have_count(1)
    await expect(page.locator("#said > li")).to_have_count(4)


async def test_C92_a_reloaded_page_and_a_second_tab_show_the_same_talk(visit: Visit) -> None:
    page = await visit()
    await open_refund(page)
    await page.reload()
    await expect(page.locator("#said > li")).to_have_count(2)
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "confirm_item")
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.locator("#said > li")).to_have_count(2)
    await page.get_by_role("button", name="Yes", exact=True).click()
    await expect(other.get_by_text("Done: $79.99")).to_be_visible()
    assert (
        await other.locator("#said .bubble").all_inner_texts() == await page.locator("#said .bubble").all_inner_texts()
    )


async def test_C91_what_is_on_the_stream_but_was_not_taken_says_so_and_is_sent_again(
    visit: Visit, gateway: Running
) -> None:
    page = await visit(faults=True)
    gateway.desk.away = True
    await write(page, "refund for ORD-13579")
    await expect(page.locator("#said .mine").get_by_role("alert")).to_contain_text("Not sent: the desk answered 503.")
    gateway.desk.away = False
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Rain jacket, $58.00")).to_be_visible()
    await expect(page.locator(".mine")).to_have_count(1)
    await expect(page.locator("[data-sent]")).to_have_count(0)


async def test_C90_words_written_before_the_session_is_there_wait_for_it(visit: Visit) -> None:
    page = await visit(faults=True)  # what was under way when its cookie went is refused, and the browser says so
    await page.context.clear_cookies()
    answered = asyncio.Event()

    async def slow(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/web/session", slow)
    await page.reload()
    await write(page, "refund for ORD-13579")
    await expect(page.get_by_text("Sending…")).to_be_visible()
    answered.set()
    await expect(page.get_by_text("Rain jacket, $58.00")).to_be_visible()
    await expect(page.locator("#said > li")).to_have_count(2)


async def test_C90_a_session_that_is_gone_is_begun_anew_and_the_message_goes_with_it(visit: Visit) -> None:
    page = await visit(faults=True)
    await open_refund(page)
    await page.context.clear_cookies()
    await write(page, "refund for ORD-13579")
    await expect(page.get_by_text("Rain jacket, $58.00")).to_be_visible()
    assert [text[:8] for text in await page.locator("#said .bubble").all_inner_texts()] == ["refund f", "Order OR"]
    await expect(page.locator("#link")).to_have_text("connected")
