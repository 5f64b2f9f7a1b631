"""Work that agents did outside a turn comes back: remembered as a look-up is, and kept in the run's shared context."""

from __future__ import annotations

from msgspec.structs import replace

from engine.conversation import Waiting
from engine.delegation import Contributions, merged
from engine.draft import Draft
from engine.frame import Found, Frame
from engine.ports import ERROR


def take_work(draft: Draft, frame: Frame, waiting: Waiting, found: Found, given: Contributions) -> Frame:
    """The run with the result of a plan. Going back or correcting asks the agents again only for other inputs (W8);
    where nobody found anything and no edge takes that, R59 says so."""
    state = draft.book.of(frame).state(waiting.state)
    if found.outcome == ERROR and not state.on_error:
        draft.failed = waiting.action
        return frame
    still = {name: count for name, count in frame.failures.items() if name != waiting.action}
    return replace(
        frame,
        lookups=frame.lookups | {waiting.lookup: found},
        failures=still,
        context=merged(frame.context, given, frame.visits[waiting.state]),
    )
