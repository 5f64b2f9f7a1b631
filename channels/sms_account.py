"""Who we are at Twilio: which requests are ours to believe, what sends, and which countries it may reach."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import ModuleType

from engine.errors import SettingsError

NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
"""E.164. Short codes and names are no such number: nobody can be answered there."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """`service` sends where there is one, else the number that was written to. `countries` are ISO 3166 codes; none
    means that of our `number` (C80, C81). Raises SettingsError for a blank token (C9)."""

    sid: str
    token: str = field(repr=False)
    number: str = ""
    service: str = ""
    countries: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.token.strip():
            raise SettingsError("TWILIO_AUTH_TOKEN is blank; copy it from the Twilio console")

    def signature(self, url: str, parameters: Iterable[tuple[str, str]]) -> bytes:
        """What Twilio signs a form with: base64 HMAC-SHA1 over the URL and each distinct name and value, sorted (C70).

        Values are untrimmed, blank ones count; bytes that were not UTF-8 are lone surrogates, and signed as they came.
        """
        said = url + "".join(name + value for name, value in sorted(set(parameters)))
        mac = hmac.new(self.token.encode(), said.encode("utf-8", "surrogateescape"), hashlib.sha1)
        return base64.b64encode(mac.digest())

    def account_of(self, ours: str) -> str:
        """The `account` of an address: our messaging service, else the number of ours that was written to (C74)."""
        return self.service or ours or self.number

    def may_write_to(self, chat: str) -> bool:
        """Is the number in one of our countries? Toll fraud needs a plain number: whatsapp: and rcs: cost no toll."""
        return not NUMBER.fullmatch(chat) or _country(chat) in (self.countries or {_country(self.number)})


def _country(number: str) -> str:
    """ISO 3166 code of an E.164 number; of its calling code where the number alone does not tell."""
    phones = _phonenumbers()
    try:
        parsed = phones.parse(number)
    except phones.NumberParseException:
        return ""
    return str(phones.region_code_for_number(parsed) or phones.region_code_for_country_code(parsed.country_code))


def _phonenumbers() -> ModuleType:
    # Loaded with the first send: its tables take longer to load than everything else here.
    import phonenumbers  # noqa: PLC0415

    module: ModuleType = phonenumbers
    return module
