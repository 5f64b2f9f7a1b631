"""How agents' words find their case: by its thread, or by what their button says; then into its mailbox."""

from __future__ import annotations

import msgspec

from engine.message import Event
from engine.store import Records
from gateway.intake import Intake
from gateway.metrics import Metrics
from handoff import threads
from handoff.asking import by_agent
from handoff.buttons import press_of
from handoff.case import Thread
from handoff.threads import Place


class DeskDoor:
    """An `Intake` before another: an agent's event gets the conversation it belongs to, or is of no use (H22, H41)."""

    def __init__(self, intake: Intake, records: Records, metrics: Metrics) -> None:
        self._intake = intake
        self._records = records
        self._metrics = metrics

    async def take(self, event: Event) -> None:
        """Raises StoreAway."""
        if by_agent(event):
            place = await self._place(event)
            if place is None:
                self._metrics.event(event.kind, "dropped")
                return
            fields = {**event.fields, "case": place.case}
            event = msgspec.structs.replace(event, conversation=place.conversation, fields=fields)
        await self._intake.take(event)

    async def _place(self, event: Event) -> Place | None:
        fields, address = event.fields, event.address
        press = press_of(fields.get("action", ""), fields.get("value") or fields.get("about", ""))
        if press is not None:
            return await threads.of_case(self._records, press.case)
        if address is None:
            return None
        for ts in filter(None, (address.thread, fields.get("message"))):
            thread = Thread(team=address.account, channel=address.chat, ts=ts)
            if place := await threads.of_thread(self._records, thread):
                return place
        return None
