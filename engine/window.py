"""The window: how much of the talk is kept for a model and for whoever takes over (S17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from engine.book import Book
from engine.conversation import Conversation, Spoken
from engine.flow import Window
from engine.frame import Frame, FrameKind

MOST_CHARS = 400
"""Of one message."""
LEAST = 5
"""Messages kept while a person has the conversation; a longer window stays as long as it is."""
CUSTOMER = "customer"


def window_of(book: Book, frame: Frame | None) -> Window:
    """How much is kept while this run is active: its flow's own, else the desk's."""
    flow = book.version(frame.version) if frame is not None else None
    return (flow and flow.definition.window) or book.desk.window


def kept(spoken: Sequence[Spoken], window: Window) -> tuple[Spoken, ...]:
    """The newest messages, or those of the newest turns; a turn begins where the customer speaks after others."""
    if window.messages is not None:
        return tuple(spoken[-window.messages :])
    first, turns = len(spoken), 0
    while first > 0 and turns < (window.turns or 0):
        first -= 1
        begins = spoken[first].who == CUSTOMER and (first == 0 or spoken[first - 1].who != CUSTOMER)
        turns += begins
    return tuple(spoken[first:])


def labelled(spoken: Sequence[Spoken], before: Conversation, after: Sequence[Frame]) -> Sequence[Spoken]:
    """The messages, with those of the turn that led from `before` to the runs `after` under the interruption they
    belong to (S28)."""
    if len(before.stack) < 2 and len(after) < 2:
        return spoken
    was, now = _aside(before.stack), _aside(after)
    begun = bool(now) and all(frame.run != now for frame in before.stack)
    said, old = {CUSTOMER: now if begun else was}, len(before.window)
    return [*spoken[:old], *(replace(one, aside=said.get(one.who, now)) for one in spoken[old:])]


def without_asides(spoken: Iterable[Spoken], runs: Iterable[Frame]) -> list[Spoken]:
    """The messages without those of interruptions that are over."""
    here = {"", *(frame.run for frame in runs)}
    return [one for one in spoken if one.aside in here]


def words_of(who: str, text: str) -> Spoken:
    """One message as the window keeps it."""
    return Spoken(who=who, text=text[:MOST_CHARS])


def _aside(runs: Sequence[Frame]) -> str:
    """The topmost run that interrupts another one."""
    return next((frame.run for frame in reversed(runs[1:]) if frame.kind is FrameKind.INTERRUPT), "")
