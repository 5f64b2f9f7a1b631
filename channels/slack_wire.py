"""Slack's Web API over slack_sdk, and what each of its errors means: the table of spec/channels.md section 5."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from channels.payload import Json, text_at
from engine.errors import DeliveryError
from engine.message import Reach, Refused, Retry, Unknown

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

FLOOD = "ratelimited"
BARE_WAIT_S = 30.0
"""A 429 that names no wait (spec/channels.md section 5)."""
LONGEST_WAIT_S = 3600.0
CONNECT_WITHIN_S = 4.0
"""Less than any deadline, so that a deadline alone means that the request was written (C33)."""

ACCOUNT = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
PLACE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "missing_scope", "restricted_action"})
PERSON = frozenset({"user_not_found", "user_disabled", "cannot_dm_bot"})
HIDDEN = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
"""Errors that hide whether the call was acted on."""
TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "no_text"})
"""What the same words as short plain text may mend."""
NO_THREAD = "thread_not_found"
FORMS = frozenset(
    {
        "conversations.history",
        "conversations.replies",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "conversations.info",
        "usergroups.users.list",
        "users.info",
    }
)
"""Methods that read forms only, and find `invalid_arguments` in JSON (Slack docs, Web API: JSON is for most methods
that write; slack_sdk sends none to these)."""


_BYTES = {"Content-Type": "application/octet-stream"}


class Wire:
    """Calls of the Web API in the name of `token`, each within `deadline_s` seconds. Building it loads slack_sdk."""

    def __init__(self, token: str, base_url: str, http: aiohttp.ClientSession, deadline_s: float) -> None:
        self.client = _client(token, base_url, http)
        self._api, self._http, self._deadline_s = urlsplit(base_url), http, deadline_s

    async def call(self, method: str, body: Mapping[str, Any], *, token: str | None = None) -> Json:
        """The answer to `method`, perhaps with another `token`. Raises DeliveryError only."""
        from slack_sdk.errors import SlackClientError  # noqa: PLC0415 - loaded when the channel opens (C3)

        headers = {"Authorization": f"Bearer {token}"} if token else {}
        given: dict[str, Any] = {"data": _form(body)} if method in FORMS else {"json": dict(body)}
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await self.client.api_call(method, headers=headers, **given)
        # The last four are what the SDK makes of an answer that is no JSON object.
        except (
            SlackClientError, aiohttp.ClientError, OSError, TimeoutError,
            AttributeError, TypeError, ValueError, RecursionError,
        ) as error:  # fmt: skip
            raise failed(error) from None
        if not isinstance(answer.data, dict):
            raise _unknown("an answer without JSON")
        return answer.data

    async def upload(self, url: str, content: bytes) -> None:
        """Put a file's bytes where Slack said. The address is secret enough: our token does not go there.

        Raises DeliveryError only; nothing is shown to anybody before the upload is completed by a call.
        """
        place = urlsplit(url)
        if place.scheme != "https" and place.netloc != self._api.netloc:
            raise DeliveryError("the place for a file is neither https nor at SLACK_API_URL")
        try:
            async with (
                asyncio.timeout(self._deadline_s),
                self._http.post(url, data=content, headers=_BYTES, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise _not_taken(answer)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise failed(error) from None


def failed(error: Exception) -> DeliveryError:
    """What an error says about the message. Reasons are Slack's own word; of other errors only the kind, for their
    words may hold the request (C16)."""
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415 - C3

    kind = type(error).__name__
    match error:
        case SlackApiError(response=response):
            return _complained(response)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return DeliveryError(kind, Retry(reason=kind))
        case _:
            return _unknown(kind)


def _complained(response: Any) -> DeliveryError:
    """A response the SDK refused: its own, or aiohttp's where the body could not be read."""
    status: int = getattr(response, "status_code", None) or response.status
    data = getattr(response, "data", None)
    word = text_at(data, "error")[:80] if isinstance(data, dict) else ""
    if status == 429 or word in (FLOOD, "rate_limited"):
        return DeliveryError(FLOOD, Retry(reason=FLOOD, after_s=_wait_of(response)), code=FLOOD)
    if not word or status >= 500 or word in HIDDEN:
        return _unknown(word or f"HTTP {status} without an error")
    reach = Reach.OK
    if word in ACCOUNT:
        reach = Reach.ACCOUNT
    elif word in PLACE | PERSON:
        reach = Reach.UNREACHABLE
    return DeliveryError(word, Refused(reason=word, reach=reach), code=word)


def _not_taken(answer: aiohttp.ClientResponse) -> DeliveryError:
    reason = f"HTTP {answer.status}"
    if answer.status == 429:
        return DeliveryError(FLOOD, Retry(reason=FLOOD, after_s=_wait_of(answer)), code=FLOOD)
    return _unknown(reason) if answer.status >= 500 else DeliveryError(reason)


def _form(body: Mapping[str, Any]) -> dict[str, str]:
    """Fields of a form; what is no text stands in it as JSON."""
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode() for name, value in body.items()
    }


def _wait_of(response: Any) -> float:
    named = str(response.headers.get("Retry-After", ""))
    return min(max(float(named), 1.0), LONGEST_WAIT_S) if named.isdecimal() else BARE_WAIT_S


def _unknown(what: str) -> DeliveryError:
    return DeliveryError(what, Unknown(reason=what))


def _client(token: str, base_url: str, http: aiohttp.ClientSession) -> AsyncWebClient:
    from slack_sdk.web.async_client import AsyncWebClient  # noqa: PLC0415 - C3

    # The SDK writes whole requests at debug level, and composes them unless its own logger is set higher.
    quiet = logging.getLogger("slack_sdk.frontdesk")
    quiet.setLevel(logging.CRITICAL)
    client = AsyncWebClient(token=token, base_url=base_url, session=http, retry_handlers=[], logger=quiet)
    client.proxy = None  # it takes one from the environment, also for an address on loopback (C4)
    return client


def pool(shared: aiohttp.ClientSession | None, deadline_s: float) -> aiohttp.ClientSession:
    """A session for the SDK, which sets no time-outs on one it is given; its connections are the shared ones."""
    timeout = aiohttp.ClientTimeout(total=deadline_s, connect=min(CONNECT_WITHIN_S, deadline_s / 2))
    if shared is None:
        return aiohttp.ClientSession(timeout=timeout)
    return aiohttp.ClientSession(connector=shared.connector, connector_owner=False, timeout=timeout)
