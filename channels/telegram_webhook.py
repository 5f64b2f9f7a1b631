"""Telegram for an operator: where the bot's updates go, and whether the bot is ours (spec/channels.md C40, C45)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp

from channels.base import Check, Finding
from channels.inquiry import Answered, NoAnswer, ask, library
from channels.payload import Json, dict_at, list_at, text_at
from channels.telegram_updates import ALLOWED_UPDATES

WEBHOOK = "/webhooks/telegram"
MAX_CONNECTIONS = 40
"""Deliveries at once; Bot API, setWebhook: 1-100, and 40 where nobody asks. Said outright, so that an earlier number
does not stay."""
RECENT = timedelta(hours=1)
"""Telegram keeps the last error for ever; an older one is history."""
POLL_WAIT_S = 3
"""Long enough for another poller to come back and be noticed (409)."""

BOT, HOOK, POLLING = "telegram bot", "telegram webhook", "telegram polling"

_TOKEN_REMEDY = "copy the token anew from @BotFather into TELEGRAM_BOT_TOKEN"  # noqa: S105 - a sentence about it
_ADDRESS_REMEDY = "Telegram takes https on port 443, 80, 88 or 8443, with a certificate others trust; mend PUBLIC_URL"
_SET = "run `frontdesk webhooks set`"
_POLLS = "nothing is registered, as the bot polls (no PUBLIC_URL, or TELEGRAM_MODE=polling)"
_POLL_REMEDY = "`serve` removes that when it begins to poll; set PUBLIC_URL and a secret to receive by webhook"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class TelegramProvider:
    """The bot of `token`, called at `api_url`. `address` is where its updates shall go; "" while we poll.

    `alone`: no desk of ours is running, so asking for updates takes them from nobody.
    """

    token: str = field(repr=False)
    secret: str = field(repr=False)
    api_url: str
    address: str
    http: aiohttp.ClientSession = field(repr=False)
    alone: bool = False
    now: Callable[[], datetime] = _utc_now
    name: str = "telegram"

    async def register(self) -> Sequence[Finding]:
        """setWebhook, keeping what waits (C45)."""
        if not self.address:
            return [Finding.ok(HOOK, _POLLS)]
        told = await self._tell(
            "setWebhook",
            url=self.address,
            secret_token=self.secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=MAX_CONNECTIONS,
        )
        return [told] if told else await self.registered()

    async def registered(self) -> Sequence[Finding]:
        """getWebhookInfo, judged by how we want to receive."""
        try:
            answered = await self._ask("getWebhookInfo")
        except NoAnswer as away:
            return [_away(HOOK, away)]
        if refusal := _refusal(HOOK, answered):
            return [refusal]
        info = dict_at(answered.body, "result")
        return list(self._as_webhook(info) if self.address else self._as_poller(info))

    async def unregister(self) -> Sequence[Finding]:
        """deleteWebhook, keeping what waits."""
        try:
            before = text_at(dict_at((await self._ask("getWebhookInfo")).body, "result"), "url")
        except NoAnswer as away:
            return [_away(HOOK, away)]
        told = await self._tell("deleteWebhook")
        gone = f"Telegram delivered to {before}; now it delivers nowhere" if before else "nothing was registered"
        return [told or Finding.ok(HOOK, gone)]

    def checks(self) -> Mapping[str, Check]:
        """The SDK, the bot, the webhook; while we poll, also whether somebody else does."""
        looks: dict[str, Check] = {"telegram sdk": self._library, BOT: self._bot, HOOK: self.registered}
        return looks | ({POLLING: self._others} if not self.address else {})

    async def _library(self) -> Sequence[Finding]:
        return [library("telegram sdk", "aiogram", "telegram")]

    async def _bot(self) -> Sequence[Finding]:
        try:
            answered = await self._ask("getMe")
        except NoAnswer as away:
            return [_away(BOT, away)]
        if refusal := _refusal(BOT, answered):
            return [refusal]
        return [Finding.ok(BOT, f"the token is @{text_at(dict_at(answered.body, 'result'), 'username')}'s")]

    async def _others(self) -> Sequence[Finding]:
        """A 409 says that somebody else receives (C45). Asked without an offset, no update is lost."""
        if not self.alone:
            return [Finding.ok(POLLING, "left to the desk that is running")]
        try:
            answered = await self._ask("getUpdates", timeout=POLL_WAIT_S, limit=1)
        except NoAnswer as away:
            return [_away(POLLING, away)]
        if answered.status != 409:
            return [_refusal(POLLING, answered) or Finding.ok(POLLING, "nobody else asks for the bot's updates")]
        if "webhook" in text_at(answered.body, "description"):
            return [Finding.warning(POLLING, "not possible while a webhook is registered (409 conflict)", _POLL_REMEDY)]
        remedy = "stop the other program that polls with this token, or give each its own bot"
        return [Finding.failed(POLLING, "somebody else receives this bot's updates (409 conflict)", remedy)]

    def _as_webhook(self, info: Json) -> list[Finding]:
        url, waiting = text_at(info, "url"), info.get("pending_update_count", 0)
        if not url:
            return [Finding.failed(HOOK, "Telegram delivers nowhere", _SET)]
        if url != self.address:
            found = f"Telegram delivers to {url} and not to {self.address}"
            return [Finding.failed(HOOK, found, _SET)]
        kinds = set(map(str, list_at(info, "allowed_updates")))
        if kinds != set(ALLOWED_UPDATES):
            missing = ", ".join(sorted(set(ALLOWED_UPDATES) - kinds)) or "fewer kinds"
            found = f"Telegram delivers to {url}, but not exactly the updates we read ({missing})"
            return [Finding.warning(HOOK, found, _SET)]
        return [
            self._last_error(info, waiting) or Finding.ok(HOOK, f"Telegram delivers to {url}; {waiting} updates wait")
        ]

    def _last_error(self, info: Json, waiting: object) -> Finding | None:
        """The newest delivery that failed. While updates wait, it still fails."""
        at, said = info.get("last_error_date"), text_at(info, "last_error_message")
        if not isinstance(at, int) or not said or self.now() - datetime.fromtimestamp(at, UTC) > RECENT:
            return None
        found = f"a delivery at {datetime.fromtimestamp(at, UTC):%H:%M} UTC failed: {said}; {waiting} updates wait"
        refused = "401" in said
        remedy = (
            f"TELEGRAM_WEBHOOK_SECRET is not the one that was registered; {_SET}"
            if refused
            else f"make {self.address} lead to this desk; {_ADDRESS_REMEDY}"
        )
        return Finding.failed(HOOK, found, remedy) if waiting else Finding.warning(HOOK, found, remedy)

    def _as_poller(self, info: Json) -> list[Finding]:
        if url := text_at(info, "url"):
            found = f"Telegram delivers to {url}, and while it does a poller gets nothing"
            return [Finding.warning(HOOK, found, _POLL_REMEDY)]
        return [Finding.ok(HOOK, f"none, as the bot polls; {info.get('pending_update_count', 0)} updates wait")]

    async def _tell(self, method: str, **fields: object) -> Finding | None:
        """What went wrong with a change; None where it was made."""
        try:
            answered = await self._ask(method, **fields)
        except NoAnswer as away:
            return _away(HOOK, away)
        return _refusal(HOOK, answered)

    async def _ask(self, method: str, **fields: object) -> Answered:
        return await ask(self.http, f"{self.api_url}/bot{self.token}/{method}", json=fields)


def _refusal(what: str, answered: Answered) -> Finding | None:
    """What a refusal means (Bot API, Making requests: `ok` and `description`)."""
    if answered.status == 200 and answered.body.get("ok") is True:
        return None
    said = text_at(answered.body, "description") or f"HTTP {answered.status}"
    if answered.status in (401, 404):
        return Finding.failed(what, f"Telegram refuses our token: {said}", _TOKEN_REMEDY)
    if answered.status == 400:
        return Finding.failed(what, f"Telegram refuses: {said}", _ADDRESS_REMEDY)
    return Finding.failed(what, f"Telegram could not answer: {said}", "try again in a minute; see TELEGRAM_API_URL")


def _away(what: str, away: NoAnswer) -> Finding:
    remedy = "let this machine reach Telegram, or mend TELEGRAM_API_URL"
    return Finding.failed(what, f"Telegram does not answer: {away}", remedy)
