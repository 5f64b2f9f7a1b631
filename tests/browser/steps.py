"""What people do on the page, over and over."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OPENER = "I want a refund for ORD-12345, it arrived broken"
FAINT = """() => {
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


async def touch(target: Locator) -> None:
    """Tap on a phone, click elsewhere."""
    coarse = await target.page.evaluate("matchMedia('(pointer: coarse)').matches")
    await (target.tap() if coarse else target.click())


async def answer(page: Page, label: str) -> None:
    """Press an answer of the newest question."""
    await touch(page.locator(".option:enabled").get_by_text(label, exact=True))


async def show(page: Page, panel: str) -> None:
    """Where there is no room for all of them, bring a panel into sight."""
    button = page.get_by_role("button", name=panel, exact=True)
    if await button.is_visible():
        await touch(button)


async def ask_for_a_person(page: Page) -> None:
    """A refund over the limit: the flow itself asks for one."""
    await write(page, "refund for ORD-67890, it is broken")
    await answer(page, "yes")
    await expect(page.locator(".theirs .bubble").last).to_contain_text("I'm connecting you with a person.")


async def press(page: Page, name: str) -> None:
    """Press a button of the desk."""
    await touch(page.locator("#desk").get_by_role("button", name=name, exact=True))


async def say_as_agent(page: Page, text: str) -> None:
    """Write in the case's thread and send it by Enter."""
    field = page.get_by_label("Answer", exact=True)
    await field.fill(text)
    await field.press("Enter")
