"""What Slack delivers, by webhook or socket: is it genuine, and can it be read (spec/channels.md C55, C10)."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from channels.base import Inbound
from channels.payload import Json, decoded, dict_at, text_at

SIGNATURE_HEADER = "x-slack-signature"
TIMESTAMP_HEADER = "x-slack-request-timestamp"
FRESH_S = 300
"""A signature older than this, or as far ahead, may be a replay (Slack docs: Verifying requests)."""
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"

EVENT, COMMAND, SSL_CHECK = "event_callback", "slash_command", "ssl_check"

_MAX_FIELDS = 100
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One payload as it came, and when: not everything in Slack has a time of its own."""

    payload: Json
    received: datetime

    @property
    def kind(self) -> str:
        """Its `type`; commands and certificate probes have none and get ours."""
        return _kind(self.payload)

    @property
    def team(self) -> str:
        """The workspace it comes from."""
        return text_at(self.payload, "team_id") or text_at(dict_at(self.payload, "team"), "id")


def signed(request: Inbound, secret: bytes, now: datetime) -> bool:
    """Is the v0 signature over the raw body right, and given within FRESH_S of `now`? (C55)"""
    stamp, given = request.header(TIMESTAMP_HEADER), request.header(SIGNATURE_HEADER)
    if not secret or not stamp or not given or not _TIMESTAMP.fullmatch(stamp):
        return False
    mac = hmac.new(secret, b"v0:" + stamp + b":" + request.body, hashlib.sha256).hexdigest()
    right = hmac.compare_digest(given, f"v0={mac}".encode())
    return right and abs(int(now.timestamp()) - int(stamp)) <= FRESH_S


def probes_certificate(request: Inbound) -> bool:
    """Slack looks, unsigned, whether our TLS works; nothing is done for it (C55)."""
    unsigned = not any(name == SIGNATURE_HEADER for name, _ in request.headers)
    return unsigned and request.content_type == FORM_TYPE and b"ssl_check=1" in request.body.split(b"&")


def payload_of(request: Inbound) -> Json | None:
    """The payload of a genuine request; None if it is unreadable (C10)."""
    found = decoded(request.body) if request.content_type == JSON_TYPE else _form(request.body)
    return found if isinstance(found, dict) and readable(found) else None


def readable(payload: Json) -> bool:
    """Does it say what it is and, if an event, which?"""
    if _kind(payload) != EVENT:
        return bool(_kind(payload))
    event = dict_at(payload, "event")
    return all((text_at(event, "type"), text_at(payload, "event_id"), text_at(payload, "team_id")))


def _kind(payload: Json) -> str:
    if kind := text_at(payload, "type"):
        return kind
    if text_at(payload, "command"):
        return COMMAND
    return SSL_CHECK if payload.get("ssl_check") == "1" else ""


def _form(body: bytes) -> object:
    """Interactions are JSON in one field of a form; commands and probes are the form itself."""
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS))
    except ValueError:
        return None
    return decoded(fields["payload"].encode("utf-8", "surrogatepass")) if "payload" in fields else fields
