"""A shop on loopback that refunds once for each Idempotency-Key, and as often as it is asked under new ones."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.chaos.rig.history import History
from tests.chaos.rig.loopback import LOST, Answer, Asked
from tests.chaos.rig.plan import Weather
from tests.chaos.rig.telegram import conversation_of

ITEM = "Wireless headphones"
PRICE = "79.99"
FIRST_ORDER, FIRST_CHAT = 10_000, 600_000_000
ORDERS = 90_000
"""As many as have five digits."""

_ORDER = msgspec.json.encode({"item": ITEM, "amount": PRICE, "currency": "USD"})


@dataclass(frozen=True, kw_only=True)
class _Call:
    order: str
    body: Any
    acted: bool


class Shop:
    """The house behind SHOP_API_URL. It refuses nothing: whoever asks under a second key is paid twice."""

    def __init__(self, history: History, weather: Weather, chance: random.Random) -> None:
        self._history, self._weather, self._chance = history, weather, chance
        self._refunded: dict[str, Any] = {}

    def answer(self, asked: Asked) -> Answer:
        """Look up or refund; sometimes slowly, and sometimes nobody hears of it."""
        if asked.method == "GET":
            call = _Call(order=asked.path.rpartition("/")[2], body=None, acted=False)
            return self._said(200, _ORDER, call)
        body = msgspec.json.decode(asked.body)
        first = asked.key not in self._refunded
        made = self._refunded.setdefault(asked.key, body)
        call = _Call(order=str(body["order_number"]), body=body, acted=first)
        return self._said(201 if made == body else 422, b"{}", call)

    def answered(self, asked: Asked, answer: Answer, status: int) -> None:
        """The history knows."""
        call: _Call = answer.note
        self._history.write(
            "call",
            conversation=conversation_of(FIRST_CHAT + int(call.order.removeprefix("ORD-")) - FIRST_ORDER),
            order=call.order,
            key=asked.key,
            body=call.body,
            acted=call.acted,
            by=asked.by,
            status=status,
            at=asked.at,
            till=time.time(),
        )

    def _said(self, status: int, body: bytes, call: _Call) -> Answer:
        weather, luck = self._weather, self._chance.random()
        after_s = self._chance.uniform(*weather.shop_slow_s) if luck < weather.shop_slow else 0.0
        if luck > 1.0 - weather.shop_lost:
            return Answer(status=self._chance.choice((500, LOST)), note=call)
        return Answer(status=status, body=body, after_s=after_s, note=call)
