"""What the page may see of a conversation: its state, values with their sources, the last turn's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.web import conversation_of
from engine.book import Book
from engine.conversation import Conversation
from engine.flow import FlowDef, SlotDef, SlotType
from engine.frame import Ended, Frame, Slot
from engine.machine import Compiled
from engine.notes import Notes
from engine.store import Mailbox, Records
from gateway.past import recent
from gateway.rows import is_result, read_conversation
from handoff.case import Owner
from handoff.sitting import case_in

LOOK_BACK = 10
"""Turns of the journal that are looked at: more than any chain of calls and their results."""


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
        turns = await recent(self._records, conversation.id, turns=LOOK_BACK)
        return {
            "flow": run.flow if run else None,
            "title": flow.definition.title if flow else "",
            "state": run.state if run else None,
            "path": _path(run),
            "slots": _slots(flow, run.slots) if flow and run else [],
            "facts": [{"name": name, "value": value} for name, value in run.facts.items()] if run else [],
            "rules": _rules(turns),
            "pending": _awaited(conversation),
            "outcome": conversation.ended.outcome if conversation.ended and not conversation.stack else None,
            "owner": conversation.owner,
            "agent": _agent(conversation),
            "stack": [frame.flow for frame in reversed(conversation.stack)],
            "turn": conversation.turn,
            "phase": next((notes.phase for notes in reversed(turns) if notes.phase), None),
        }

    def _flow_of(self, run: Frame | Ended | None) -> Compiled | None:
        if isinstance(run, Frame):
            return self._book.version(run.version) or self._book.current(run.flow)
        return self._book.current(run.flow) if run else None


def _agent(conversation: Conversation) -> str | None:
    """Who of the desk answers the customer, by the name they were told (H48)."""
    case = case_in(conversation)
    return case.claimed_by.alias if case and case.claimed_by and case.owner is Owner.AGENT else None


def _rules(recent: Sequence[Notes]) -> list[str]:
    """The rules of the last turn that somebody began, and of the turns that brought what came of its calls."""
    rules: list[str] = []
    for notes in reversed(recent):
        rules = [*notes.rules, *rules]
        if not all(map(is_result, notes.events)):
            break
    return list(dict.fromkeys(rules))


def _awaited(conversation: Conversation) -> str | None:
    """What must come for the conversation to go on: a system question's answer, a call's result, a slot's value."""
    if conversation.pending is not None:
        return conversation.pending.kind
    if conversation.waiting is not None:
        return conversation.waiting.action
    return conversation.question.slot if conversation.question is not None else None


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
                "shown": _shown(definition, value),
                "source": held.source if held else None,
                "state": held.state if held else "empty",
            }
        )
    return shown


def _shown(definition: SlotDef, value: Any) -> str | None:
    """How an enum's key reads; None where a value reads as it is stored."""
    if definition.type is not SlotType.ENUM or not isinstance(value, str):
        return None
    return definition.choices.get(value, value.replace("_", " "))
