"""What a reader is told besides the text, and what it gives back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from engine.flow import Json

_COMMA_DECIMALS = frozenset(
    ["cs", "da", "de", "es", "fi", "fr", "id", "it", "nb", "nl", "no", "pl", "pt", "ru", "sv", "tr", "uk"]
)
"""Languages that write 1.234,5. Source: Unicode CLDR, symbols of the default numbering system."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of a message: `now` is aware UTC; the rest are the person's, else the desk's."""

    now: datetime
    timezone: str = "UTC"
    locale: str = "en"
    region: str = "US"
    currency: str = "USD"

    @property
    def here(self) -> datetime:
        """`now` on the person's wall clock, without its zone; an unknown zone counts as UTC."""
        try:
            zone = ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        return self.now.astimezone(zone).replace(tzinfo=None)

    @property
    def language(self) -> str:
        """The locale's language, lower-case: "en" of "en-GB"."""
        return self.locale.replace("_", "-").partition("-")[0].lower()

    @property
    def comma_decimals(self) -> bool:
        """Does the locale write 1.234,5 and not 1,234.5?"""
        return self.language in _COMMA_DECIMALS


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A value, canonical (DESIGN section 7), and where it stands: `text[start:end] == words`.

    `fault` is the sentence why the value breaks a rule of its slot; "" means valid (R19, R20).
    """

    value: Json
    start: int
    end: int
    words: str
    fault: str = ""
