"""A breaker: who fails again and again is left alone for a while, then tried once (S16)."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_FAILURES = 5
OFF_S = 30.0


class Breaker:
    """Open after MOST_FAILURES in a row, for OFF_S seconds of real time; then one try decides."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures = 0
        self._off_until = 0.0

    @property
    def open(self) -> bool:
        """Have there been too many failures since it last worked?"""
        return self._failures >= MOST_FAILURES

    @property
    def resting(self) -> bool:
        """Is it left alone for now? Then nobody need wait to be admitted."""
        return self.open and self._now() < self._off_until

    def admits(self) -> bool:
        """May it be tried now? While it is open, whoever is admitted is alone for OFF_S."""
        if not self.open:
            return True
        if self.resting:
            return False
        self._off_until = self._now() + OFF_S
        return True

    def worked(self) -> None:
        """A try succeeded."""
        self._failures = 0

    def failed(self, *, at_once: bool = False) -> None:
        """A try failed; `at_once` opens it, for who says itself that it takes no more for now."""
        self._failures = max(self._failures + 1, MOST_FAILURES if at_once else 0)
        if self.open:
            self._off_until = self._now() + OFF_S
