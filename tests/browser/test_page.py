"""The page at `/` in a real browser: the customer's chat, the lit diagram, the details, and what must never run."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import lit, open_refund, write

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

HOSTILE = "<img src=x onerror=\"window.hurt=1\"><script>window.hurt=1</script><svg onload='window.hurt=1'>"


async def test_a_tapped_opener_and_a_tapped_yes_finish_the_refund(visit: Visit) -> None:
    page = await visit()
    await open_refund(page)
    await page.get_by_role("group", name="Answers").get_by_role("button", name="Yes").click()
    await expect(page.get_by_text("Done: $79.99 is on its way back to you")).to_be_visible()
    await expect(page.locator("#said > li")).to_have_count(4)
    await expect(page.locator("#sending > li")).to_have_count(0)
    await expect(page.locator("#where")).to_have_text("Ended at Confirmation: resolved.")


async def test_the_diagram_lights_the_state_the_path_and_its_edges(visit: Visit) -> None:
    page = await visit()
    await open_refund(page)
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "confirm_item")
    assert await lit(page) == {
        "walked": ["start", "lookup_order", "confirm_item"],
        "now": ["confirm_item"],
        "edges": ["start>lookup_order", "lookup_order>confirm_item"],
    }
    await page.get_by_role("button", name="No", exact=True).click()
    await expect(page.locator(".state.now")).to_have_attribute("data-state", "start")
    assert await lit(page) == {"walked": ["start"], "now": ["start"], "edges": []}


async def test_the_details_show_answers_with_sources_facts_and_rules(visit: Visit) -> None:
    page = await visit()
    await open_refund(page)
    order = page.locator("[data-slot=order_number]")
    await expect(order).to_contain_text("ORD-12345")
    await expect(order.locator("[data-source]")).to_have_text("volunteered")
    await expect(page.locator("[data-slot=confirmed] .value")).to_have_text("–")
    await expect(page.locator("#facts")).to_contain_text("$79.99")
    rule = page.get_by_role("button", name="R13")
    await rule.focus()
    await expect(page.get_by_text("A task began, and what the same message said was filled in.")).to_be_visible()


async def test_an_order_goes_into_the_field_and_keeps_the_focus_there(visit: Visit) -> None:
    page = await visit()
    field = page.get_by_label("Message", exact=True)
    await field.fill("refund for")
    await page.locator("#all-orders").get_by_role("button", name="ORD-24680").click()
    await expect(field).to_have_value("refund for ORD-24680")
    await expect(field).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Desk lamp, $34.50. Is that the right one?")).to_be_visible()
    await expect(field).to_be_focused()
    await expect(page.locator("#orders").get_by_role("button")).to_have_count(5)


async def test_C94_all_is_done_by_keyboard_and_said_to_a_screen_reader(visit: Visit) -> None:
    page = await visit()
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()
    await page.keyboard.type("refund for ORD-67890")
    await page.keyboard.press("Enter")
    yes = page.get_by_role("log", name="Conversation").get_by_role("button", name="Yes")
    await yes.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("A person has been asked to join.")).to_be_visible()
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await expect(page.locator("#standing")).to_contain_text("waiting for a person")


async def test_options_of_an_answered_question_cannot_be_pressed_again(visit: Visit) -> None:
    page = await visit()
    await open_refund(page)
    await page.get_by_role("button", name="Yes", exact=True).click()
    await expect(page.get_by_text("Done: $79.99")).to_be_visible()
    await expect(page.locator(".option:enabled")).to_have_count(0)
    await expect(page.locator(".option[data-chosen]")).to_have_text("Yes")


async def test_X20_hostile_words_are_shown_as_text_and_run_nothing(visit: Visit) -> None:
    page = await visit()
    await write(page, "I want my money back")
    await expect(page.get_by_text("Which order number is it?")).to_be_visible()
    await write(page, HOSTILE)
    await expect(page.locator(".mine .bubble").last).to_have_text(HOSTILE)
    await expect(page.locator(".theirs .bubble").last).to_contain_text("<script>window.hurt=1</script>")
    await expect(page.locator("[data-slot=order_number] .value")).to_contain_text("onerror")
    assert await page.evaluate("window.hurt") is None
    assert await page.locator(".panels img, .panels script, .log svg").count() == 0


async def test_C94_only_http_addresses_become_links(visit: Visit) -> None:
    page = await visit()
    await write(page, "see https://example.com/a?b=1, and javascript:alert(1) or <a href=x>y</a>.")
    links = page.locator(".mine .bubble a")
    await expect(links).to_have_count(1)
    await expect(links).to_have_attribute("href", "https://example.com/a?b=1")
    await expect(links).to_have_attribute("rel", "noopener noreferrer")


async def test_H6_where_agents_work_elsewhere_the_page_has_no_desk_and_asks_once(visit: Visit) -> None:
    page = await visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/desk") else None)
    await page.reload()
    await open_refund(page)
    await expect(page.get_by_role("heading", name="Support desk")).to_be_hidden()
    await expect(page.get_by_role("button", name="Desk", exact=True)).to_be_hidden()
    assert len(asked) == 1


async def test_X20_the_page_forbids_inline_script_framing_and_sniffing(visit: Visit) -> None:
    page = await visit()
    answer = await page.reload()
    assert answer is not None
    assert answer.headers["content-security-policy"] == "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    ran = "() => { const s = document.createElement('script'); s.text = 'window.hurt = 1'; document.head.append(s) }"
    stranger = await visit(faults=True)
    await stranger.evaluate(ran)
    assert await stranger.evaluate("window.hurt") is None
