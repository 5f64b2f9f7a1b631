"""I. What was said before is said back: from this conversation, then from memory (S11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.conversation import Slot, SlotState
from engine.draft import Draft
from engine.flow import FlowDef, SlotDef
from engine.heard import Hearing
from engine.readers.words import stems
from engine.rules.given import Given
from engine.rules.offtopic import beside_the_point
from engine.rules.registry import Stage, rule
from engine.views import shown


@rule("S11.asked", Stage.TALK, 10, given=(Given.QUESTION,))
def what_was_it_again(draft: Draft, hearing: Hearing) -> bool:
    """ "What was the book I asked about?": the newest value that is known of it; then the question returns."""
    if not hearing.asks_back:
        return False
    said = frozenset(stems(hearing.text))
    for slot, value in _known(draft):
        if said.issuperset(stems(slot.called)) or said.issuperset(stems(slot.name.replace("_", " "))):
            draft.speech.answers.append(draft.line("told_before", label=slot.called, value=shown(value, slot)))
            beside_the_point(draft, hearing)
            return True
    return False


def _known(draft: Draft) -> Iterator[tuple[SlotDef, object]]:
    """Everything that was said and may be said again, the newest first: of open runs, of the last one, of earlier."""
    for frame in reversed(draft.stack):
        yield from _filled(draft.book.of(frame).definition, frame.slots)
    ended = draft.ended
    flow = draft.book.current(ended.flow) if ended is not None else None
    if ended is not None and flow is not None:
        yield from _filled(flow.definition, ended.slots)
    values = draft.memory.values if draft.memory is not None else {}
    for name, one in values.items():
        flow = draft.book.current(one.flow)
        slot = flow.definition.slots.get(name) if flow is not None else None
        if slot is not None and not slot.sensitive:
            yield slot, one.value


def _filled(flow: FlowDef, slots: Mapping[str, Slot]) -> Iterator[tuple[SlotDef, object]]:
    for name, held in slots.items():
        slot = flow.slots.get(name)
        if slot is not None and held.state is SlotState.FILLED and not (slot.sensitive or slot.ask_only):
            yield slot, held.value
