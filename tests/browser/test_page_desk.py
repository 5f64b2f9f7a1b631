"""Both sides of a handoff on one page, in a real browser on the real gateway: the customer asks, the agent answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, Request, expect

from tests.browser.conftest import Visit
from tests.browser.real import Gateway
from tests.browser.steps import (
    FAINT,
    PHONE,
    answer,
    ask_for_a_person,
    open_refund,
    press,
    say_as_agent,
    show,
    touch,
    write,
)

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

DESKTOP = {"viewport": {"width": 1400, "height": 900}}
TABLET = {"viewport": {"width": 1000, "height": 700}}
SHAPES = {"desktop": DESKTOP, "tablet": TABLET, "phone": PHONE}
EVERYWHERE = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
HOSTILE = (
    "<img src=x onerror=\"window.hurt=1\"><script>window.hurt=1</script><svg onload='window.hurt=1'>",
    "\"><details open ontoggle=window.hurt=1>javascript:window.hurt=1//</textarea><iframe srcdoc='<script>'>",
    "</title></style><a href='javascript:window.hurt=1' onfocus=window.hurt=1 autofocus>{{constructor}}${7*7}</a>",
)
WISH = """
frontdesk: 1
flow: wish
title: "<img src=x onerror='window.hurt=1'>Wishes"
description: The customer wishes for something.
triggers: [wish]
slots:
  wish: {type: text, label: "<b onclick='window.hurt=1'>wish</b>"}
  sure: {type: boolean, ask_only: true}
states:
  start:  {prompt: "What do you wish for?", slot: wish, next: sure}
  sure:   {prompt: "Are you sure?", slot: sure, branches: {yes: person, no: start}}
  person: {handoff: {reason: wish_granted, queue: fairies}}
"""


@pytest.fixture
def page_url(real: Gateway) -> str:
    """Instead of the double's."""
    return real.url


async def ask_in_a_refund(page: Page) -> None:
    """Half way, the customer asks for a person."""
    await open_refund(page)
    await write(page, "I want to talk to a human")
    await expect(page.locator("#with")).to_have_text("Waiting for a person")


@EVERYWHERE
async def test_a_person_takes_over_answers_and_hands_back(visit: Visit, shape: dict[str, object]) -> None:
    page = await visit(**shape)
    await ask_in_a_refund(page)
    await show(page, "Desk")
    await expect(page.locator("#case-headline")).to_have_text("Refund an order: Customer asked for a person")
    await expect(page.locator("#before li").last).to_contain_text("I'm connecting you with a person.")
    await press(page, "Claim")
    await expect(page.locator("#case-words")).to_contain_text("With Anna")
    await say_as_agent(page, "Hello, I am Anna.")
    await expect(page.locator("#thread [data-who=agent]")).to_contain_text("Delivered")
    await say_as_agent(page, "note: sounds tired")
    await expect(page.locator("#thread [data-note]")).to_contain_text("Internal note")
    await show(page, "Chat")
    await expect(page.locator("#with")).to_have_text("Anna is answering")
    await expect(page.locator("[data-voice=agent] .who")).to_have_text("Anna")
    await write(page, "It is broken, you know.")
    await show(page, "Desk")
    await expect(page.locator("#thread [data-who=customer]")).to_contain_text("It is broken, you know.")
    await press(page, "Return to bot")
    await expect(page.locator("#case-asked")).to_have_text("Was it right to call a person?")
    await press(page, "Good call")
    await expect(page.locator("#acts button")).to_have_count(0)
    await show(page, "Chat")
    await expect(page.locator("#with")).to_be_hidden()
    await answer(page, "yes")
    await expect(page.locator(".theirs .bubble").last).to_contain_text("Done: $79.99")
    await expect(page.locator("#said").get_by_text("sounds tired")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@EVERYWHERE
async def test_H58_resolving_asks_what_came_of_it_in_place(visit: Visit, shape: dict[str, object]) -> None:
    page = await visit(**shape)
    await ask_for_a_person(page)
    await show(page, "Desk")
    await press(page, "Resolve")
    form = page.get_by_role("form", name="Resolve")
    await form.get_by_label("What came of it?").select_option(label="Not solved")
    await form.get_by_label("Was it right to call a person?").select_option(label="Too late")
    await touch(form.get_by_role("button", name="Resolve"))
    await expect(page.locator("#case-words")).to_have_text("Resolved")
    await page.get_by_text("What is known").click()
    await expect(page.locator("#case-facts")).to_contain_text("not solved")
    await expect(page.locator("#case-facts")).to_contain_text("too late")
    await expect(page.locator("#cases .pick")).to_contain_text("closed")


async def test_a_case_goes_to_another_team_or_sleeps(visit: Visit) -> None:
    page = await visit(**DESKTOP)
    await ask_for_a_person(page)
    await expect(page.locator("[data-act=transfer]")).to_be_disabled()
    await press(page, "Claim")
    await press(page, "Snooze")
    await page.get_by_label("For how long?").select_option("3h")
    await page.locator("#ask").get_by_role("button", name="Snooze").click()
    await expect(page.locator("#case-words")).to_contain_text("snoozed until")
    await press(page, "Transfer")
    teams = page.get_by_label("To which team?")
    await expect(teams.locator("option")).to_have_text(["Default", "Sales", "Tech"])
    await teams.select_option(label="Sales")
    await page.locator("#ask").get_by_role("button", name="Transfer").click()
    await expect(page.locator("#said").get_by_text("Moving you to sales.")).to_be_visible()
    await expect(page.locator("[data-act=claim]")).to_be_visible()


async def test_H45_words_before_the_claim_wait_for_a_choice(visit: Visit) -> None:
    page = await visit(**DESKTOP)
    await ask_for_a_person(page)
    await expect(page.locator("#case")).to_be_visible()
    await say_as_agent(page, "Mine.")
    await press(page, "Take over and send")
    await expect(page.locator("#said [data-voice=agent]")).to_contain_text("Mine.")
    await expect(page.get_by_role("button", name="Keep internal")).to_have_count(0)
    await expect(page.locator("#pending li")).to_have_count(0)


async def test_H10_the_way_back_to_the_assistant_stays_open_while_a_person_answers(visit: Visit) -> None:
    page = await visit(**DESKTOP)
    await ask_in_a_refund(page)
    await press(page, "Claim")
    await say_as_agent(page, "Hello, I am Anna.")
    await expect(page.locator("#said [data-voice=agent]")).to_be_visible()
    await page.locator("#said").get_by_role("button", name="Go on with the assistant").click()
    await expect(page.locator(".theirs .bubble").last).to_contain_text("Is that the right one?")
    await expect(page.locator("#case-words")).to_have_text("Back with the assistant")
    await expect(page.locator("#said").get_by_role("button", name="Go on with the assistant")).to_be_disabled()
    await expect(page.locator("#answer")).to_be_hidden()


async def test_all_of_it_is_done_by_keyboard(visit: Visit) -> None:
    page = await visit(**DESKTOP)

    async def tab_to(name: str) -> None:
        for _ in range(40):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.textContent") == name:
                return
        raise AssertionError(f"{name} is not reached by Tab")

    await page.keyboard.type("get me a human")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-act=claim]")).to_be_visible()
    await tab_to("Claim")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Answer", exact=True)).to_be_focused()
    await page.keyboard.type("Hello")
    await page.keyboard.press("Enter")
    await expect(page.locator("#said [data-voice=agent]")).to_contain_text("Hello")
    await expect(page.get_by_label("Answer", exact=True)).to_be_focused()
    await tab_to("Resolve")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("What came of it?")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-act=resolve]")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await tab_to("Resolve")
    await page.keyboard.press("Enter")
    await expect(page.locator("#case-words")).to_have_text("Resolved")
    await expect(page.locator("#case-facts")).to_contain_text("not solved")


async def test_X20_hostile_words_values_and_titles_are_text_on_the_desk(
    visit: Visit, real: Gateway, tmp_path: Path
) -> None:
    (tmp_path / "flows" / "wish").mkdir(parents=True)
    (tmp_path / "flows" / "wish" / "flow.yaml").write_text(WISH)
    real.environ["FLOWS_DIR"] = str(tmp_path / "flows")
    await real.end()
    await real.start()
    page = await visit(**DESKTOP)
    await write(page, "I wish")
    await write(page, HOSTILE[0])
    await answer(page, "yes")
    await press(page, "Claim")
    for words in HOSTILE:
        await write(page, words)
        await say_as_agent(page, words)
        await say_as_agent(page, f"note: {words}")
    await page.get_by_text("What is known").click()
    await expect(page.locator("#thread [data-who=customer] .bubble")).to_have_text(list(HOSTILE))
    await expect(page.locator("#thread [data-note] .bubble")).to_have_text([f"note: {words}" for words in HOSTILE])
    await expect(page.locator("#case-values dd").first).to_have_text(HOSTILE[0])
    await expect(page.locator("#case-values dt").first).to_contain_text("onclick")
    await expect(page.locator("#cases .pick b")).to_contain_text("onerror")
    await press(page, "Resolve")
    assert await page.evaluate("window.hurt") is None
    assert await page.locator("#desk :is(img, script, iframe, b[onclick], a:not([download]))").count() == 0


async def test_an_empty_desk_says_how_to_get_a_case_and_asks_seldom(visit: Visit, page_url: str) -> None:
    page = await visit(**DESKTOP)
    await expect(page.locator("#no-cases")).to_contain_text("Ask for a person in the chat")
    asked: list[str] = []
    page.on("request", lambda request: _note(asked, request))
    await page.clock.install()
    await page.reload()
    await expect(page.locator("#no-cases")).to_be_visible()
    asked.clear()
    await page.clock.run_for(9_000)
    assert asked == []
    stranger = await visit(**PHONE)
    await write(stranger, "get me a human")
    await expect(stranger.locator("#with")).to_be_visible()
    for _ in range(10):  # the card is posted beside the customer's notice: the first look may come before it
        await page.clock.run_for(10_000)
        if await page.locator("#cases .pick").count():
            break
    await expect(page.locator("#cases .pick")).to_have_count(1)
    hide = "Object.defineProperty(document, 'hidden', { get: () => true }), document.dispatchEvent(new Event(`${on}`))"
    await page.evaluate(f"(on) => ({hide})", "visibilitychange")
    await page.wait_for_timeout(300)  # what is under way is answered
    asked.clear()
    await page.clock.run_for(20_000)
    assert asked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@EVERYWHERE
async def test_words_on_the_desk_stand_out_and_nothing_overflows(
    visit: Visit, shape: dict[str, object], scheme: str
) -> None:
    page = await visit(**shape, color_scheme=scheme, reduced_motion="reduce")
    await ask_for_a_person(page)
    await show(page, "Desk")
    await expect(page.locator("[data-act=transfer]")).to_be_disabled()
    await page.get_by_text("What is known").click()
    faint = await page.evaluate(FAINT)
    await press(page, "Claim")
    await say_as_agent(page, "An answer " + "withoutanyspace" * 20)
    await say_as_agent(page, "// and a note")
    await expect(page.locator("#thread [data-note]")).to_be_visible()
    await press(page, "Resolve")
    faint += await page.evaluate(FAINT)
    assert faint == []
    wide = "() => [...document.querySelectorAll('#desk *')].filter((one) => one.scrollWidth > one.clientWidth + 1)"
    clipped = await page.evaluate(
        f"{wide}.filter((one) => one.checkVisibility() && getComputedStyle(one).overflowX !== 'visible'"
        " && !one.matches('.aside, .pick *')).map((one) => one.id || one.className)"
    )
    assert clipped == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _note(asked: list[str], request: Request) -> None:
    if "/playground/desk" in request.url and not request.url.endswith((".js", ".css")):
        asked.append(request.url)
