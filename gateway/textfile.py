"""A file of a flow folder as text."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Problem


def read_text(file: Path) -> str | Problem:
    """What stands in it, or why that cannot be read and where it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        what, remedy = "this file is not UTF-8 text", "save it as UTF-8"
    except OSError as error:
        line, what, remedy = 1, f"this file cannot be read: {error.strerror}", "mend its place or permissions"
    return Problem(file=str(file), line=line, key="(file)", what=what, remedy=remedy, lint="unreadable")
