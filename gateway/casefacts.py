"""What a case's summary is written from, gathered from the conversation, its journal and the desk's settings (H71)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version

import msgspec

from engine.conversation import Conversation
from engine.message import Address
from engine.model import Model, Understanding
from engine.notes import Notes
from engine.readers.mood import VERSION
from engine.store import JOURNAL, Grant
from gateway.masks import pseudonym
from gateway.parts import Parts
from gateway.past import recent
from gateway.people import People
from handoff.case import Case
from handoff.facts import CaseFacts, Customer, KnownContact, Mood
from handoff.journal import attempts_of, transcript_of

LOOK_BACK = 60
"""Turns of the journal that a summary is written from: more than the messages and attempts it may hold."""
_VERSION_DIGITS = 16


def narrates(model: Model | None) -> bool:
    """Is there a model that may write of cases (H74)?"""
    return model is not None and model.understanding is not Understanding.RULES


def mood_of(journal: Sequence[Notes]) -> Mood | None:
    """How the customer sounded in the turns of a journal, oldest first; None where none was measured."""
    measured = [(notes.turn, notes.signals) for notes in journal if notes.signals is not None]
    if not measured:
        return None
    points = tuple([(turn, signals.sentiment) for turn, signals in measured])
    return Mood(kind="lexicon", version=VERSION, current=measured[-1][1].mood, points=points)


class CaseFile:
    """Gathers the facts of cases. One per process."""

    def __init__(self, parts: Parts, people: People) -> None:
        self._parts = parts
        self._people = people

    async def facts(
        self, case: Case, conversation: Conversation, notes: Notes, grant: Grant, *, now: datetime
    ) -> CaseFacts:
        """The facts as they stand after the turn of `notes`. May raise StoreAway."""
        parts, people = self._parts, self._people
        journal = [*await recent(parts.records, grant.conversation, turns=LOOK_BACK), notes]
        address = conversation.address
        versions = {frame.version for frame in conversation.stack} | {one.version for one in journal if one.version}
        flows = {name: found for name in versions if name and (found := parts.book.version(name))}
        first = await parts.records.read(JOURNAL, grant.conversation, limit=1)
        began = msgspec.json.decode(first[0].blob, type=Notes).at if first else notes.at
        return CaseFacts(
            case=case,
            conversation=conversation,
            flows=flows,
            transcript=transcript_of(journal, conversation),
            attempts=attempts_of(journal, conversation, flows),
            now=now,
            conversation_ref=pseudonym(people.pseudonym_key, conversation.id).replace("p-", "cv-", 1),
            customer_ref=pseudonym(people.pseudonym_key, address.person if address else conversation.id),
            channel=address.channel if address else "",
            account=address.account if address else "",
            limits=parts.limits(address),
            customer=self._customer(conversation, address),
            mood=mood_of(journal),
            policy=people.policy,
            gateway_version=version("frontdesk"),
            definitions=self._definitions,
            started_at=began,
            ticket_system=people.ticket_system,
            unwritten=case.unwritten or ("" if narrates(parts.model) else "model_off"),
            retries=parts.book.desk.retries,
            experiments=tuple(conversation.variants.items()),
        )

    @cached_property
    def _definitions(self) -> str:
        deployed = "".join(sorted(flow.version for flow in self._parts.book.flows))
        return blake2b(deployed.encode(), digest_size=_VERSION_DIGITS // 2).hexdigest()

    def _customer(self, conversation: Conversation, address: Address | None) -> Customer:
        desk = self._parts.book.desk
        channel = self._parts.channels.get(address.channel) if address else None
        kind = channel.kind.contact if channel else ""
        contacts = (KnownContact(kind=kind, value=address.chat, verified=True),) if kind and address else ()
        return Customer(
            language=desk.locale, timezone=desk.timezone, opted_out=conversation.opted_out, contacts=contacts
        )
