"""The world around a desk, with its moods: the customer's channel, the desk's face, the ticket system, the shop.

What becomes of a try depends on the seed, on what is tried and on how often: never on who came first.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from engine.message import (
    Address,
    Event,
    Limits,
    Reach,
    Receipt,
    Refused,
    Reply,
    Retry,
    Scope,
    Sent,
    Unknown,
)
from engine.ports import ERROR, ActionOutcome, ActionRequest, Failpoints
from engine.store import Records
from gateway.rows import read_conversation
from gateway.stores.sqlite import SqliteStore
from handoff import threads
from handoff.case import Agent, Case, Thread
from handoff.page import PageFace
from handoff.posts import CardPost, CardUpdate, DeskPost, TicketCall, Whisper
from handoff.threads import Place
from tests.chaos.lives.ground import Leases
from tests.chaos.lives.history import Filing, History, Sending, Showing
from tests.engine.talk import flow

CONVERSATION = "loft:ada"
ADA = Address(channel="loft", account="loft", chat="ada", person="ada")
ANNA, TOM = Agent(id="anna", alias="Anna"), Agent(id="tom", alias="Tom")
ROSTER = {agent.id: agent for agent in (ANNA, TOM)}
PAGE = "page"
LONG = 250
"""Characters that the customer's channel takes at once."""
LIMITS = Limits(
    max_chars=LONG, unknown_wait_s=30.0, opt_out_words=("stop",), opt_in_words=("start",), send_deadline_s=7_200.0
)

REFUND = flow("""
frontdesk: 1
flow: refund
title: Refund an order
description: The customer wants money back for an order.
triggers: [refund, money back]
slots:
  order_number: {type: text, pattern: 'ORD-\\d{5}', normalize: upper, label: order number}
  confirmed: {type: boolean, ask_only: true}
  reason: {type: enum, values: {defective: [broken], wrong_item: [wrong item], changed_mind: [changed my mind]}}
actions:
  lookup: {http: {method: GET, url: "https://shop.example/orders/{{ order_number }}"},
           outcomes: {200: found, 404: not_found}, save: {item: item, amount: amount}}
  pay: {http: {method: POST, url: "https://shop.example/refunds", json: {order: "{{ order_number }}"}},
        irreversible: true, outcomes: {201: done}}
states:
  start: {prompt: "Which order number is it?", slot: order_number, next: find}
  find: {action: lookup, branches: {found: confirm, not_found: missing}}
  confirm: {prompt: "{{ order_number }}: {{ item }}. Is that the one?", slot: confirmed,
            branches: {yes: size, no: start}}
  size: {branches: [{when: "amount > 200", next: approval}, {next: why}]}
  approval: {handoff: {reason: over_limit, queue: billing}}
  why: {prompt: "Why are you sending it back?", slot: reason, next: pay}
  pay: {action: pay, branches: {done: done}, on_error: handoff}
  done: {prompt: "Your money is on its way.", terminal: true, outcome: resolved}
  missing: {prompt: "I cannot find {{ order_number }}.", next: start}
""")

ORDERS = {"ORD-12345": ("Wireless headphones", 79.99), "ORD-24680": ("Desk lamp", 34.5), "ORD-99999": ("Sofa", 900.0)}


class Weather:
    """How the world is today. While it is calm everything works; `away`: nobody answers for the desk's face."""

    def __init__(self, seed: int) -> None:
        self.seed, self.calm, self.away = seed, True, False
        self._tries: Counter[str] = Counter()

    def brings(self, what: str, **chances: float) -> str:
        """What comes of this try of `what`: one of the names by its chance in a hundred, else "fine"."""
        self._tries[what] += 1
        if self.calm:
            return "fine"
        drawn = random.Random(f"{self.seed}:{what}:{self._tries[what]}").uniform(0, 100)
        for name, chance in chances.items():
            drawn -= chance
            if drawn < 0:
                return name
        return "fine"


class Meanwhile:
    """What happens while somebody waits for an answer: each thing once, at the next opportunity."""

    def __init__(self) -> None:
        self.waiting: deque[Callable[[], Awaitable[None]]] = deque()

    async def happens(self) -> None:
        """The next of it, if there is one."""
        if self.waiting:
            await self.waiting.popleft()()


class Loft:
    """The customer's channel. It takes LONG characters at once, and asks the store who owns whom it writes to."""

    def __init__(self, weather: Weather, history: History, meanwhile: Meanwhile, leases: Leases) -> None:
        self._weather, self._history, self._meanwhile, self._leases = weather, history, meanwhile, leases
        self.store: SqliteStore | None = None

    @property
    def kind(self) -> Kind:
        return Kind(name="loft", settings=(), limits=LIMITS)

    def verify(self, request: Inbound) -> Verified | Refusal:
        return Refusal(status=404, reason="a loft has no door")

    def parse(self, verified: Verified) -> list[Event]:
        return []

    def answer(self, verified: Verified) -> Answer:
        return Answer()

    async def acknowledge(self, verified: Verified) -> None: ...

    async def typing(self, address: Address) -> None: ...

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        history, began = self._history, self._history.number()
        assert self.store is not None
        snapshot = await self.store.mailbox.peek(CONVERSATION)
        owner = read_conversation(CONVERSATION, snapshot.state if snapshot else b"").owner
        fate = self._weather.brings(
            f"send:{reply.id}:{len(resume)}",
            later=4, busy=0.5, lost=2, unheard=1, blocked=1.5, stopped=0.5, suspended=0.5,
        )  # fmt: skip
        era = history.era
        await self._meanwhile.happens()
        self._leases.send()
        receipt = self._receipt(fate, whole=(len(resume) + 1) * LONG >= len(reply.text), part=f"{reply.id}:{resume}")
        acted = isinstance(receipt, Sent) or fate == "lost"
        history.sendings.append(Sending(number=began, era=era, reply=reply, receipt=receipt, owner=owner, acted=acted))
        return receipt

    def _receipt(self, fate: str, *, whole: bool, part: str) -> Receipt:
        match fate:
            case "later":
                return Retry(reason="slow down", after_s=3.0)
            case "busy":
                return Retry(reason="all of you slow down", after_s=20.0, scope=Scope.ACCOUNT)
            case "lost" | "unheard":
                return Unknown(reason="the line broke")
            case "blocked":
                return Refused(reason="blocked", reach=Reach.UNREACHABLE)
            case "stopped":
                return Refused(reason="opted out", reach=Reach.OPTED_OUT)
            case "suspended":
                return Refused(reason="unpaid", reach=Reach.ACCOUNT)
            case _:
                return Sent(provider_ids=(part,), complete=whole)


class Face:
    """The page's face, behind a line that breaks. What agents can press and answer is what they have seen of it."""

    def __init__(self, weather: Weather, history: History) -> None:
        self._weather, self._history = weather, history
        self.page: PageFace | None = None
        self.records: Records | None = None
        self.cards: dict[str, Case] = {}
        self.whispers: list[Whisper] = []

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        fate = (
            "later"
            if self._weather.away
            else self._weather.brings(f"show:{post.id}", later=3, lost=1.5, unheard=1, refused=0.7)
        )
        seen = fate in ("fine", "lost")
        receipt: Receipt = Sent(provider_ids=(post.id,))
        if seen:
            receipt = await self._shown(post, done, since)
        match fate:
            case "later":
                receipt = Retry(reason="the desk does not answer", after_s=1.0)
            case "lost" | "unheard":
                receipt = Unknown(reason="the line broke")
            case "refused":
                receipt = Refused(reason="not in this form")
        self._history.showings.append(Showing(number=self._history.number(), post=post, receipt=receipt, seen=seen))
        return receipt

    async def _shown(self, post: DeskPost, done: Sequence[str], since: datetime) -> Receipt:
        assert self.page is not None
        assert self.records is not None
        if isinstance(post, CardPost):
            thread = Thread(team=PAGE, channel=PAGE, ts=post.case.id)
            await threads.remember(
                self.records, Place(conversation=post.conversation, case=post.case.id, thread=thread)
            )
        if isinstance(post, CardPost | CardUpdate):
            self.cards.pop(post.case.id, None)
            self.cards[post.case.id] = post.case
        if isinstance(post, Whisper) and post.held:
            self.whispers.append(post)
        return await self.page.show(post, done, since=since)


class Roster:
    """Anna and Tom, and nobody else."""

    async def agent(self, user: str, team: str) -> Agent | None:
        return ROSTER.get(user)


class Desk24:
    """A ticket system that names what it takes."""

    def __init__(self, weather: Weather, history: History) -> None:
        self._weather, self._history = weather, history

    async def send(self, ticket: TicketCall, tries: int) -> Receipt:
        fate = self._weather.brings(f"file:{ticket.id}", later=15, refused=5)
        receipt: Receipt = Sent(provider_ids=(f"T-{ticket.case[-6:]}",))
        if fate == "later":
            receipt = Retry(reason="HTTP 503", after_s=5.0)
        elif fate == "refused":
            receipt = Refused(reason="HTTP 422")
        self._history.filings.append(Filing(number=self._history.number(), ticket=ticket, receipt=receipt))
        return receipt


class Shop:
    """Look-ups and refunds, as one process calls them."""

    def __init__(self, weather: Weather, history: History, meanwhile: Meanwhile, failpoints: Failpoints) -> None:
        self._weather, self._history, self._meanwhile = weather, history, meanwhile
        self._failpoints = failpoints

    async def run(self, request: ActionRequest) -> ActionOutcome:
        self._failpoints.reach("before_action")
        await self._meanwhile.happens()
        self._history.calls.append(request)
        fate = self._weather.brings(f"call:{request.key}", broken=12, unsure=8)
        self._failpoints.reach("after_action")
        if fate != "fine":
            return ActionOutcome(outcome=ERROR, certain=fate == "broken")
        if request.action == "pay":
            return ActionOutcome(outcome="done")
        found = ORDERS.get(str(request.values.get("order_number", "")))
        if found is None:
            return ActionOutcome(outcome="not_found")
        return ActionOutcome(outcome="found", facts={"item": found[0], "amount": found[1]})
