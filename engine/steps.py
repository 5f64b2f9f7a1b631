"""How many questions a task asks on its shortest way to a good end (S32)."""

from __future__ import annotations

from collections import deque

from engine.flow import StateDef, StateKind
from engine.machine import Compiled

GOOD_END = "resolved"


def steps_to_the_end(flow: Compiled) -> int:
    """Questions that must be answered; where no end is a good one, to any. At least 1."""
    ends = [state.name for state in flow.definition.states.values() if state.kind is StateKind.TERMINAL]
    good = [name for name in ends if flow.state(name).outcome == GOOD_END] or ends
    away = _away(flow)
    return max(1, min((away[name] for name in good if name in away), default=1))


def _away(flow: Compiled) -> dict[str, int]:
    """State -> the fewest questions asked on the way to it."""
    first = flow.definition.first
    away = {first: 0}
    waiting = deque([first])
    while waiting:
        state = flow.state(waiting.popleft())
        cost = away[state.name] + _asks(flow, state)
        for target in state.targets():
            if target not in away or cost < away[target]:
                away[target] = cost
                waiting.append(target)
    return away


def _asks(flow: Compiled, state: StateDef) -> int:
    return 1 if state.kind is StateKind.ASK and not flow.slot(state.slot or "").optional else 0
