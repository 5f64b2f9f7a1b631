"""Slack for an operator: which address the app wants, for a bot token cannot register it, and what is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import aiohttp

from channels.base import Check, Finding
from channels.inquiry import library
from channels.slack_checks import SlackAsker, agents, app, desk_place, socket
from channels.slack_places import Roles

WEBHOOK = "/webhooks/slack"
HOOK = "slack webhook"

_PAGES = "Event Subscriptions, Interactivity & Shortcuts, and the command /frontdesk"


@dataclass(frozen=True, kw_only=True)
class SlackProvider:
    """Our app, with what opens it. `signed` and `socketed` are its ways in: by webhook to the desk at `public_url`
    ("" for none), by socket with `app_token`. `agents` are ids of users and user groups."""

    token: str = field(repr=False)
    app_token: str = field(repr=False)
    signed: bool
    api_url: str
    public_url: str
    roles: Roles
    agents: Sequence[str]
    http: aiohttp.ClientSession = field(repr=False)
    name: str = "slack"

    async def register(self) -> Sequence[Finding]:
        """Slack has no way to register an address with a bot token: say what a person has to paste, and where."""
        return await self.registered()

    async def registered(self) -> Sequence[Finding]:
        """What to paste where; nothing for a socket. Slack tells no app where it delivers."""
        if not self.signed:
            return [Finding.ok(HOOK, "Socket Mode: there is no address to register")]
        if not self.public_url:
            return [self._without_address()]
        found = f"by hand: the app's page must name {self.public_url}{WEBHOOK}, and no program can write it there"
        return [Finding.warning(HOOK, found, f"paste it as Request URL at {_PAGES}")]

    async def unregister(self) -> Sequence[Finding]:
        """Nothing of it can be taken away from here."""
        if not self.signed:
            return [Finding.ok(HOOK, "Socket Mode: no address is registered")]
        return [Finding.warning(HOOK, "no program can remove the app's address", f"remove it by hand at {_PAGES}")]

    def checks(self) -> Mapping[str, Check]:
        """The SDK, the app with its scopes, each desk's channel, the agents, the socket."""
        asker = SlackAsker(token=self.token, api_url=self.api_url, http=self.http)
        looks: dict[str, Check] = {"slack sdk": self._library, "slack app": partial(app, asker, self.roles)}
        looks |= {f"slack desk {place}": partial(desk_place, asker, place) for place in sorted(self.roles.desk)}
        if self.agents:
            looks["slack agents"] = partial(agents, asker, self.agents)
        if self.app_token:
            looks["slack socket"] = partial(socket, asker, self.app_token)
        if self.signed:
            looks[HOOK] = self._address
        return looks

    async def _library(self) -> Sequence[Finding]:
        return [library("slack sdk", "slack_bolt", "slack")]

    async def _address(self) -> Sequence[Finding]:
        """What a person must have pasted: it cannot be read back, so it is told and not doubted."""
        if not self.public_url:
            return [self._without_address()]
        return [Finding.ok(HOOK, f"the app's page has to name {self.public_url}{WEBHOOK}")]

    def _without_address(self) -> Finding:
        found = "SLACK_SIGNING_SECRET is set, but there is no address for Slack to call"
        if self.app_token:
            return Finding.warning(HOOK, f"{found}; events come by socket", "set PUBLIC_URL, or remove the secret")
        return Finding.failed(HOOK, found, "set PUBLIC_URL, or SLACK_APP_TOKEN for Socket Mode")
