"""How people name currencies: ISO codes, symbols and words."""

from __future__ import annotations

import re

from engine.readers.vocabulary import word_set

CODES = word_set(
    """
AED AMD ARS AUD AZN BDT BGN BHD BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DOP EGP ETB EUR GBP GEL GHS GTQ HKD HNL HUF IDR
ILS INR ISK JOD JPY KES KHR KRW KWD KZT LBP LKR MAD MMK MNT MXN MYR NGN NIO NOK NPR NZD OMR PEN PHP PKR PLN PYG QAR RON
RSD RUB SAR SEK SGD THB TND TRY TWD TZS UAH UGX USD UYU UZS VND ZAR ZMW
"""
)
"""Codes read beside a number. Source: ISO 4217, the currencies in wide use."""
_FIXED = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS",
    "₾": "GEL", "₫": "VND", "₮": "MNT", "฿": "THB", "us$": "USD", "a$": "AUD", "c$": "CAD", "ca$": "CAD",
    "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "rm": "MYR", "euro": "EUR", "quid": "GBP", "yen": "JPY",
    "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "ringgit": "MYR", "rouble": "RUB", "ruble": "RUB", "lira": "TRY",
    "shekel": "ILS", "hryvnia": "UAH", "baht": "THB", "zloty": "PLN", "forint": "HUF", "sterling": "GBP",
    "tugrik": "MNT", "lari": "GEL", "won": "KRW", "nt$": "TWD", "mx$": "MXN", "rupiah": "IDR", "naira": "NGN",
    "cedi": "GHS", "rand": "ZAR", "taka": "BDT", "leu": "RON", "lei": "RON", "reais": "BRL",
    "tenge": "KZT", "dong": "VND", "birr": "ETB", "kwacha": "ZMW", "quetzal": "GTQ", "quetzale": "GTQ",
    "guarani": "PYG",
    "boliviano": "BOB", "lempira": "HNL", "cordoba": "NIO", "dram": "AMD", "manat": "AZN", "kyat": "MMK", "riel": "KHR",
    "koruna": "CZK", "koruny": "CZK", "korun": "CZK", "kc": "CZK", "lev": "BGN", "leva": "BGN",
    "som": "UZS",
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
    "shilling": ("KES", "UGX", "TZS"),
    "krona": ("SEK", "ISK"),
    "kronor": ("SEK",),
    "krone": ("NOK", "DKK"),
    "kroner": ("NOK", "DKK"),
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
    "saudi": "SAR", "hong kong": "HKD", "new zealand": "NZD", "taiwan": "TWD", "taiwanese": "TWD", "colombian": "COP",
    "argentine": "ARS", "chilean": "CLP", "philippine": "PHP", "pakistani": "PKR", "indonesian": "IDR",
    "nigerian": "NGN", "kenyan": "KES", "ugandan": "UGX", "tanzanian": "TZS", "south african": "ZAR", "korean": "KRW",
    "south korean": "KRW", "thai": "THB", "russian": "RUB", "ukrainian": "UAH", "brazilian": "BRL", "hungarian": "HUF",
    "romanian": "RON", "bulgarian": "BGN", "moroccan": "MAD", "omani": "OMR", "jordanian": "JOD", "tunisian": "TND",
    "bahraini": "BHD", "dominican": "DOP", "uruguayan": "UYU", "serbian": "RSD", "singaporean": "SGD", "nepali": "NPR",
    "sri lankan": "LKR", "icelandic": "ISK", "peruvian": "PEN", "vietnamese": "VND",
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
