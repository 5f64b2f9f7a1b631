"""The clocks: what they say, and how a test moves them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import SettingsError
from engine.ports import Clock
from gateway.clock import SystemClock, TestClock

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_F22_the_system_clock_gives_aware_utc_time() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_X15_a_test_clock_starts_at_its_time_and_runs_at_real_speed() -> None:
    real_s = [500.0]
    clock = TestClock(START, real=lambda: real_s[0])
    assert clock.now() == START
    real_s[0] += 1.5
    assert clock.now() == START + timedelta(seconds=1.5)


def test_X15_advance_moves_it_forward_at_once_and_adds_up() -> None:
    clock = TestClock(START, real=lambda: 0.0)
    assert clock.advance(3600) == START + timedelta(hours=1)
    clock.advance(0.5)
    assert clock.now() == START + timedelta(hours=1, seconds=0.5)


def test_X15_a_test_clock_runs_by_itself() -> None:
    clock = TestClock(START)
    first = clock.now()
    assert START <= first <= clock.now()


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_X15_time_never_runs_back(seconds: float) -> None:
    clock = TestClock(START, real=lambda: 0.0)
    with pytest.raises(ValueError, match="0 or more"):
        clock.advance(seconds)
    assert clock.now() == START


@pytest.mark.parametrize(
    "text", ["2026-03-01T09:00:00Z", "2026-03-01T09:00", " 2026-03-01T11:00:00+02:00 ", "2026-03-01 09:00:00+00:00"]
)
def test_X15_a_test_clock_is_read_from_an_iso_time(text: str) -> None:
    assert timedelta(0) <= TestClock.parse(text).now() - START < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "1772355600"])
def test_F39_an_unreadable_time_names_the_setting_and_the_remedy(text: str) -> None:
    with pytest.raises(SettingsError, match=r"FRONTDESK_CLOCK is .*ISO time such as"):
        TestClock.parse(text)
