"""The clock port: the machine's own time, or a test's that can be moved forward."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from engine.errors import SettingsError


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """The aware UTC time now."""
        return datetime.now(UTC)


class TestClock:
    """Starts at a given time, runs at real speed, and can be moved forward (FRONTDESK_CLOCK, X15).

    Timers, expiries and signature age follow it; leases never do (F22). Safe to read from any thread.
    """

    __test__ = False  # pytest would take the name for a test

    def __init__(self, start: datetime, *, real: Callable[[], float] = time.monotonic) -> None:
        self._start = start.astimezone(UTC)
        self._real = real
        self._began = real()

    @classmethod
    def parse(cls, text: str) -> TestClock:
        """A clock that starts at an ISO time; one without a zone is UTC. Raises SettingsError."""
        try:
            start = datetime.fromisoformat(text.strip())
        except ValueError:
            raise SettingsError(
                f"FRONTDESK_CLOCK is {text!r}; it must be an ISO time such as 2026-03-01T09:00:00Z"
            ) from None
        return cls(start if start.tzinfo else start.replace(tzinfo=UTC))

    def now(self) -> datetime:
        """The aware UTC time now."""
        return self._start + timedelta(seconds=self._real() - self._began)

    def advance(self, seconds: float) -> datetime:
        """Move the time forward and give it. Raises ValueError for what is not forward (time never runs back)."""
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"advance_s is {seconds}; it must be a number of seconds, 0 or more")
        self._start += timedelta(seconds=seconds)
        return self.now()
