"""Tickets leave as signed webhooks, and what each answer means for their rows (H141, H142)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import msgspec
from yarl import URL

from engine.message import USER_AGENT, Receipt, Refused, Retry, Sent
from handoff.posts import TicketCall
from handoff.signing import signed_headers, webhook_id

DEADLINE_S = 10.0
"""One try, whatever the other side does (C36)."""
RETRY_AFTER_S = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""The wait after the first try, the second, ... (H142); a try that follows the last one is the end."""
LONGEST_WAIT_S = RETRY_AFTER_S[-1]
"""The most a Retry-After can ask for."""
MAX_ANSWER_BYTES = 64 * 1024
"""Of an answer; a larger one names no ticket."""

GONE, BUSY = 410, 429
HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": USER_AGENT,
    "Accept-Encoding": "identity",  # what cannot be unpacked cannot grow (X44)
}

_SHOWABLE = r'[^\x00-\x20<>|"\x7f-\U0010ffff]'
"""Fit for a card: no blank, no markup, nothing beyond ASCII."""
_ADDRESS = re.compile(rf"https?://{_SHOWABLE}{{1,500}}")
_NUMBER = re.compile(rf"{_SHOWABLE}{{1,100}}")
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(slots=True)
class _Answer:
    """What has been heard so far; `status` is 0 before anything was."""

    status: int = 0
    retry_after: str = ""
    body: bytes = b""


class WebhookTickets:
    """The port `TicketSystem`, at the operator's own `url` (X42), which it does not leave: redirects are a failure.

    A webhook may be repeated: its id stays the same, and the other side knows it by that. So nothing is ever unknown.
    """

    def __init__(
        self,
        url: str,
        keys: Sequence[bytes],
        *,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._url = URL(url, encoded=True)
        self._keys = tuple(keys)
        self._session = session
        self._now = now
        self._deadline_s = deadline_s

    async def send(self, ticket: TicketCall, tries: int) -> Receipt:
        """Post it, signed anew; `tries` counts those before. A `Sent` names the ticket as the answer does, if it does.

        A `Retry` is to be waited for as long as it says: the schedule ends by itself, with a `Refused`.
        """
        answer = _Answer()
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._post(ticket, answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            if not answer.status:
                return _later(type(lost).__name__, tries)
        return _receipt(answer, tries, self._now())

    async def _post(self, ticket: TicketCall, answer: _Answer) -> None:
        """Fill in the answer as it comes: once there is a status, a body that breaks off changes nothing."""
        body = ticket.body.encode()
        headers = HEADERS | signed_headers(webhook_id(ticket.id), body, self._keys, at=self._now())
        async with self._session.post(
            self._url, data=body, headers=headers, allow_redirects=False, auto_decompress=False
        ) as response:
            answer.status = response.status
            answer.retry_after = response.headers.get("Retry-After", "")
            answer.body = await _start_of(response.content)


async def _start_of(content: aiohttp.StreamReader) -> bytes:
    """The body, or the first byte too many of it."""
    heard = bytearray()
    while more := await content.read(MAX_ANSWER_BYTES + 1 - len(heard)):
        heard += more
    return bytes(heard)


def _receipt(answer: _Answer, tries: int, now: datetime) -> Receipt:
    """The table of H142."""
    status = answer.status
    if 200 <= status < 300:
        return Sent(provider_ids=_names(answer.body))
    if status == GONE:
        return Refused(reason=f"gone: the ticket system wants no more tickets at this address (HTTP {GONE})")
    if status == BUSY or status >= 500:
        return _later(f"HTTP {status}", tries, _named_wait_s(answer.retry_after, now))
    if 300 <= status < 400:
        return Refused(reason=f"HTTP {status}: redirects are not followed")
    return Refused(reason=f"HTTP {status}")


def _later(reason: str, tries: int, named_s: float = 0.0) -> Retry | Refused:
    if tries >= len(RETRY_AFTER_S):
        return Refused(reason=f"given up after {tries + 1} tries: {reason}")
    return Retry(reason=reason, after_s=max(RETRY_AFTER_S[tries], named_s))


def _named_wait_s(text: str, now: datetime) -> float:
    """Seconds, or a date (RFC 9110, Retry-After); 0 for anything else."""
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    wait_s = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    return min(max(wait_s, 0.0), LONGEST_WAIT_S)


def _names(body: bytes) -> tuple[str, ...]:
    """The ticket's address, else its id, where the answer is a JSON object with one that can be shown."""
    if len(body) > MAX_ANSWER_BYTES:
        return ()
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ()
    if not isinstance(told, dict):
        return ()
    url, id = told.get("url"), told.get("id")
    if isinstance(url, str) and _ADDRESS.fullmatch(url):
        return (url,)
    if isinstance(id, str | int) and not isinstance(id, bool) and _NUMBER.fullmatch(str(id)):
        return (str(id),)
    return ()
