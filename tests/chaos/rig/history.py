"""The log of a run: one JSON object a line, as tests/chaos/check_history.py reads it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec

_FLUSHED_S = 1.0


class History:
    """Appends to a file; what was written a second ago is in it, whatever becomes of us."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab")
        self._encode = msgspec.json.Encoder().encode
        self._flushed = 0.0

    def write(self, what: str, **fields: Any) -> None:
        """One thing that happened; without `at`, now."""
        now = time.time()
        self._file.write(self._encode({"what": what, "at": now, **fields}) + b"\n")
        if now - self._flushed > _FLUSHED_S:
            self._file.flush()
            self._flushed = now

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()
