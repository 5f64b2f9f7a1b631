"""Twilio's wire: the one call we make of its API, and what each of its errors means."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from channels.sms_account import Account
from engine.errors import DeliveryError
from engine.message import Address, Reach, Receipt, Refused, Retry, Scope, Sent, Unknown

if TYPE_CHECKING:
    from twilio.rest import Client

CONNECT_WITHIN_S = 4.0
"""Less than any deadline, so that a deadline alone means that the request was written (C33)."""
BARE_WAIT_S = 30.0
"""A "too many requests" that names no wait (spec/channels.md section 6)."""
LONGEST_WAIT_S = 3600.0

BUSY = frozenset({20429, 30001, 21611})
"""Too many requests, queue overflow, the sender's queue is full: the account waits."""
REFUSALS: Mapping[int, tuple[str, Reach]] = {
    21610: ("the person opted out", Reach.OPTED_OUT),
    21211: ("not a number", Reach.UNREACHABLE),
    21214: ("not a number that can be reached", Reach.UNREACHABLE),
    21614: ("not a mobile number", Reach.UNREACHABLE),
    21635: ("a landline", Reach.UNREACHABLE),
    30004: ("blocked", Reach.OK),
    30007: ("filtered by a carrier", Reach.OK),
    63016: ("outside the 24 hours after the person's last message", Reach.OK),
    21408: ("our account may not write to this country", Reach.OK),
    60238: ("our account may not write to this country", Reach.OK),
    21612: ("no route from our sender to this number", Reach.OK),
    21617: ("longer than Twilio takes", Reach.OK),
    21602: ("without a body", Reach.OK),
    20003: ("wrong account or token", Reach.ACCOUNT),
    20404: ("no such account", Reach.ACCOUNT),
    21603: ("no sender", Reach.ACCOUNT),
    21606: ("our number cannot send to this one", Reach.ACCOUNT),
    21659: ("our number is not one of the account's", Reach.ACCOUNT),
    30034: ("our number is not registered (A2P 10DLC)", Reach.ACCOUNT),
}
"""Twilio docs, error dictionary; the reasons are ours, for Twilio's hold phone numbers (C16)."""

_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


class CallFailed(DeliveryError):
    """A call came to nothing."""

    def __init__(self, receipt: Refused | Retry | Unknown) -> None:
        super().__init__(receipt.reason, receipt)


class Wire:
    """The calls, each within `deadline_s` seconds. Building it loads the SDK."""

    def __init__(self, account: Account, api_url: str, http: aiohttp.ClientSession, deadline_s: float) -> None:
        self._client = _connect(account, api_url, http, deadline_s)
        self._service = account.service
        self._deadline_s = deadline_s

    async def say(self, to: Address, text: str, report_to: str) -> Receipt:
        """Ask for one message; `report_to` is where its status reports go."""
        sender = {"messaging_service_sid": self._service} if self._service else {"from_": to.account}
        try:
            async with asyncio.timeout(self._deadline_s):
                made = await self._client.messages.create_async(
                    to=to.chat, body=text, status_callback=report_to, **sender
                )
        except CallFailed as error:
            return error.receipt
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Retry(reason=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError) as error:
            return Unknown(reason=type(error).__name__)  # the last three are what the SDK makes of a 2xx it cannot read
        return Sent(provider_ids=(made.sid,)) if made.sid else Unknown(reason="a message without an id")


def _connect(account: Account, api_url: str, http: aiohttp.ClientSession, deadline_s: float) -> Client:
    """A client that posts through `http`, to `api_url` only, and raises CallFailed for every refusal.

    twilio is imported here, not above (C3). Its own HTTP clients ignore their time-out and hide Retry-After.
    """
    from twilio.http import AsyncHttpClient  # noqa: PLC0415
    from twilio.http.response import Response  # noqa: PLC0415
    from twilio.rest import Client  # noqa: PLC0415

    basic = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
    patience = aiohttp.ClientTimeout(total=deadline_s, connect=min(CONNECT_WITHIN_S, deadline_s / 2))

    class Http(AsyncHttpClient):  # type: ignore[misc]  # twilio ships no types
        """One shared connection pool, one deadline."""

        async def request(self, method: str, url: str, **given: Any) -> Response:
            async with http.request(
                method,
                url,
                data=given["data"],
                headers=given["headers"] | {"Authorization": f"Basic {basic}"},
                timeout=patience,
                allow_redirects=False,
            ) as response:
                content = await response.read()
            if not 200 <= response.status < 300:
                raise CallFailed(refusal(response.status, content, response.headers.get("Retry-After", "")))
            return Response(response.status, content.decode())

    # A stray TWILIO_EDGE or TWILIO_REGION would rewrite the host of every call (C4).
    nowhere = {"TWILIO_EDGE": "", "TWILIO_REGION": ""}
    quiet = Http(logging.getLogger("twilio"), is_async=True)
    client = Client(account.sid, account.token, http_client=quiet, environment=nowhere)
    client.api.base_url = api_url
    _ = client.messages  # what the SDK loads on first use, it loads now
    return client


def refusal(status: int, content: bytes, retry_after: str) -> Refused | Retry | Unknown:
    """What an answer other than 2xx says about the message: the table of spec/channels.md section 6, and C33."""
    code = _code(content)
    if status == 429 or code in BUSY:
        wait_s = float(retry_after) if _SECONDS.fullmatch(retry_after) else BARE_WAIT_S
        return Retry(reason=str(code or status), after_s=min(wait_s, LONGEST_WAIT_S), scope=Scope.ACCOUNT)
    if status >= 500 or code is None:
        return Unknown(reason=f"HTTP {status}")
    unlisted = ("refused", Reach.ACCOUNT if status in (401, 403) else Reach.OK)
    words, reach = REFUSALS.get(code, unlisted)
    return Refused(reason=f"{code}: {words}", reach=reach)


class _Problem(msgspec.Struct):
    """The body of an error (Twilio docs, "Twilio's response")."""

    code: int


def _code(content: bytes) -> int | None:
    try:
        return msgspec.json.decode(content, type=_Problem).code
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
