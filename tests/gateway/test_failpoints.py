"""Failpoints: their syntax, and what an armed one does to a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import SettingsError
from gateway.failpoints import PLACES, Armed, Disarmed, FailpointRaised, Fate, parse

ROOT = Path(__file__).parents[2]
WALK = """
from gateway.failpoints import parse
import sys
failpoints = parse(sys.argv[1])
for visit in range(1, 4):
    failpoints.reach("claimed")
    failpoints.reach("before_send")
    print(visit, flush=True)
"""


def walk(value: str) -> subprocess.Popen[str]:
    """A process that comes by two places three times."""
    return subprocess.Popen([sys.executable, "-c", WALK, value], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("suffix", "visit", "fate"),
    [
        ("", 1, Fate.KILL),
        ("@7", 7, Fate.KILL),
        (":stop", 1, Fate.STOP),
        (":raise", 1, Fate.RAISE),
        ("@2:stop", 2, Fate.STOP),
    ],
)
def test_F0_every_place_can_be_armed(place: str, suffix: str, visit: int, fate: Fate) -> None:
    armed = parse(place + suffix)
    assert isinstance(armed, Armed)
    assert (armed.place, armed.visit, armed.fate) == (place, visit, fate)


@pytest.mark.parametrize("value", [None, ""])
def test_F0_nothing_set_arms_nothing(value: str | None) -> None:
    failpoints = parse(value)
    assert isinstance(failpoints, Disarmed)
    for place in PLACES:
        failpoints.reach(place)


@pytest.mark.parametrize(
    "value",
    [
        "nowhere",
        "claimed@0",
        "claimed@",
        "claimed@x",
        "claimed:",
        "claimed:kill",
        "claimed:stop@2",
        "Claimed",
        " claimed",
        "a,b",
    ],
)
def test_F0_what_is_no_place_or_no_syntax_is_a_settings_error(value: str) -> None:
    with pytest.raises(SettingsError, match=r"FRONTDESK_FAILPOINT is .*received.*@n.*:stop"):
        parse(value)


@pytest.mark.parametrize(
    ("value", "seen"), [("claimed", ""), ("before_send", ""), ("claimed@3", "1\n2\n"), ("claimed@4", "1\n2\n3\n")]
)
def test_F0_the_process_is_killed_at_that_visit_and_no_other(value: str, seen: str) -> None:
    with walk(value) as process:
        assert process.stdout is not None
        assert process.stdout.read() == seen
    assert process.returncode == (0 if value.endswith("@4") else -signal.SIGKILL)


def test_F5_a_stopped_process_goes_on_when_it_is_continued() -> None:
    with walk("claimed@2:stop") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        process.send_signal(signal.SIGCONT)
        assert process.stdout.read() == "2\n3\n"
    assert process.returncode == 0


def test_F27_a_raising_place_raises_once() -> None:
    armed = parse("before_commit@2:raise")
    armed.reach("before_commit")
    armed.reach("after_commit")
    with pytest.raises(FailpointRaised, match=r"before_commit.*visit 2"):
        armed.reach("before_commit")
    armed.reach("before_commit")
