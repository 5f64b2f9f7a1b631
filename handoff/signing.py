"""Tickets are signed: Standard Webhooks' secrets, and the three headers that prove where a body comes from (H141).

Source: Standard Webhooks 1.0.0, "Signature scheme" and "Webhook headers".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
LEAST_KEY_BYTES = 24
MOST_KEYS = 2
"""The new one and the old one, while receivers change over."""
REMEDY = "make one with `echo whsec_$(openssl rand -base64 32)`; while rotating write the new one, a comma, the old one"

_BETWEEN = re.compile(r"[\s,]+")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_:-]")


def secrets_in(text: str) -> tuple[str, ...]:
    """The secrets of a text that may hold two, with a comma or blank between; none in an empty one."""
    return tuple(_BETWEEN.split(text)) if text else ()


def signing_keys(text: str) -> tuple[bytes, ...]:
    """The keys of the one secret or the two that `text` holds. Raises ValueError that shows nothing of them."""
    keys = tuple(map(_key, secrets_in(text)))
    if not keys:
        raise ValueError(f"holds no secret; {REMEDY}")
    if len(keys) > MOST_KEYS:
        raise ValueError(f"holds {len(keys)} secrets, and {MOST_KEYS} are the most; {REMEDY}")
    return keys


def webhook_id(row: str) -> str:
    """A row's id as `webhook-id`: the same on every try. Its colons stay; a dot, which would blur where the signed id
    ends, and whatever else is no letter, digit, `_` or `-`, becomes `%` and its code."""
    return _NOT_IN_ID.sub(lambda found: f"%{ord(found[0]):02X}", row)


def signed_headers(id: str, body: bytes, keys: Sequence[bytes], *, at: datetime) -> dict[str, str]:
    """The headers of one try at `at`: `id`, the time, and a signature for each key over all three."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(id, at, body.decode()) for key in keys),
    }


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise ValueError(f"holds something that does not begin with {PREFIX}; {REMEDY}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError(f"holds a secret that is not base64 behind {PREFIX}; {REMEDY}") from None
    if len(key) < LEAST_KEY_BYTES:
        raise ValueError(f"holds a secret of {len(key)} bytes, and {LEAST_KEY_BYTES} are the least; {REMEDY}")
    return key
