"""Logs: one line per fact to stdout, without customers' words, tokens or secrets (C16, X60, X61).

What a line may hold is decided here and not where it is written: plain values only, masked; objects by their type;
errors by their type and place, because the words of a foreign error may quote what a customer wrote.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import date, datetime
from typing import Any, TextIO

import structlog

from engine.errors import FrontdeskError
from gateway.masks import Mask, pseudonym
from gateway.settings import LogFormat, LogLevel, Settings

PEOPLE = frozenset({"conversation", "person", "chat", "address", "sender"})
"""Fields that name somebody: written as a pseudonym."""

SILENT = (
    "aiogram",
    "aiohttp",
    "httpcore",
    "httpx",
    "httpx2",
    "openai",
    "opentelemetry",
    "redis",
    "slack_bolt",
    "slack_sdk",
    "twilio",
    "urllib3",
    "uvicorn.access",
)
"""Libraries that log addresses (Telegram's token is in the path) or whole requests."""

_log = structlog.get_logger("frontdesk")


def start_logs(settings: Settings, *, key: bytes | None = None, out: TextIO | None = None) -> None:
    """Send our logs and those of libraries to `out` (stdout); call it again once the pseudonyms' `key` is known.

    Without a key, PSEUDONYM_KEY counts, else one that lives as long as this process.
    """
    given = settings.pseudonym_key.get_secret_value().encode() if settings.pseudonym_key else None
    target = out or sys.stdout
    render: structlog.types.Processor = structlog.processors.JSONRenderer()
    if settings.log_format is LogFormat.CONSOLE:
        render = structlog.dev.ConsoleRenderer(colors=target.isatty())
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _trace,
            _Plain(Mask(settings.secrets()), key or given or secrets.token_bytes(32)),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Lines(target),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Foreign()]
    root.setLevel(max(level, logging.WARNING))
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def start_quiet_logs(settings: Settings) -> None:
    """For a command whose output is its answer: only errors, on stderr."""
    start_logs(settings.model_copy(update={"log_level": LogLevel.ERROR}), out=sys.stderr)


def unhandled(loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """The event loop's last resort, for `loop.set_exception_handler`: its own would print the error's words."""
    _log.error("unhandled in the event loop", exc_info=context.get("exception"))


class _Plain:
    """Leaves only values that are plain, and masks their text."""

    def __init__(self, mask: Mask, key: bytes) -> None:
        self._mask = mask
        self._key = key

    def __call__(self, _: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: self._field(name, value) for name, value in line.items()}

    def _field(self, name: str, value: object) -> object:
        if name in PEOPLE and value is not None:
            return pseudonym(self._key, str(value))
        return self._value(value)

    def _value(self, value: object) -> object:
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self._mask(value)
            case datetime() | date():
                return value.isoformat()
            case list() | tuple() | set() | frozenset():
                return [self._value(one) for one in value]
            case _:
                return f"<{type(value).__name__}>"


def _trace(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if not isinstance(error, BaseException):
        return line
    line["error"] = type(error).__name__
    if isinstance(error, FrontdeskError):
        line["because"] = str(error)
    places: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)
        places += [type(cause).__name__, *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    line["trace"] = places
    return line


class _Lines:
    """Writes lines; a target that is gone or full costs the line, never the service (F35)."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def msg(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._out.write(line + "\n")
            self._out.flush()

    debug = info = warning = error = critical = exception = msg


class _Foreign(logging.Handler):
    """Libraries' own records. Their arguments are left out: they may quote a request."""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        _log.log(record.levelno, said.strip(), library=record.name, exc_info=record.exc_info)
