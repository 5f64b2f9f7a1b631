"""What the page may see of a conversation: its state, values with their sources, the last turn's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from channels.web import conversation_of
from engine.book import Book
from engine.conversation import Conversation, Ended, Frame, Slot
from engine.flow import FlowDef
from engine.machine import Compiled
from engine.ports import Mailbox, Records
from engine.turn import Notes
from gateway.rows import read_conversation


class DeskView:
    """Implements the page's `Desk`: reads only, and only the conversation of the person that asks."""

    def __init__(self, mailbox: Mailbox, records: Records, book: Book, demo: dict[str, Any]) -> None:
        self._mailbox = mailbox
        self._records = records
        self._book = book
        self._demo = demo

    def flow(self, name: str) -> FlowDef | None:
        """A deployed flow by name."""
        compiled = self._book.current(name)
        return compiled.definition if compiled else None

    def flows(self) -> Sequence[FlowDef]:
        """All deployed flows, in the menu's order."""
        return tuple(compiled.definition for compiled in self._book.flows)

    def demo(self) -> dict[str, Any]:
        """Openers and orders worth trying."""
        return self._demo

    async def state_of(self, person: str) -> dict[str, Any] | None:
        """The conversation as JSON; the run that ended last stays in sight until another begins."""
        snapshot = await self._mailbox.peek(conversation_of(person))
        if snapshot is None or not snapshot.state:
            return None
        conversation = read_conversation(snapshot.conversation, snapshot.state)
        run = conversation.top or conversation.ended
        flow = self._flow_of(run)
        return {
            "flow": run.flow if run else None,
            "title": flow.definition.title if flow else "",
            "state": run.state if run else None,
            "path": _path(run),
            "slots": _slots(flow, run.slots) if flow and run else [],
            "facts": [{"name": name, "value": value} for name, value in run.facts.items()] if run else [],
            "rules": await self._rules(conversation),
            "pending": conversation.pending.kind if conversation.pending else None,
            "outcome": conversation.ended.outcome if conversation.ended and not conversation.stack else None,
            "owner": conversation.owner,
            "stack": [frame.flow for frame in reversed(conversation.stack)],
            "turn": conversation.turn,
        }

    def _flow_of(self, run: Frame | Ended | None) -> Compiled | None:
        if isinstance(run, Frame):
            return self._book.version(run.version) or self._book.current(run.flow)
        return self._book.current(run.flow) if run else None

    async def _rules(self, conversation: Conversation) -> list[str]:
        last = await self._records.read("journal", conversation.id, last=1)
        return list(msgspec.json.decode(last[-1].blob, type=Notes).rules) if last else []


def _path(run: Frame | Ended | None) -> list[str]:
    if isinstance(run, Frame):
        return [*run.trail, *run.path]
    return list(run.path) if run else []


def _slots(flow: Compiled, slots: dict[str, Slot]) -> list[dict[str, Any]]:
    """Every declared slot in file order, empty ones too; a sensitive value is not shown."""
    shown = []
    for name, definition in flow.definition.slots.items():
        held = slots.get(name)
        value = held.value if held and not definition.sensitive else None
        shown.append(
            {
                "name": name,
                "label": definition.called,
                "value": value,
                "source": held.source if held else None,
                "state": held.state if held else "empty",
            }
        )
    return shown
