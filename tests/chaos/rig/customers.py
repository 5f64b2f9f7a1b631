"""People who want a refund, each in their own way; every one of them knows what must come."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from tests.chaos.rig.history import History
from tests.chaos.rig.plan import Plan
from tests.chaos.rig.postman import Postman
from tests.chaos.rig.shop import FIRST_CHAT, FIRST_ORDER, ITEM, PRICE
from tests.chaos.rig.telegram import BotApi, conversation_of

OPENING, YES, REASON = "I want a refund", "yes", "broken"
WHICH, WHY, SHALL_WE = "Which order number", "Why are you sending it back", f"Shall we refund ${PRICE}"
HELLO, PERSON, BACK = "hello?", "I want to talk to a human", "BOT"
ASKED_BACK = "Is that a yes or a no"
CONNECTING, GOING_ON = "connecting you with a person", "let's go on"
GOES_ON = 2
"""Tries that are one more than those of a round that was under way (ONE_UNDER_WAY in check_history.py)."""


class Customer:
    """Somebody with an order and a chat, who thinks before writing and does not wait for ever."""

    def __init__(self, number: int, plan: Plan, postman: Postman, api: BotApi) -> None:
        self.chance = random.Random(f"{plan.seed}:{number}")
        self.order = f"ORD-{FIRST_ORDER + number}"
        self.found = f"{self.order}: {ITEM}"
        self.submitted = f"refund of ${PRICE} for {self.order} has been submitted"
        self._number = FIRST_CHAT + number
        self._plan = plan
        self._chat = api.chats[self._number]
        self._postman, self._api = postman, api
        self._heard = 0

    @property
    def conversation(self) -> str:
        """What the gateway calls it."""
        return conversation_of(self._number)

    async def says(self, *texts: str) -> None:
        """After some thought, one after the other, each as soon as the one before was taken."""
        await self._thinks()
        for text in texts:
            await self._postman.deliver(self._postman.write(self._number, text))

    async def says_at_once(self, *texts: str) -> None:
        """Written in this order, delivered in the other."""
        await self._thinks()
        written = [self._postman.write(self._number, text) for text in texts]
        await asyncio.gather(*map(self._postman.deliver, reversed(written)))

    async def hears(self, words: str) -> None:
        """Until it is said, behind what was heard before. Raises TimeoutError."""
        async with asyncio.timeout(self._plan.patience_s):
            self._heard = await self._chat.until(words, after=self._heard)

    async def insists(self, text: str, words: str, *, where: str) -> None:
        """Say it, and again wherever the desk asks back with `where`, until `words` are heard. Raises TimeoutError."""
        async with asyncio.timeout(self._plan.patience_s):
            while True:
                await self.says(text)
                before, self._heard = self._heard, await self._chat.until(words, where, after=self._heard)
                if any(words in said for said in self._chat.said[before:]):
                    return

    async def cannot_be_reached(self, meanwhile: Callable[[], Awaitable[None]], *, after: str, words: str) -> None:
        """Say `after`; while its answer cannot be delivered, do what is to be done meanwhile.

        That lasts until the desk would say `words`, or goes on saying what came before. Raises TimeoutError.
        """
        self._api.muted.add(self._number)
        try:
            async with asyncio.timeout(self._plan.patience_s):
                tries = len(self._chat.tried)
                await self.says(after)
                await self._chat.until_tried(words, after=tries, tries=1)
                await meanwhile()
                await self._chat.until_tried(words, after=len(self._chat.tried), tries=GOES_ON)
        finally:
            self._api.muted.discard(self._number)

    def leaves(self) -> None:
        """Nothing is remembered of this chat."""
        self._api.chats.pop(self._number, None)

    async def _thinks(self) -> None:
        if self._plan.thinks_s:
            await asyncio.sleep(self.chance.expovariate(1 / self._plan.thinks_s))


Story = Callable[[Customer], Awaitable[None]]


async def patient(customer: Customer) -> None:
    """Waits for every answer."""
    for text, words in (
        (OPENING, WHICH),
        (customer.order, customer.found),
        (YES, WHY),
        (REASON, SHALL_WE),
        (YES, customer.submitted),
    ):
        await customer.says(text)
        await customer.hears(words)


async def hasty(customer: Customer) -> None:
    """Knows the questions, and answers two at a time."""
    await customer.says(OPENING, customer.order)
    await customer.hears(customer.found)
    await customer.says(YES, REASON)
    await customer.hears(SHALL_WE)
    await customer.says(YES)
    await customer.hears(customer.submitted)


async def restless(customer: Customer) -> None:
    """Says hello while the desk is busy: these words must wait, and must not be lost."""
    await customer.says(OPENING)
    await customer.hears(WHICH)
    await customer.says(customer.order, HELLO)
    await customer.hears(customer.found)
    await customer.insists(YES, WHY, where=ASKED_BACK)
    await customer.says(REASON)
    await customer.hears(SHALL_WE)
    await customer.says(YES, HELLO)
    await customer.hears(customer.submitted)


async def crossed(customer: Customer) -> None:
    """The network delivers their second message first."""
    await customer.says_at_once(OPENING, customer.order)
    await customer.hears(customer.found)
    await customer.says(YES)
    await customer.hears(WHY)
    await customer.says(REASON)
    await customer.hears(SHALL_WE)
    await customer.says_at_once(YES, HELLO)
    await customer.hears(customer.submitted)


async def called_a_person(customer: Customer) -> None:
    """Asks for a person while the bot's answer is still on its way; goes on with the bot later."""
    await customer.says(OPENING)
    await customer.hears(WHICH)
    await customer.says(customer.order)
    await customer.hears(customer.found)
    await customer.cannot_be_reached(lambda: customer.says(PERSON), after=YES, words=CONNECTING)
    await customer.hears(CONNECTING)
    await customer.says(HELLO, BACK)
    await customer.hears(GOING_ON)
    await customer.says(REASON)
    await customer.hears(SHALL_WE)
    await customer.says(YES)
    await customer.hears(customer.submitted)


MANNERS: tuple[tuple[Story, float], ...] = ((patient, 0.5), (hasty, 0.2), (restless, 0.15), (crossed, 0.15))
"""How people are, and how many of them."""


async def live(customer: Customer, history: History, *, people: float) -> None:
    """Go through somebody's whole story. What had to come and never came ends it; the history then has no end of it."""
    story = _manner(customer.chance, people)
    try:
        await story(customer)
    except TimeoutError:
        return
    finally:
        customer.leaves()
    history.write("story", conversation=customer.conversation, refunds=1, manner=story.__name__)


def _manner(chance: random.Random, people: float) -> Story:
    if chance.random() < people:
        return called_a_person
    stories, weights = zip(*MANNERS, strict=True)
    story: Story = chance.choices(stories, weights)[0]
    return story
