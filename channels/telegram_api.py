"""The calls we make of the Bot API: say, answer a press, show typing, fetch updates."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any

import aiohttp
from msgspec.structs import replace

from channels.telegram_session import FLOOD, CallFailed, connect, unreadable
from engine.message import Address, Option, Receipt, Retry, Scope, Sent, Unknown

FLOOD_CHATS = 3
FLOOD_WITHIN_S = 10.0
"""So many chats told to wait within this time mean the account (spec/channels.md section 4)."""

WIDE_LABEL = 20
"""Characters of a label above which its keyboard has one option per row (C48)."""
PER_ROW = 2


class Api:
    """The calls, each within `deadline_s` seconds. Building it loads the SDK."""

    def __init__(self, token: str, base_url: str, http: aiohttp.ClientSession, deadline_s: float) -> None:
        self._bot, self._send = connect(token, base_url, http, deadline_s)
        self._deadline_s = deadline_s
        self._floods: deque[tuple[float, str]] = deque(maxlen=64)

    async def say(self, to: Address, text: str, options: Sequence[Option]) -> Receipt | None:
        """Send plain text (C47) with an inline keyboard below (C48); None when Telegram finds it too long."""
        try:
            async with asyncio.timeout(self._deadline_s):
                return Sent(provider_ids=(await self._say(to, text, options),))
        except TimeoutError as error:
            return Unknown(reason=type(error).__name__)
        except CallFailed as error:
            if "message is too long" in error.complaint:
                return None
            if isinstance(error.receipt, Retry) and error.receipt.reason == FLOOD:
                return replace(error.receipt, scope=self._flooded(to.chat))
            return error.receipt

    async def username(self) -> str | None:
        """Our @username without the @; None while Telegram does not tell."""
        me = await _quietly(self._bot.get_me())
        name = me.get("username") if isinstance(me, dict) else None
        return name if isinstance(name, str) else None

    async def answer(self, query: str) -> None:
        """Stop a pressed button from spinning, if that is still possible."""
        await _quietly(self._bot.answer_callback_query(query))

    async def typing(self, to: Address) -> None:
        """Show "typing" for 5 s, if that is possible."""
        await _quietly(self._bot.send_chat_action(int(to.chat), "typing", message_thread_id=_thread(to)))

    async def drop_webhook(self) -> None:
        """Make way for polling; what the webhook did not deliver is kept. Raises CallFailed."""
        await self._bot.delete_webhook()

    async def updates(self, offset: int | None, kinds: Sequence[str], wait_s: int) -> list[object]:
        """Raw updates from `offset` on; waits up to `wait_s` seconds for the first. Raises CallFailed."""
        patience_s = wait_s + math.ceil(self._deadline_s)
        found: Any = await self._bot.get_updates(
            offset=offset, timeout=wait_s, allowed_updates=list(kinds), request_timeout=patience_s
        )
        return found if isinstance(found, list) else []

    async def _say(self, to: Address, text: str, options: Sequence[Option]) -> str:
        try:
            return await self._post(to, text, options)
        except CallFailed as error:
            elsewhere = _elsewhere(error, to)
            if elsewhere is None:
                raise
        return await self._post(elsewhere, text, options)

    async def _post(self, to: Address, text: str, options: Sequence[Option]) -> str:
        given: dict[str, object] = {"chat_id": int(to.chat), "text": text}
        if to.thread:
            given["message_thread_id"] = _thread(to)
        if options:
            given["reply_markup"] = {"inline_keyboard": _keyboard(options)}
        sent = await self._send(given)
        if isinstance(sent, dict) and isinstance(sent.get("message_id"), int):
            return str(sent["message_id"])
        raise unreadable("a message without an id")

    def _flooded(self, chat: str) -> Scope:
        now = time.monotonic()
        self._floods.append((now, chat))
        waiting = {chat for at, chat in self._floods if now - at <= FLOOD_WITHIN_S}
        return Scope.ACCOUNT if len(waiting) >= FLOOD_CHATS else Scope.CHAT


async def _quietly(call: Awaitable[Any]) -> object:
    """What the call gives; None if it came to nothing, which nobody needs to know."""
    with suppress(CallFailed):
        return await call
    return None


def _elsewhere(error: CallFailed, to: Address) -> Address | None:
    """Where the same message may go instead: the chat's new id, or the chat without its topic."""
    if error.moved_to:
        return replace(to, chat=error.moved_to)
    if to.thread and "message thread not found" in error.complaint:
        return replace(to, thread=None)
    return None


def _thread(to: Address) -> int | None:
    return int(to.thread) if to.thread else None


def _keyboard(options: Sequence[Option]) -> list[list[dict[str, str]]]:
    """Rows of buttons (Bot API: InlineKeyboardMarkup)."""
    per_row = 1 if any(len(option.label) > WIDE_LABEL for option in options) else PER_ROW
    buttons = [{"text": option.label, "callback_data": option.token} for option in options]
    return [buttons[at : at + per_row] for at in range(0, len(buttons), per_row)]
