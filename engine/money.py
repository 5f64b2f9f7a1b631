"""Amounts of money: how an amount is stored, compared and shown."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import total_ordering
from typing import Any

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_PARTS = frozenset({"amount", "currency"})
_NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})
"""Currencies without a minor unit. Source: ISO 4217."""
_THREE_DECIMALS = frozenset({"BHD", "KWD", "OMR", "TND", "JOD"})


def decimals(currency: str) -> int:
    """Digits after the point of a currency's amounts (ISO 4217)."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def amount_json(number: Decimal | str | float, currency: str) -> dict[str, str]:
    """The canonical amount: `{"amount": "79.99", "currency": "USD"}` with the currency's decimals.

    Raises ValueError when `number` is not a finite number.
    """
    try:
        exact = Decimal(str(number))
        text = f"{exact:.{decimals(currency)}f}"
    except InvalidOperation as wrong:
        raise ValueError(f"{number!r} is not an amount") from wrong
    if not exact.is_finite():
        raise ValueError(f"{number!r} is not an amount")
    return {"amount": text, "currency": currency}


def is_amount(value: Any) -> bool:
    """Does this JSON value have the shape of a canonical amount?"""
    return isinstance(value, dict) and value.keys() == _PARTS


@total_ordering
class Money:
    """An amount as templates and conditions see it: shows as `$79.99`, compares with a bare number (S2).

    Two currencies never compare: ordering raises ValueError, which makes a condition false; they are never equal.
    """

    __slots__ = ("amount", "currency")

    def __init__(self, amount: str, currency: str) -> None:
        self.amount = Decimal(amount)
        self.currency = currency

    def __str__(self) -> str:
        figure = f"{self.amount:,.{decimals(self.currency)}f}"
        symbol = _SYMBOLS.get(self.currency)
        return f"{symbol}{figure}" if symbol else f"{figure} {self.currency}"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Money):
            return (self.currency, self.amount) == (other.currency, other.amount)
        return isinstance(other, int | float | Decimal) and self.amount == Decimal(str(other))

    def __lt__(self, other: object) -> bool:
        return self.amount < self._comparable(other)

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def _comparable(self, other: object) -> Decimal:
        if isinstance(other, Money):
            if other.currency != self.currency:
                raise ValueError(f"{self.currency} and {other.currency} do not compare")
            return other.amount
        if isinstance(other, int | float | Decimal):
            return Decimal(str(other))
        raise ValueError(f"an amount does not compare with {type(other).__name__}")
