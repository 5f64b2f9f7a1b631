"""How people name currencies: ISO codes, symbols and words."""

from __future__ import annotations

import re

CODES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BHD",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EGP",
        "EUR",
        "GBP",
        "GEL",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JOD",
        "JPY",
        "KES",
        "KRW",
        "KWD",
        "LBP",
        "MAD",
        "MNT",
        "MXN",
        "MYR",
        "NGN",
        "NOK",
        "NZD",
        "OMR",
        "PEN",
        "PHP",
        "PKR",
        "PLN",
        "QAR",
        "RON",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TND",
        "TRY",
        "TWD",
        "UAH",
        "USD",
        "VND",
        "ZAR",
    ]
)
"""Codes read beside a number. Source: ISO 4217, the currencies in wide use."""
_FIXED = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS",
    "₾": "GEL", "₫": "VND", "₮": "MNT", "฿": "THB", "us$": "USD", "a$": "AUD", "c$": "CAD", "ca$": "CAD",
    "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "rm": "MYR", "euro": "EUR", "quid": "GBP", "yen": "JPY",
    "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "ringgit": "MYR", "rouble": "RUB", "ruble": "RUB", "lira": "TRY",
    "shekel": "ILS", "hryvnia": "UAH", "baht": "THB", "zloty": "PLN", "forint": "HUF", "sterling": "GBP",
    "tugrik": "MNT", "lari": "GEL", "won": "KRW",
}  # fmt: skip
_SHARED = {
    "$": ("USD", "AUD", "CAD", "NZD", "HKD", "SGD", "MXN", "TWD", "ARS", "CLP", "COP"),
    "dollar": ("USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD"),
    "buck": ("USD", "AUD", "CAD", "NZD"),
    "pound": ("GBP", "EGP", "LBP"),
    "rupee": ("INR", "PKR"),
    "rs": ("INR", "PKR"),
    "franc": ("CHF",),
    "peso": ("MXN", "ARS", "CLP", "COP", "PHP"),
    "krona": ("SEK",),
    "krone": ("NOK", "DKK"),
    "dirham": ("AED", "MAD"),
    "dinar": ("KWD", "BHD", "JOD", "TND"),
    "rial": ("OMR", "QAR"),
    "riyal": ("SAR", "QAR"),
    "kr": ("SEK", "NOK", "DKK"),
}
"""Words that several currencies share; the first is meant unless the person's own is among them."""
_PEOPLES = {
    "us": "USD", "american": "USD", "canadian": "CAD", "australian": "AUD", "british": "GBP", "malaysia": "MYR",
    "egyptian": "EGP",
    "lebanese": "LBP", "malaysian": "MYR", "indian": "INR", "swiss": "CHF", "turkish": "TRY", "kuwaiti": "KWD",
    "qatari": "QAR", "israeli": "ILS", "mexican": "MXN", "singapore": "SGD", "japanese": "JPY", "chinese": "CNY",
    "swedish": "SEK", "norwegian": "NOK", "danish": "DKK", "czech": "CZK", "polish": "PLN", "emirati": "AED",
}  # fmt: skip
HUNDREDTHS = {"cent": "dollar", "pence": "pound", "penny": "pound", "pennie": "pound", "sen": "ringgit"}
"""Minor units and the word of their major one."""


def currency_of(mark: str, home: str) -> str | None:
    """The ISO code that a mark in lower case stands for ("$", "us dollars", "eur"), or None.

    `home` is the person's currency: it decides what "$" or "pounds" are when they may be its own.
    """
    people, _, noun = mark.strip().rpartition(" ")
    if people in _PEOPLES:
        return _PEOPLES[people]
    single = noun if noun in _FIXED or noun in _SHARED or noun in HUNDREDTHS else noun.removesuffix("s")
    if single in HUNDREDTHS:
        single = HUNDREDTHS[single]
    if single in _SHARED:
        return home if home in _SHARED[single] else _SHARED[single][0]
    if single in _FIXED:
        return _FIXED[single]
    return single.upper() if single.upper() in CODES else None


def mark_pattern() -> str:
    """A regular expression, without groups, of every mark that `currency_of` reads, without plurals."""
    named = sorted({*_FIXED, *_SHARED, *HUNDREDTHS, *(code.lower() for code in CODES)}, key=len, reverse=True)
    return rf"(?:(?:{'|'.join(_PEOPLES)})\s)?(?:{'|'.join(map(re.escape, named))})"
