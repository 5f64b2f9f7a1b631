"""Places in a text: half-open (start, end) pairs, and which of them touch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

Span = tuple[int, int]


class Taken:
    """Parts of a text that are explained already. Asking costs a binary search."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._ends: list[int] = []
        self._starts: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touches(self, start: int, end: int) -> bool:
        """Does any part share a character with `start`..`end`?"""
        at = bisect_left(self._ends, start + 1)
        return at < len(self._starts) and self._starts[at] < end
