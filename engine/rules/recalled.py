"""Questions about what the customer told: answered from the conversation, then from memory (S5, S11)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.draft import Draft
from engine.flow import SlotDef
from engine.frame import Ended, Frame, SlotState
from engine.heard import Hearing
from engine.machine import Compiled
from engine.readers.words import find_phrase, stems, words
from engine.rules.given import Given
from engine.rules.offtopic import return_to_the_task
from engine.rules.registry import Stage, rule
from engine.views import shown


@rule("R41.said", Stage.ROUTE, 2, given=(Given.QUESTION,))
def what_was_said(draft: Draft, hearing: Hearing) -> bool:
    """ "What was the book I asked about?": the latest value of the slot that is called so."""
    if not hearing.asks_back:
        return False
    said = words(hearing.text)
    for slot, value in _told(draft):
        if find_phrase(said, stems(slot.called)):
            draft.speech.answers.append(draft.line("you_said", label=slot.called, value=shown(value, slot)))
            hearing.values, hearing.routes = [], ()
            return_to_the_task(draft)
            draft.done = draft.explained = True
            return True
    return False


def _told(draft: Draft) -> Iterator[tuple[SlotDef, object]]:
    """What was told: to the active run, to those that wait, to the one that ended last, then to earlier ones."""
    runs: list[tuple[Frame | Ended, Compiled | None]] = [(run, draft.book.of(run)) for run in reversed(draft.stack)]
    if draft.ended is not None:
        runs.append((draft.ended, draft.book.current(draft.ended.flow)))
    for run, flow in runs:
        for name, held in run.slots.items():
            slot = flow.definition.slots.get(name) if flow else None
            if slot is not None and held.state is SlotState.FILLED and not (slot.sensitive or slot.ask_only):
                yield slot, held.value
    for name, kept in draft.memory.values.items() if draft.memory is not None else ():
        flow = draft.book.current(kept.flow)
        slot = flow.definition.slots.get(name) if flow else None
        if slot is not None and not slot.sensitive:
            yield slot, kept.value
