"""What one run is asked to do, and how bad the weather is."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.stores.bounds import LEASE_S

STORES = ("sqlite", "redis")


@dataclass(frozen=True, kw_only=True)
class Weather:
    """How often things go wrong outside the gateway, as shares of requests."""

    duplicated: float = 0.05
    """Updates that are delivered once more."""
    send_failed: float = 0.0005
    """Sends that are answered 500 and were not acted on."""
    answer_lost: float = 0.0005
    """Sends that were acted on, and answered 500 or with nothing at all."""
    send_hung: float = 0.00002
    """Sends that are never answered."""
    flood_every_s: float = 8.0
    """Between two 429s: three in ten seconds would stop the whole account, and measure nothing."""
    shop_slow: float = 0.02
    """Calls that the shop takes a while for."""
    shop_slow_s: tuple[float, float] = (0.3, 1.5)
    shop_lost: float = 0.001
    """Calls that were acted on, and answered 500 or with nothing at all."""
    store_lost: float = 0.003
    """Answers of a remote store that are lost, with the connection, after what was asked was done."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One run on `store`, which is one of STORES. `minutes` bounds it whatever happens.

    `lease_s` is the gateway's, for stalls that outlast it. `fault` names a planted fault of tests/chaos/rig/faults.py;
    with "" the gateway runs as an operator starts it.
    """

    store: str = "sqlite"
    messages: int = 1000
    kills: int = 5
    stalls: int = 0
    seed: int = 1
    minutes: float = 30.0
    at_once: int = 64
    thinks_s: float = 0.0
    """Mean time from an answer to the next message."""
    patience_s: float = 60.0
    """For one reply: longer than a stall that outlasts a lease, and what comes after it."""
    people: float = 0.02
    """Conversations that ask for a person on their way."""
    weather: Weather = field(default_factory=Weather)
    lease_s: float = LEASE_S
    fault: str = ""
    most_repeated: float = 0.5
    """Percent of replies that may come twice."""
