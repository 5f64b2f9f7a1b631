"""Slack: customers write to our app in direct messages and by mention, by webhook or socket (spec/channels.md 5)."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import aiohttp
import msgspec

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from channels.options import composed
from channels.payload import Json, decoded, text_at
from channels.plaintext import storable, visible
from channels.slack_actions import is_option, press_of
from channels.slack_api import SlackApi
from channels.slack_delivery import (
    COMMAND,
    FORM_TYPE,
    JSON_TYPE,
    SSL_CHECK,
    Delivery,
    payload_of,
    probes_certificate,
    signed,
)
from channels.slack_events import events_of
from channels.slack_identity import Identity
from channels.slack_places import CHANNEL, Customers, Roles
from channels.slack_replies import SECTION_CHARS, question_of, say, show_choice
from channels.slack_socket import SocketLine, bolt_app
from channels.slack_standing import Part, Standing, alarm_of
from channels.slack_text import escaped
from channels.slack_wire import Wire, pool
from channels.split import ELLIPSIS, split
from engine.errors import DeliveryError
from engine.message import Address, Event, Limits, Receipt, Refused, Reply, Retry, Sent

KIND = Kind(
    name=CHANNEL,
    contact="slack",
    settings=("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
    limits=Limits(
        max_chars=SECTION_CHARS,  # less than the 4000 of a text, so that a part fits beside its buttons
        options_max=100,  # Slack docs, Block Kit: options of a static select
        label_max=75,  # Slack docs, Block Kit: text of a button and of an option
        token_max_bytes=150,  # Slack docs, Block Kit: value of an option; a button's may have 2000
        per_chat_per_s=1.0,  # Slack docs, Rate limits: about one message per second per channel
        account_per_s=5.0,  # Slack docs, Rate limits: several hundred messages per minute per workspace
        can_edit=True,
        unknown_wait_s=10.0,  # spec/channels.md C34
        accepts=("photo", "audio", "video", "document"),
    ),
)

DEADLINE_S = 10.0
"""For a whole call (C36)."""
ATTEMPT_S = 30.0
"""Between two attempts to be let in, by token or by socket (C56)."""
TAKEN_WITHIN_S = 2.0
"""A store that needs longer is away (C13): Slack wants an envelope back within 3 s."""

_USE_DM = "Please write to me in a direct message; I do not take commands."
_USE_CARD = (
    "Use the buttons of a case's card, or mention me in its thread with one of: claim, release, return, resolve, "
    "transfer QUEUE, snooze TIME, ticket."
)
"""H57: whatever a command says, until one can name its case."""


@dataclass(frozen=True, kw_only=True)
class SlackKeys:
    """What opens Slack: a bot token, and a signing secret for webhooks or an app token for Socket Mode, or both.

    `api_url` is "http://host:port/api/". An empty secret accepts no webhook (C9).
    """

    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = "https://slack.com/api/"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SlackChannel:
    """Our app in one workspace. `roles` say whose place is which; agents' words come out as the desk's events.

    `session` lends its connections; `now` is the clock that signatures are judged by; `trouble` is told what is wrong
    with our standing, and "" when nothing is.
    """

    deadline_s = DEADLINE_S
    attempt_s = ATTEMPT_S

    def __init__(
        self,
        keys: SlackKeys,
        roles: Roles | None = None,
        *,
        session: aiohttp.ClientSession | None = None,
        now: Callable[[], datetime] = _utc_now,
        trouble: Callable[[str], None] = lambda note: None,
    ) -> None:
        self._keys, self._roles = keys, roles or Roles()
        self._now = now
        self._shared, self._http = session, session
        self._standing = Standing(trouble)
        self._identity = Identity(self._standing)
        self._wire: Wire | None = None
        self._api = SlackApi(lambda: self._wire, lambda: self._identity.us)

    @property
    def api(self) -> SlackApi:
        """The Web API in our app's name, for the desk."""
        return self._api

    @property
    def kind(self) -> Kind:
        """The channel's card."""
        return KIND

    async def open(self) -> None:
        """Load the SDK off the loop, connect, and ask who we are: once, then again in the background."""
        await asyncio.to_thread(importlib.import_module, "slack_sdk.web.async_client")
        self._http = pool(self._shared, self.deadline_s)
        self._wire = Wire(self._keys.token, self._keys.api_url, self._http, self.deadline_s)
        await self._identity.ask(self._wire, every_s=self.attempt_s)

    async def close(self) -> None:
        """Close what was opened."""
        self._wire = None
        await self._identity.stop()
        if self._http and self._http is not self._shared:
            await self._http.close()

    def verify(self, request: Inbound) -> Verified | Refusal:
        """The v0 signature over the raw body (C55), then a payload that says what it is."""
        if probes_certificate(request):
            return Verified(body=Delivery(payload={SSL_CHECK: "1"}, received=self._now()))
        if not signed(request, self._keys.secret.encode(), self._now()):
            return Refusal(status=401, reason="signature")
        if request.content_type not in (JSON_TYPE, FORM_TYPE):
            return Refusal(status=415, reason="content type")
        payload = payload_of(request)
        if payload is None:
            return Refusal(status=400, reason="not a payload")
        return Verified(body=Delivery(payload=payload, received=self._now()))

    def parse(self, verified: Verified) -> list[Event]:
        """The event of a delivery, or none; of the agents' places too, marked as theirs."""
        return events_of(verified.body, self._identity.us, self._roles) if isinstance(verified.body, Delivery) else []

    def answer(self, verified: Verified) -> Answer:
        """The challenge by which Slack tries our address; where commands lead if there is no desk to take them."""
        delivery = verified.body
        if not isinstance(delivery, Delivery):
            return Answer()
        if delivery.kind == "url_verification":
            return Answer(body=text_at(delivery.payload, "challenge").encode(), content_type="text/plain")
        if delivery.kind == COMMAND and (self._roles.desk or self._roles.customers is not Customers.OFF):
            told = {"response_type": "ephemeral", "text": _USE_CARD if self._roles.desk else _USE_DM}
            return Answer(body=msgspec.json.encode(told), content_type=JSON_TYPE)
        return Answer()

    async def acknowledge(self, verified: Verified) -> None:
        """Show a customer's choice in place of its buttons (C63), and take note of what befell our app."""
        delivery, wire = verified.body, self._wire
        if not isinstance(delivery, Delivery) or wire is None or not self._identity.us.meant_by(delivery):
            return
        if alarm := alarm_of(delivery, self._identity.us, self._roles):
            self._standing.hear(alarm)
            if alarm.part in (Part.ACCOUNT, Part.EVENTS):
                self._identity.ask_again(wire, every_s=self.attempt_s)
        press = press_of(delivery)
        if press and is_option(press, self._roles) and press.asked in ("", press.place.person):
            with suppress(DeliveryError):
                await show_choice(wire, press, question_of(delivery))

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        """Send the next part; options stand below the last (C23). `resume` are the ts of those sent."""
        text, options = composed(reply, KIND.limits)
        ending = f"{ELLIPSIS}\n{reply.link}" if reply.link else ELLIPSIS
        left = split(storable(text), KIND.limits, size=_size, ending=ending)[len(resume) :]
        if not left or not visible(reply.text):
            return Sent(provider_ids=()) if resume else Refused(reason="there is no text to send")  # C24
        if self._wire is None:
            return Retry(reason="the channel is not open")
        last = not left[1:]
        receipt = await say(self._wire, reply.address, left[0], options if last else (), ref=reply.id)
        return msgspec.structs.replace(receipt, complete=last) if isinstance(receipt, Sent) else receipt

    async def typing(self, address: Address) -> None:
        """Slack shows nothing of the kind (C63)."""

    async def listen(self, accept: Callable[[Event], Awaitable[None]]) -> None:
        """Receive by Socket Mode until cancelled (C56): `open` comes first. An envelope is acknowledged only after
        `accept` returned for its events; what it could not take, Slack sends again."""
        if self._wire is None or self._http is None:
            raise DeliveryError("the channel is not open", retry=True)
        await asyncio.to_thread(importlib.import_module, "slack_bolt.async_app")
        async with asyncio.TaskGroup() as acknowledging:
            app = bolt_app(
                self._wire, self._keys.token, lambda: self._identity.us, partial(self._take, accept, acknowledging)
            )
            line = SocketLine(
                wire=self._wire,
                http=self._http,
                app=app,
                app_token=self._keys.app_token,
                standing=self._standing,
                attempt_s=self.attempt_s,
            )
            await line.run()

    async def _take(
        self, accept: Callable[[Event], Awaitable[None]], acknowledging: asyncio.TaskGroup, payload: Json
    ) -> Json:
        """What the webhook door does, for a socket's payload."""
        verified = Verified(body=Delivery(payload=payload, received=self._now()))
        async with asyncio.timeout(TAKEN_WITHIN_S):
            for event in self.parse(verified):
                await accept(event)
        acknowledging.create_task(self.acknowledge(verified))
        answer = decoded(self.answer(verified).body)
        return answer if isinstance(answer, dict) else {}


def _size(text: str) -> int:
    """As Slack counts: three characters take more room once they are escaped."""
    return len(escaped(text))
