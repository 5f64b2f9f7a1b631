"""How the desk's work is divided among processes on one store."""

from __future__ import annotations

from enum import Enum

from engine.errors import SettingsError
from gateway.settings import Settings

ALONE = (
    "REDIS_URL is not set; {command} shares its store with other processes, and the embedded one is for one process: "
    "set REDIS_URL for all of them, or run `frontdesk serve`, which works by itself"
)


class Role(Enum):
    """What one process does: `serve` is all of it; `serve --no-worker` and `work` share it."""

    WHOLE = "whole"
    DOORS = "doors"
    WORKERS = "workers"

    @property
    def listens(self) -> bool:
        """Does it hear customers and agents? Only one process may ask a provider for what came."""
        return self is not Role.WORKERS

    @property
    def works(self) -> bool:
        """Does it take turns and send?"""
        return self is not Role.DOORS


def refuse_alone(settings: Settings, command: str) -> None:
    """Raises SettingsError where no other process could share the store."""
    if settings.redis is None:
        raise SettingsError(ALONE.format(command=command))
