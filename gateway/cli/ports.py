"""Finds a TCP port to listen on."""

from __future__ import annotations

import errno
import socket

import structlog

from engine.errors import SettingsError

DEFAULT_PORT = 8080
TRIES = 20
"""Ports looked at after the default one."""
BACKLOG = 2_048

_log = structlog.get_logger("frontdesk.serve")


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on `port`; without one on the default or, when that is taken, the next free one.

    Port 0 takes any. Raises SettingsError with the remedy.
    """
    if port is not None:
        return _listen(host, port)
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + TRIES):
        try:
            listening = _listen(host, candidate)
        except PortTaken:
            continue
        if candidate != DEFAULT_PORT:
            _log.warning(f"port {DEFAULT_PORT} is taken; using {candidate}")
        return listening
    raise SettingsError(f"ports {DEFAULT_PORT} to {DEFAULT_PORT + TRIES - 1} on {host} are taken; name one with --port")


class PortTaken(SettingsError):
    """Somebody listens there already."""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"port {port} on {host} is taken; stop what uses it or name another with --port") from None
        raise SettingsError(f"cannot listen on {host}, port {port} ({error.strerror}); see --host and --port") from None
