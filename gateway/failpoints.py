"""Places where a test kills, stops or breaks the process (spec/reliability.md section 3)."""

from __future__ import annotations

import os
import re
import signal
from enum import StrEnum

from engine.errors import SettingsError
from engine.ports import Failpoints

PLACES = (
    "received",
    "accepted",
    "claimed",
    "understood",
    "before_action",
    "after_action",
    "before_commit",
    "after_commit",
    "before_send",
    "after_send",
    "before_settle",
)

_SYNTAX = re.compile(r"(?P<place>[a-z_]+)(?:@(?P<visit>[1-9][0-9]{0,8}))?(?::(?P<fate>stop|raise))?")


class Fate(StrEnum):
    """What happens at an armed place."""

    KILL = "kill"
    STOP = "stop"
    RAISE = "raise"


class FailpointRaised(RuntimeError):
    """What `name:raise` raises: a stranger's fault on purpose, so nothing of ours catches it by name."""


class Disarmed:
    """No place is armed: `reach` does nothing."""

    def reach(self, name: str) -> None:
        """Go on."""


class Armed:
    """One place is armed, for one visit."""

    def __init__(self, place: str, *, visit: int = 1, fate: Fate = Fate.KILL) -> None:
        self.place, self.visit, self.fate = place, visit, fate
        self._left = visit

    def reach(self, name: str) -> None:
        """Count a visit to `name`; at the armed one SIGKILL or SIGSTOP this process, or raise FailpointRaised."""
        if name != self.place:
            return
        self._left -= 1
        if self._left != 0:
            return
        match self.fate:
            case Fate.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            case Fate.STOP:
                os.kill(os.getpid(), signal.SIGSTOP)
            case Fate.RAISE:
                raise FailpointRaised(f"failpoint {name!r}, visit {self.visit}")


def parse(value: str | None) -> Failpoints:
    """FRONTDESK_FAILPOINT as `name`, `name@n`, `name:stop` or `name:raise` (`name@n:stop` too); unset arms nothing.

    Raises SettingsError for an unknown name or other syntax. That it is set in a test environment only is a matter
    of the settings (X15).
    """
    if not value:
        return Disarmed()
    found = _SYNTAX.fullmatch(value)
    if found is None or found["place"] not in PLACES:
        raise SettingsError(
            f"FRONTDESK_FAILPOINT is {value!r}; it must be one of {', '.join(PLACES)}, "
            "perhaps followed by @n for the n-th time, and by :stop or :raise"
        )
    return Armed(found["place"], visit=int(found["visit"] or 1), fate=Fate(found["fate"] or "kill"))
