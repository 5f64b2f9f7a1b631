"""What a flow's Python action is given and gives back (HOUSE 9)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.message import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpAnswer:
    """What a back end answered: its status, and its body when that was JSON."""

    status_code: int
    body: Any = None

    def json(self) -> Any:
        """The JSON body; None when there was none."""
        return self.body


class Http(Protocol):
    """HTTP to the flow's own back end: paths are relative to the one base URL its http actions name.

    A lost connection or a time-out raises; the gateway turns that into the outcome `error`.
    """

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> HttpAnswer: ...

    async def post(self, path: str, *, json: Any = None, headers: Mapping[str, str] | None = None) -> HttpAnswer: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionCall:
    """One call of a Python action. `key` stays the same across retries; `slots` and `facts` are canonical values."""

    key: str
    slots: Mapping[str, Any]
    facts: Mapping[str, Any]
    http: Http
    person: Address | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionResult:
    """What came of it: one of the action's declared outcomes, and facts to save under their names."""

    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)


PythonAction = Callable[[ActionCall], Awaitable[ActionResult]]


class Shelf(Protocol):
    """Where a demo system keeps what it did: the little of a store it needs."""

    async def take(self, key: str) -> dict[str, Any] | None: ...

    async def lay(self, key: str, thing: dict[str, Any]) -> None: ...


class Demo(Protocol):
    """A demo back end: answers like the real one when its URL variable is unset (spec/conversation.md section 5)."""

    async def answer(
        self, method: str, path: str, body: Any, headers: Mapping[str, str], shelf: Shelf
    ) -> HttpAnswer: ...
