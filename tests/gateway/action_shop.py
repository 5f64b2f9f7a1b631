"""One action of one flow, run as the engine would, against a back end on loopback that answers by script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from engine.book import Book
from engine.flow import ActionDef, FlowDef, HttpDef, StateDef, StateKind
from engine.machine import Compiled
from engine.message import Address
from engine.ports import ActionOutcome, ActionRequest
from gateway.actions import ActionRunner, Plan, Tries
from gateway.backend import HttpBackend
from gateway.failpoints import Disarmed
from tests.gateway.backend_double import BackendDouble, backend

BASE = "${SHOP_API_URL}"
LOOK = HttpDef(method="GET", url=BASE + "/orders/{{ order }}")
PAY = HttpDef(method="POST", url=BASE + "/refunds", json={"order": "{{ order }}", "note": "for {{ order }}"})
FOUND = {"200": "found", "404": "not_found"}
ADA = Address(channel="web", account="site", chat="ada/1", person="ada/1")


@dataclass
class Shop:
    """A runner whose one flow has one action `act`, on a back end that answers by script."""

    double: BackendDouble
    session: aiohttp.ClientSession
    counted: list[str] = field(default_factory=list)

    async def act(self, action: ActionDef, function: Any = None, **values: Any) -> ActionOutcome:
        """Run it once, as the engine would."""
        flow = FlowDef(
            name="shop",
            title="Shop",
            actions={"act": action},
            states={"end": StateDef(name="end", kind=StateKind.TERMINAL, prompts={"": ("Bye",)})},
        )
        compiled = Compiled(flow)
        plan = Plan(
            backends={BASE: HttpBackend(self.double.url, self.session)},
            functions={"act": function},
            environ={"SHOP_API_URL": self.double.url, "SHOP_KEY": "k{{ order }}\r\nX-Evil: 1"},
        )
        tries = Tries(pause_s=0.0, count=self.counted.append)
        runner = ActionRunner({"shop": plan}, Book([flow]), Disarmed(), tries=tries)
        request = ActionRequest(
            id="e1:call",
            flow="shop",
            version=compiled.version,
            action="act",
            key="run:state:1",
            values=values,
            facts={"amount": {"amount": "79.99", "currency": "USD"}},
            person=ADA,
        )
        return await runner.run(request)

    @property
    def targets(self) -> list[str]:
        """Path and query of every request, as sent."""
        return [asked.target for asked in self.double.asked]


@asynccontextmanager
async def open_shop() -> AsyncIterator[Shop]:
    """A shop until the block ends."""
    async with backend() as double, aiohttp.ClientSession() as session:
        yield Shop(double, session)


def http(definition: HttpDef = LOOK, **fields: Any) -> ActionDef:
    """An http action."""
    return ActionDef(
        **{"name": "act", "http": definition, "statuses": FOUND, "outcomes": tuple(FOUND.values()), **fields}
    )


def python(**fields: Any) -> ActionDef:
    """A Python action that cannot be undone."""
    return ActionDef(**{"name": "act", "python": "act", "irreversible": True, "outcomes": ("done",), **fields})
