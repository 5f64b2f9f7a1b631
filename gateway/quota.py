"""How often somebody may do something: at most so many in any window, per key, in this process."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from engine.ports import Clock


class Quota:
    """At most `limit` in any `window` for each key. Keys that fell silent are forgotten, so it cannot grow unseen."""

    def __init__(self, limit: int, window: timedelta, clock: Clock) -> None:
        self._limit = limit
        self._window = window
        self._clock = clock
        self._taken: OrderedDict[str, deque[datetime]] = OrderedDict()
        """Key -> times, both oldest first."""

    def take(self, key: str) -> float:
        """0.0 when one more was granted; else the seconds to wait, and nothing was taken."""
        now = self._clock.now()
        self._forget(now - self._window)
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= now - self._window:
            taken.popleft()
        if len(taken) >= self._limit:
            return (taken[0] + self._window - now).total_seconds()
        taken.append(now)
        self._taken.move_to_end(key)
        return 0.0

    def _forget(self, before: datetime) -> None:
        while self._taken and next(iter(self._taken.values()))[-1] <= before:
            self._taken.popitem(last=False)
