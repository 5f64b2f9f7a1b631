"""What no log may hold is blacked out, and people are named by a keyed hash (C16, X60, X61)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import quote

MASK = "***"
MAX_CHARS = 500
"""Of one value in a log line: more is a payload, not a fact."""

_PERSON_CHARS = 12
"""Hex digits: among a million people two share a name with a probability of 0.2 %."""

_TOKENS = re.compile(
    r"""
      (?<!\d)\d{5,}:[\w-]{16,}                        # bot tokens, also right behind a word in a path
    | \b(?:xox[a-z]|xapp|sk|SK|whsec)[-_][\w-]{10,}   # Slack, model providers, signed tickets
    | (?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}
    | (?<=://)[^/@\s]+(?=@)                           # user and password in an address
    | \b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}      # long and random-looking
    | [\w.+-]+@[\w-]+\.[\w.-]+                        # e-mail
    | \+\d[\d ()-]{6,}\d                              # international phone numbers
    """,
    re.VERBOSE | re.ASCII,
)


class Mask:
    """Blacks out the given secrets, as written and as they stand in an address, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
        # Longest first: a secret that begins with another must not leave its end behind.
        by_length = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, by_length))) if by_length else None

    def __call__(self, text: str) -> str:
        """The text without secrets, on one line, at most MAX_CHARS long."""
        text = _TOKENS.sub(MASK, self.known(text))
        if not text.isprintable():
            text = text.encode("unicode_escape").decode("ascii")
        return text if len(text) <= MAX_CHARS else text[:MAX_CHARS] + "…"

    def known(self, text: str) -> str:
        """The text without the given secrets; all else stays, for an operator to read and copy."""
        return self._known.sub(MASK, text) if self._known else text


def pseudonym(key: bytes, person: str) -> str:
    """The same short name for the same person under the same key, and no way back (X61)."""
    return "p-" + hmac.new(key, person.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:_PERSON_CHARS]
