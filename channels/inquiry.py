"""One question to a provider's API, as an operator's command asks it: no SDK, no second try, no secret in an error."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.util import find_spec

import aiohttp

from channels.base import Finding
from channels.payload import Json, decoded

ASK_WITHIN_S = 4.5
"""For a whole question: less than a check may take, so that the reason is told and not only the time."""
MAX_ANSWER_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came back, whatever its status; `body` is {} where it was no JSON object."""

    status: int
    headers: Mapping[str, str]
    body: Json

    @property
    def at(self) -> datetime | None:
        """Their time when they answered, to a second; None where they did not say."""
        try:
            at = parsedate_to_datetime(self.headers.get("Date", ""))
        except ValueError:
            return None
        return at if at.tzinfo else None


class NoAnswer(Exception):
    """Nobody answered. The words say why, and never what was asked: an address may hold a token (C16)."""


async def ask(
    http: aiohttp.ClientSession,
    url: str,
    *,
    json: Json | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answered:
    """Post `json` or `form`, or get, and read the answer, following nobody elsewhere. Raises NoAnswer only."""
    method = "GET" if json is None and form is None else "POST"
    try:
        async with (
            asyncio.timeout(ASK_WITHIN_S),
            http.request(method, url, json=json, data=form, headers=headers, allow_redirects=False) as response,
        ):
            body = decoded(await response.content.read(MAX_ANSWER_BYTES))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise NoAnswer(_why(error)) from None
    return Answered(
        status=response.status,
        headers=response.headers,
        body=body if isinstance(body, dict) else {},
    )


def library(what: str, name: str, extra: str) -> Finding:
    """Is the channel's SDK installed? It is not loaded for that (C3)."""
    if find_spec(name):
        return Finding.ok(what, f"{name} is installed")
    return Finding.failed(
        what,
        f"{name} is not installed, so `serve` cannot open this channel",
        f"start it with `make run`, or install it: pip install '.[{extra}]'",
    )


def _why(error: Exception) -> str:
    match error:
        case TimeoutError():
            return f"no answer within {ASK_WITHIN_S:g} s"
        case aiohttp.ClientSSLError():
            return "its TLS certificate is not trusted, or it speaks no TLS"
        case aiohttp.ClientConnectorDNSError():
            return "its name is not known here"
        case aiohttp.ClientConnectorError():
            return "the connection was refused"
        case _:
            return f"the connection broke ({type(error).__name__})"
