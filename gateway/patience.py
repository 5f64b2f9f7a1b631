"""How much of a model a turn may have: so many seconds of waiting over all it asks, and so many tries (F18, X54)."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from engine.model import ModelRequest, Purpose

AT_ONCE = 16
"""Questions of one process that are under way together (X54)."""
TURN_S = 8.0
"""All that one turn may wait for models, whatever it asks them for (F18)."""
LEAST_S = 0.5
"""With less than this left it is not worth asking."""
MOST_TRIES = {Purpose.EXTRACTION: 2}
"""Of one turn, to have its messages read (X54)."""
MOST_TURNS = 1024
"""Remembered at a time; a process holds far fewer conversations."""


@dataclass
class _Had:
    seconds: float = 0.0
    tries: Counter[Purpose] = field(default_factory=Counter)


class Patience:
    """What each turn has had of models so far. Requests that no turn waits for are let by."""

    def __init__(self) -> None:
        self._had: OrderedDict[tuple[str, str], _Had] = OrderedDict()
        """By person and turn, the one that asked last at the end."""

    def left_s(self, request: ModelRequest) -> float:
        """The seconds that its turn may still wait; 0.0 when it has had all it may have."""
        had = self._had.get((request.person, request.turn))
        if had is None or not request.turn:
            return TURN_S
        if had.tries[request.purpose] >= MOST_TRIES.get(request.purpose, had.tries[request.purpose] + 1):
            return 0.0
        left = TURN_S - had.seconds
        return left if left >= LEAST_S else 0.0

    def tried(self, request: ModelRequest, seconds: float) -> None:
        """Its turn waited for one try."""
        if not request.turn:
            return
        key = (request.person, request.turn)
        had = self._had.setdefault(key, _Had())
        had.seconds += seconds
        had.tries[request.purpose] += 1
        self._had.move_to_end(key)
        if len(self._had) > MOST_TURNS:
            self._had.popitem(last=False)
