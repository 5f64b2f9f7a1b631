"""The web's one catch-all: our own bug costs its request and nothing else, and its trace is written."""

from __future__ import annotations

from types import TracebackType

import structlog

_log = structlog.get_logger("frontdesk.web")


class Mishap:
    """`with Mishap("what failed") as mishap:` keeps any Exception in `mishap.error`; the caller then answers for it.

    Cancelling and stopping go through.
    """

    def __init__(self, what: str, **facts: str) -> None:
        self.error: Exception | None = None
        self._what = what
        self._facts = facts

    def __enter__(self) -> Mishap:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.error = error
        _log.error(self._what, exc_info=error, **self._facts)
        return True
