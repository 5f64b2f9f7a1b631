"""Figures with how sure they are: rates, means and their differences, each with its 95 % interval.

Rates: Wilson's score interval; their difference: Newcombe's, which is made of two of those (Newcombe 1998, method 10).
Means and their difference: the normal one, fit for the hundred values and more that are asked for here.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, fmean, variance

import msgspec

LEVEL = 0.95
_Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of `n` cases, with the interval it lies in."""

    value: float
    low: float
    high: float
    n: int

    @property
    def decided(self) -> bool:
        """Of a difference: does its interval leave out none at all?"""
        return self.low > 0 or self.high < 0


def rate(hits: int, n: int) -> Estimate | None:
    """The share of hits among `n`; None without any."""
    if not n:
        return None
    share, spread = hits / n, _Z * _Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Estimate(value=share, low=max(middle - half, 0.0), high=min(middle + half, 1.0), n=n)


def mean(values: Sequence[float]) -> Estimate | None:
    """The mean of values; None for fewer than two, of which nobody knows how they vary."""
    if len(values) < 2:
        return None
    middle, half = fmean(values), _Z * sqrt(variance(values) / len(values))
    return Estimate(value=middle, low=middle - half, high=middle + half, n=len(values))


def rates_apart(one: Estimate, other: Estimate) -> Estimate:
    """How much greater the first of two rates is."""
    value = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(value=value, low=value - below, high=value + above, n=one.n + other.n)


def means_apart(one: Estimate, other: Estimate) -> Estimate:
    """How much greater the first of two means is."""
    value = one.value - other.value
    half = sqrt((one.high - one.value) ** 2 + (other.high - other.value) ** 2)
    return Estimate(value=value, low=value - half, high=value + half, n=one.n + other.n)
