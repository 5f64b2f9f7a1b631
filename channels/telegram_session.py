"""The Bot API's wire: aiogram over our own JSON session, and what each of its errors means."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import msgspec

from engine.errors import DeliveryError
from engine.message import Reach, Receipt, Refused, Retry, Sent, Unknown

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.methods import TelegramMethod
    from aiogram.methods.base import TelegramType

FLOOD = "429"
"""The reason of a wait that Telegram asked for."""
BARE_WAIT_S = 30
"""A 429 that names no wait (spec/channels.md section 4)."""
LONGEST_WAIT_S = 3600
CONNECT_WITHIN_S = 4.0
"""Less than any deadline, so that a deadline alone means that the request was written (C33)."""

_JSON = {"content-type": "application/json"}

NOTHING_TO_DO = (
    "message is not modified",
    "query is too old",
    "message to edit not found",
    "message to delete not found",
)
"""What a 400 says when there is nothing left to do (spec/channels.md section 4)."""


class CallFailed(DeliveryError):
    """A call came to nothing. `complaint` is what a 400 said in lower case, `moved_to` the chat's new id."""

    def __init__(self, reason: str, receipt: Receipt, *, complaint: str = "", moved_to: str | None = None) -> None:
        super().__init__(reason, receipt)
        self.complaint = complaint
        self.moved_to = moved_to


Say = Callable[[Mapping[str, object]], Awaitable[object]]
"""sendMessage with these fields. Raises CallFailed; how long it may take is its caller's matter."""


def connect(token: str, base_url: str, http: aiohttp.ClientSession, deadline_s: float) -> tuple[Bot, Say]:
    """A bot whose calls take at most `deadline_s` unless told otherwise, give plain JSON, and raise CallFailed only;
    and the one call that every turn makes, without a model of it made and taken apart again (45 of 160 µs).

    Results are not made into aiogram's types: a message that was sent must not become unknown because its echo holds
    a union tag this version does not know. aiogram is imported here, not above: it costs 2-3 s and 165 MB (C3).
    """
    from aiogram import Bot  # noqa: PLC0415
    from aiogram.client.default import Default  # noqa: PLC0415
    from aiogram.client.session.base import BaseSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.exceptions import AiogramError, TelegramRetryAfter  # noqa: PLC0415
    from aiogram.methods import SendMessage  # noqa: PLC0415

    connect_s = min(CONNECT_WITHIN_S, deadline_s / 2)

    class JsonSession(BaseSession):
        """JSON instead of forms, over one shared connection pool."""

        async def make_request(
            self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
        ) -> TelegramType:
            fields = method.model_dump(exclude_none=True, warnings=False)
            given = {name: value for name, value in fields.items() if not isinstance(value, Default)}
            patience = aiohttp.ClientTimeout(total=timeout or deadline_s, connect=connect_s)
            return cast("TelegramType", await self.ask(bot, method, given, patience))  # plain JSON, see above

        async def ask(
            self, bot: Bot, method: TelegramMethod[Any], given: Mapping[str, object], patience: aiohttp.ClientTimeout
        ) -> object:
            try:
                return await self._result(bot, method, given, patience)
            except (AiogramError, aiohttp.ClientError, TimeoutError, OSError) as error:
                raise failed(error) from None

        async def _result(
            self, bot: Bot, method: TelegramMethod[Any], given: Mapping[str, object], patience: aiohttp.ClientTimeout
        ) -> object:
            async with http.post(
                self.api.api_url(token=bot.token, method=method.__api_method__),
                data=msgspec.json.encode(given),
                headers=_JSON,
                timeout=patience,
                allow_redirects=False,
            ) as response:
                content, status = await response.read(), response.status
            answer = _read(content)
            if answer and answer.ok and 200 <= status < 300:
                return answer.result
            if status == 429:
                raise TelegramRetryAfter(method, FLOOD, _wait_of(answer))
            if answer is None or answer.ok or not answer.description:
                raise unreadable(f"HTTP {status} without a description")
            self.check_response(bot, method, status, content.decode())
            raise unreadable(f"HTTP {status} that aiogram takes for a success")

        async def close(self) -> None:
            """The connection pool belongs to the channel."""

        def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
            """Files are never fetched here (C21)."""
            raise NotImplementedError

    session = JsonSession(TelegramAPIServer.from_base(base_url))
    bot = Bot(token, session=session)
    message, patience = SendMessage(chat_id=0, text=""), aiohttp.ClientTimeout(total=None, connect=connect_s)
    return bot, lambda given: session.ask(bot, message, given, patience)


def failed(error: Exception) -> CallFailed:
    """What an error says about the message: the table of spec/channels.md section 4, and C33.

    Reasons are Telegram's own description; of other errors only the kind, for their words may hold the URL, and so
    the token (C16).
    """
    from aiogram import exceptions as said  # noqa: PLC0415

    kind = type(error).__name__
    match error:
        case CallFailed():
            return error
        case said.TelegramRetryAfter():
            return CallFailed(FLOOD, Retry(reason=FLOOD, after_s=min(max(error.retry_after, 1), LONGEST_WAIT_S)))
        case said.TelegramMigrateToChat():
            return _refused("the group has moved", moved_to=str(error.migrate_to_chat_id))
        case said.TelegramForbiddenError():
            return _refused(error.message, Reach.UNREACHABLE)
        case said.TelegramUnauthorizedError() | said.TelegramNotFound() | said.TelegramConflictError():
            return _refused(error.message, Reach.ACCOUNT)
        case said.TelegramBadRequest():
            return _complained(error.message)
        case said.TelegramServerError():
            return CallFailed(error.message, Unknown(reason=error.message))
        case said.TelegramAPIError():
            return _refused(error.message)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return CallFailed(kind, Retry(reason=kind))
        case _:
            return CallFailed(kind, Unknown(reason=kind))


def unreadable(what: str) -> CallFailed:
    """An answer that hides whether the call was acted on."""
    return CallFailed(what, Unknown(reason=what))


def _complained(description: str) -> CallFailed:
    complaint = description.lower()
    if any(words in complaint for words in NOTHING_TO_DO):
        return CallFailed(description, Sent(provider_ids=()), complaint=complaint)
    reach = Reach.UNREACHABLE if "chat not found" in complaint else Reach.OK
    return _refused(description, reach, complaint=complaint)


def _refused(
    description: str, reach: Reach = Reach.OK, *, complaint: str = "", moved_to: str | None = None
) -> CallFailed:
    reason = description[:200]
    return CallFailed(reason, Refused(reason=reason, reach=reach), complaint=complaint, moved_to=moved_to)


class _Answer(msgspec.Struct):
    """The envelope of every answer (Bot API: Making requests)."""

    ok: bool
    result: Any = None
    description: str | None = None
    parameters: Any = None


def _read(content: bytes) -> _Answer | None:
    try:
        return msgspec.json.decode(content, type=_Answer)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _wait_of(answer: _Answer | None) -> int:
    parameters = answer.parameters if answer else None
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return wait if isinstance(wait, int) else BARE_WAIT_S
