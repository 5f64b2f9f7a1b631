"""Twilio for an operator: where our number's messages go, and whether account and sender are sound (C73, F11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

import aiohttp

from channels.base import Check, Finding
from channels.inquiry import library
from channels.payload import text_at
from channels.sms import WEBHOOK
from channels.sms_account import Account
from channels.sms_senders import Sender, TwilioOffice

RETRIES = "rc=5&rp=5xx,ct,rt&ct=2000&rt=4000"
"""Behind the # of our address. Twilio tries a webhook once, and again only if it could not connect, unless told
otherwise: up to 5 times more (rc), after a 5xx, a failed connection or a slow answer (rp), waiting 2 s and 4 s for
these (ct, rt), 15 s in all. Neither sent nor signed (C70). Source: Twilio docs, "Webhook connection overrides"."""

AWAY = {"5xx", "all"}
"""Policies by which Twilio tries again what was answered 503, as we answer while the store is away (C13)."""

ACCOUNT, HOOK = "sms account", "sms webhook"

_SET = "run `frontdesk webhooks set`"


@dataclass(frozen=True, kw_only=True)
class SmsProvider:
    """Our `account` at Twilio, called at `api_url`, for the desk at `public_url`. Status reports need nothing here:
    every message names its own address for them (C77)."""

    account: Account
    api_url: str
    public_url: str
    http: aiohttp.ClientSession = field(repr=False)
    name: str = "sms"

    async def register(self) -> Sequence[Finding]:
        """Have Twilio deliver here, with retries, and once more where these fail (C73: the message's id dedupes)."""
        return [await self._registered(sender) for sender in await self._office.senders()]

    async def registered(self) -> Sequence[Finding]:
        """Where each sender's messages go."""
        return [self._judged(sender) for sender in await self._office.senders()]

    async def unregister(self) -> Sequence[Finding]:
        """Have Twilio deliver nowhere, and tell where it did."""
        return [await self._unregistered(sender) for sender in await self._office.senders()]

    def checks(self) -> Mapping[str, Check]:
        """The SDK, the account, the senders and where they deliver."""
        return {"sms sdk": self._library, ACCOUNT: self._account, HOOK: self.registered}

    async def _library(self) -> Sequence[Finding]:
        return [library("sms sdk", "twilio", "sms")]

    async def _account(self) -> Sequence[Finding]:
        held = await self._office.fetch_account(ACCOUNT)
        if isinstance(held, Finding):
            return [held]
        status = text_at(held, "status")
        if status != "active":
            found = f"the account is {status or 'in no state that is known'}"
            return [Finding.failed(ACCOUNT, found, "the Twilio console says what it wants")]
        if text_at(held, "type") == "Trial":
            found = "a trial account, which writes to verified numbers only"
            return [Finding.warning(ACCOUNT, found, "verify the numbers you try it with, or upgrade the account")]
        return [Finding.ok(ACCOUNT, "the account is active")]

    async def _registered(self, sender: Sender | Finding) -> Finding:
        if isinstance(sender, Finding):
            return sender
        names, address = sender.names, f"{self._address}#{RETRIES}"
        held = await self._office.ask(
            HOOK,
            sender.place,
            {
                names.url: address,
                names.method: "POST",
                names.fallback_url: address,
                names.fallback_method: "POST",
                names.overruling: names.free,
            },
        )
        return held if isinstance(held, Finding) else self._judged(replace(sender, held=held))

    async def _unregistered(self, sender: Sender | Finding) -> Finding:
        if isinstance(sender, Finding):
            return sender
        held = await self._office.ask(HOOK, sender.place, {sender.names.url: "", sender.names.fallback_url: ""})
        if isinstance(held, Finding):
            return held
        before = sender.delivers_to
        gone = f"its messages went to {before}; now they go nowhere" if before else "nothing was registered"
        return Finding.ok(HOOK, f"{sender.label}: {gone}")

    def _judged(self, sender: Sender | Finding) -> Finding:
        if isinstance(sender, Finding):
            return sender
        goes_to, _, options = sender.delivers_to.partition("#")
        if sender.overruled:
            return Finding.failed(HOOK, f"{sender.label}: {sender.overruled}", _SET)
        if not goes_to:
            return Finding.failed(HOOK, f"{sender.label}: its messages go nowhere", _SET)
        if goes_to != self._address or sender.at(sender.names.method) != "POST":
            found = f"{sender.label}: its messages go to {sender.at(sender.names.method)} {goes_to}"
            return Finding.failed(HOOK, f"{found} and not to POST {self._address}", _SET)
        if AWAY.isdisjoint(dict(parse_qsl(options)).get("rp", "").split(",")):
            found = f"{sender.label}: what comes while the store is away is lost, for Twilio does not try again"
            return Finding.warning(HOOK, found, _SET)
        return Finding.ok(HOOK, f"{sender.label}: its messages go to {goes_to}, and are tried again")

    @property
    def _address(self) -> str:
        return self.public_url + WEBHOOK

    @property
    def _office(self) -> TwilioOffice:
        return TwilioOffice(account=self.account, api_url=self.api_url, http=self.http)
