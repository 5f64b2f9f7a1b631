"""Telegram: customers write to a bot, by webhook or polling (spec/channels.md section 4)."""

from __future__ import annotations

import asyncio
import hmac
import importlib
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from channels.options import composed
from channels.payload import decoded, dict_at, text_at
from channels.plaintext import storable, visible
from channels.split import ELLIPSIS, split, utf16_units
from channels.telegram_message import Us
from channels.telegram_updates import ALLOWED_UPDATES, Update, events_of
from engine.errors import DeliveryError, SettingsError, StoreAway
from engine.message import Address, Event, Limits, Receipt, Refused, Reply, Retry, Sent

if TYPE_CHECKING:
    from channels.telegram_api import Api

KIND = Kind(
    name="telegram",
    contact="telegram",
    settings=("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"),
    limits=Limits(
        max_chars=4096,  # Bot API, sendMessage: 1-4096 after entities parsing
        unit="utf16",  # Bot API, MessageEntity: offsets in UTF-16 code units
        max_parts=20,  # ours: 20 messages at one a second is as much as anybody scrolls back
        options_max=100,  # Bot API, inline keyboards: more buttons are refused
        label_max=64,  # Bot API, InlineKeyboardButton: longer labels are not shown whole
        token_max_bytes=64,  # Bot API, callback_data: 1-64 bytes
        typing_refresh_s=4.0,  # Bot API, sendChatAction: shown for 5 s or less
        per_chat_per_s=1.0,  # Bots FAQ: avoid more than one message per second in one chat
        account_per_s=30.0,  # Bots FAQ: about 30 messages per second
        can_edit=True,
        unknown_wait_s=0.0,  # nothing reports a delivery, so nothing is worth waiting for (C34)
        accepts=("photo", "voice", "audio", "video", "document", "sticker", "location", "contact", "other"),
    ),
)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  the header's name, not a secret
LAST_UPDATE_ID = 2**53
DEADLINE_S = 10.0
"""For a whole call (C36)."""
NAME_WITHIN_S = 2.0
"""A start does not wait longer for our @username; it is asked for again later."""
POLL_WAIT_S = 50
PAUSES_S = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Between failed polls, the last for ever."""
EMPTY_POLL_PAUSE_S = 0.1
"""A server that answers an empty poll at once must not make us spin."""

_TOKEN = re.compile(r"(\d{1,20}):[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HALVED = "/2"
"""Ends the id of a part that was cut again before Telegram took it, so that a resumed send cuts there too."""

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramChannel:
    """The bot of `token`, called at `api_url` ("http://host:port"). An empty `secret` accepts no webhook (C9).

    `session` is a connection pool to share; without one `open` makes its own. `now` dates what Telegram does not.
    Raises SettingsError for a token or secret Telegram would not take.
    """

    deadline_s = DEADLINE_S

    def __init__(
        self,
        token: str,
        secret: str,
        api_url: str,
        *,
        session: aiohttp.ClientSession | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            raise SettingsError("TELEGRAM_BOT_TOKEN does not look like 123456:ABC-def; copy it from @BotFather")
        if secret and not _SECRET.fullmatch(secret):
            raise SettingsError("TELEGRAM_WEBHOOK_SECRET may hold 1-256 letters, digits, _ and - only; choose another")
        self._token, self._secret, self._api_url = token, secret.encode(), api_url
        self._us = Us(id=parts[1])
        self._shared, self._http = session, session
        self._now = now
        self._api: Api | None = None
        self._asking_name = False

    @property
    def kind(self) -> Kind:
        """The channel's card."""
        return KIND

    async def open(self) -> None:
        """Load the SDK off the loop (2-3 s of CPU), connect, and ask once for our @username."""
        await asyncio.to_thread(importlib.import_module, "aiogram")
        from channels.telegram_api import Api  # noqa: PLC0415 - the SDK's face: loaded when the channel opens (C3)

        self._http = self._shared or aiohttp.ClientSession()
        self._api = Api(self._token, self._api_url, self._http, self.deadline_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(NAME_WITHIN_S):
                await self._learn_name()

    async def close(self) -> None:
        """Close the connection pool if it is ours."""
        self._api = None
        if self._http and not self._shared:
            await self._http.close()

    def verify(self, request: Inbound) -> Verified | Refusal:
        """The secret on bytes (C40), then JSON with a usable `update_id` (C42)."""
        given = request.header(SECRET_HEADER)
        if not given or not self._secret or not hmac.compare_digest(given, self._secret):
            return Refusal(status=401, reason="secret token")
        if request.content_type != "application/json":
            return Refusal(status=415, reason="content type")
        update = self._update(decoded(request.body))
        if update is None:
            return Refusal(status=400, reason="not an update")
        return Verified(body=update, urgent="callback_query" in update.raw or self._us.username is None)

    def parse(self, verified: Verified) -> list[Event]:
        """The event of an update, or none (C43)."""
        return events_of(verified.body, self._us) if isinstance(verified.body, Update) else []

    def answer(self, verified: Verified) -> Answer:
        """An empty 200: Telegram reads no more (C6)."""
        return Answer()

    async def acknowledge(self, verified: Verified) -> None:
        """Answer a pressed button, also a stale, foreign or inline one (C43)."""
        update = verified.body
        query = text_at(dict_at(update.raw, "callback_query"), "id") if isinstance(update, Update) else ""
        if query and self._api:
            await self._api.answer(query)
        await self._learn_name()

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        """Send the next part; options ride on the last (C23). `resume` are ids as this method gave them."""
        text, options = composed(reply, KIND.limits, size=utf16_units)
        left = _left(reply, storable(text), resume)
        if not left or not visible(reply.text):
            return Sent(provider_ids=()) if resume else Refused(reason="there is no text to send")  # C24
        if self._api is None:
            return Retry(reason="the channel is not open")
        receipt, mark = await self._api.say(reply.address, left[0], () if left[1:] else options), ""
        if receipt is None and len(halves := _halves(left[0])) > 1:
            left, mark = [*halves, *left[1:]], _HALVED
            receipt = await self._api.say(reply.address, left[0], ())
        if isinstance(receipt, Sent) and receipt.provider_ids:
            return Sent(provider_ids=tuple(id + mark for id in receipt.provider_ids), complete=not left[1:])
        return receipt or Refused(reason="message is too long")

    async def typing(self, address: Address) -> None:
        """Show that an answer is being written (C29)."""
        if self._api:
            await self._api.typing(address)

    async def poll(
        self,
        take: Callable[[Event], Awaitable[None]],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Fetch updates until cancelled, instead of a webhook (C45): `open` comes first.

        An update is gone from Telegram only after `take` returned for its events; where `take` raises StoreAway, or
        Telegram says no, the same update comes again after a pause, with its reason in the log.
        """
        failed, offset, begin = 0, None, True
        async with asyncio.TaskGroup() as acknowledging:
            while True:
                try:
                    fetched = await self._fetch(offset, begin=begin)
                    for verified in fetched:
                        for event in self.parse(verified):
                            await take(event)
                        acknowledging.create_task(self.acknowledge(verified))
                        offset = verified.body.id + 1
                    failed, begin = 0, False
                    if not fetched:
                        await pause(EMPTY_POLL_PAUSE_S)
                except (DeliveryError, StoreAway) as error:
                    _log.warning("telegram polling pauses: %s", error)
                    await pause(PAUSES_S[min(failed, len(PAUSES_S) - 1)])
                    failed, begin = failed + 1, True

    async def _fetch(self, offset: int | None, *, begin: bool) -> list[Verified]:
        """The next updates; to `begin`, a webhook is deleted first. Raises DeliveryError."""
        if self._api is None:
            raise DeliveryError("the channel is not open", retry=True)
        if begin:
            await self._api.drop_webhook()
        updates = map(self._update, await self._api.updates(offset, ALLOWED_UPDATES, POLL_WAIT_S))
        return [Verified(body=update) for update in updates if update]

    def _update(self, raw: object) -> Update | None:
        number = raw.get("update_id") if isinstance(raw, dict) else None
        if not isinstance(raw, dict) or type(number) is not int or not 0 <= number <= LAST_UPDATE_ID:
            return None
        return Update(id=number, raw=raw, received=self._now())

    async def _learn_name(self) -> None:
        if self._us.username or self._asking_name or self._api is None:
            return
        self._asking_name = True
        try:
            self._us = replace(self._us, username=await self._api.username())
        finally:
            self._asking_name = False


def _left(reply: Reply, text: str, resume: Sequence[str]) -> list[str]:
    """The parts still to send."""
    left = split(text, KIND.limits, ending=f"{ELLIPSIS}\n{reply.link}" if reply.link else ELLIPSIS)
    for sent in resume:
        if sent.endswith(_HALVED) and left:
            left = [*_halves(left[0]), *left[1:]]
        left = left[1:]
    return left


def _halves(part: str) -> list[str]:
    """A part Telegram found too long, cut smaller once; a half of an earlier cut stays whole."""
    units, most = utf16_units(part), KIND.limits.max_chars // 2
    if units <= most:
        return [part]
    return split(part, msgspec.structs.replace(KIND.limits, max_chars=min(most, units - 1)))
