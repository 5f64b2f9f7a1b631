"""Slack's Web API as the channel lends it to the desk, which lives in the same app (C50)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.slack_places import Us
from channels.slack_wire import Wire
from engine.errors import DeliveryError


class SlackApi:
    """Works while the channel is open; before and after, every call fails as one to repeat later."""

    def __init__(self, wire: Callable[[], Wire | None], us: Callable[[], Us]) -> None:
        self._wire, self._us = wire, us

    @property
    def team(self) -> str:
        """The workspace's id; "" until Slack has told it."""
        return self._us().team

    async def call(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a method. Raises DeliveryError."""
        return await self._opened().call(method, body)

    async def upload(self, url: str, content: bytes) -> None:
        """Put a file's bytes where files.getUploadURLExternal said. Raises DeliveryError."""
        await self._opened().upload(url, content)

    def _opened(self) -> Wire:
        wire = self._wire()
        if wire is None:
            raise DeliveryError("the channel is not open", retry=True)
        return wire
