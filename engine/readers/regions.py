"""Where a locale is from: the region and the money of those who write so, as far as the locale tells."""

from __future__ import annotations

from functools import lru_cache

from engine.readers.vocabulary import word_set

_MOSTLY = {
    "en": "US", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "pt": "BR", "nl": "NL", "pl": "PL", "sv": "SE",
    "da": "DK", "nb": "NO", "no": "NO", "fi": "FI", "cs": "CZ", "hu": "HU", "tr": "TR", "uk": "UA", "ru": "RU",
    "ja": "JP", "ko": "KR", "zh": "CN", "hi": "IN", "he": "IL", "id": "ID", "vi": "VN", "th": "TH", "ro": "RO",
}  # fmt: skip
"""The region a language is most written in. Source: Unicode CLDR, likely subtags."""
_EURO = word_set("AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK")
_MONEY = {
    "US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "CH": "CHF", "LI": "CHF", "SE": "SEK", "NO": "NOK",
    "DK": "DKK", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON", "BG": "BGN", "TR": "TRY", "UA": "UAH", "RU": "RUB",
    "JP": "JPY", "CN": "CNY", "HK": "HKD", "TW": "TWD", "KR": "KRW", "IN": "INR", "PK": "PKR", "SG": "SGD", "MY": "MYR",
    "ID": "IDR", "TH": "THB", "VN": "VND", "PH": "PHP", "IL": "ILS", "AE": "AED", "SA": "SAR", "ZA": "ZAR", "NG": "NGN",
    "KE": "KES", "EG": "EGP", "BR": "BRL", "MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "PE": "PEN", "IS": "ISK",
} | dict.fromkeys(_EURO, "EUR")  # fmt: skip
"""Source: ISO 4217, list one."""


@lru_cache(maxsize=64)
def home_of(locale: str) -> tuple[str, str]:
    """(region, currency) of a locale: "en-GB" is from GB and pays in GBP; the United States where it does not tell."""
    language, *rest = locale.replace("_", "-").split("-")
    named = next((part.upper() for part in rest if len(part) == 2), _MOSTLY.get(language.lower(), "US"))
    return named, _MONEY.get(named, "USD")
