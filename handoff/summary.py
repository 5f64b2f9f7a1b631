"""The summary of a case, written by code from its facts; the same facts give the same document (H70-H73)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import blake2b

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from engine.conversation import Conversation
from engine.flow import StateKind
from engine.frame import Frame
from engine.readers.injections import instructs
from handoff.case import Case, CaseState, Thread
from handoff.document import (
    ExperimentPart,
    FlowFrame,
    FlowPart,
    Ids,
    Links,
    Privacy,
    Safety,
    Sla,
    SlackIds,
    Summary,
    TicketIds,
    Timing,
    Versions,
    canonical,
)
from handoff.evidence import FactPart, SlotPart
from handoff.facts import CaseFacts, Customer, Said
from handoff.findings import attempt_parts, fact_parts
from handoff.fitting import MAX_BYTES, clipped, fitted
from handoff.moves import Trigger
from handoff.narrative import Recorded, narrative_of
from handoff.people import conversation_part, customer_part, reference, sentiment_part
from handoff.proof import faults
from handoff.reasons import priority_part, trigger_part
from handoff.redaction import VERSION, Hook, redact
from handoff.shown import slug
from handoff.statements import Retold
from handoff.ticket import create_key
from handoff.timers import due_times
from handoff.transcript import LINK, cut, tail_of
from handoff.values import Sheet, slot_parts
from handoff.verifying import with_retold

_HASH_DIGITS = 12
_THREAD = re.compile(r"[0-9]{10}\.[0-9]{6}")
_ADDRESSES = {"phone": "phone", "email": "email"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A summary that may be stored and shown. `replaced` says what was wrong with the full one, in whose place the
    smallest stands: to be counted (H70)."""

    summary: Summary
    replaced: tuple[str, ...] = ()


def build_summary(facts: CaseFacts, hook: Hook | None = None, *, max_bytes: int = MAX_BYTES) -> Written:
    """The summary of `facts`, valid and within `max_bytes` where leaving out old messages and attempts can do it.

    `hook` masks free text; without one everything of `handoff/redaction.py` is masked. Never raises for what a
    customer wrote or a flow holds.
    """
    masking = hook or partial(redact, region=facts.region)
    summary = fitted(_document(facts, masking), max_bytes)
    if facts.case.retold is not None:
        summary = _retold(summary, facts.case.retold, max_bytes)
    wrong = faults(summary)
    if wrong:
        slim = fitted(clipped(summary), max_bytes)
        if not faults(slim):
            return Written(summary=slim)
        return Written(summary=_document(_bare(facts), redact), replaced=tuple(wrong))
    return Written(summary=summary)


def _retold(summary: Summary, retold: Retold, max_bytes: int) -> Summary:
    """In a model's words, where those pass in this very document (H75)."""
    told = with_retold(summary, retold)
    return summary if len(canonical(told)) > max_bytes or faults(told) else told


def _bare(facts: CaseFacts) -> CaseFacts:
    """Facts for the smallest summary: that there is a case, why, and where to look."""
    line = Said(turn=0, at=facts.case.opened_at, who="system", text="The conversation stands in the console.")
    return replace(
        facts,
        case=replace(facts.case, fired=()),
        conversation=Conversation(id=facts.conversation.id),
        transcript=(line,),
        attempts=(),
        customer=Customer(language=facts.customer.language, opted_out=facts.customer.opted_out),
        mood=None,
        console_url="",
    )


def _document(facts: CaseFacts, hook: Hook) -> Summary:
    tail = tail_of(facts, hook)
    sheet = Sheet(facts=facts, tail=tail, hook=hook)
    attempts = attempt_parts(sheet)
    slots = slot_parts(sheet)
    found = fact_parts(sheet, attempts)
    trigger = trigger_part(sheet, slots, attempts)
    flow = _flow_part(facts, slots)
    case = facts.case
    recorded = Recorded(facts=facts, trigger=trigger, flow=flow, slots=slots, attempts=attempts, newest=tail.newest)
    return Summary(
        handoff_id=case.id,
        revision=case.revision,
        created_at=facts.now,
        conversation=conversation_part(sheet),
        trigger=trigger,
        priority=priority_part(sheet),
        queue=slug(case.queue or "default"),
        flow=flow,
        slots=slots,
        facts=found,
        attempts=attempts,
        customer=customer_part(sheet),
        sentiment=sentiment_part(sheet),
        messages=tail.messages,
        narrative=narrative_of(recorded),
        privacy=_privacy(sheet, slots, found),
        safety=_safety(sheet),
        experiments=tuple(
            ExperimentPart(experiment=slug(name), variant=cut(variant, 40)) for name, variant in facts.experiments[:10]
        ),
        versions=Versions(gateway=cut(facts.gateway_version, 64), flow_definitions=_hash(facts.definitions)),
        timing=_timing(facts),
        links=_links(facts),
        ids=_ids(facts),
    )


def _flow_part(facts: CaseFacts, slots: tuple[SlotPart, ...]) -> FlowPart:
    frames = [frame for frame in facts.conversation.stack if frame.version in facts.flows]
    active = facts.conversation.top if frames and facts.conversation.top is frames[-1] else None
    required = [slot for slot in slots if slot.required]
    resumable = active is not None and facts.flows[active.version].state(active.state).kind is StateKind.ASK
    heard = facts.conversation.heard_at
    expires = timedelta(seconds=facts.flows[active.version].definition.expires_after_s) if active else timedelta()
    return FlowPart(
        active=_frame(facts, active) if active else None,
        stack=tuple(_frame(facts, frame) for frame in frames if frame is not active)[-8:],
        required_slots=len(required),
        filled_slots=sum(slot.status == "filled" for slot in required),
        resumable=resumable,
        resume_expires_at=heard + expires if resumable and heard else None,
    )


def _frame(facts: CaseFacts, frame: Frame) -> FlowFrame:
    flow = facts.flows[frame.version]
    state = flow.state(frame.state)
    label = state.title or frame.state.replace("_", " ")
    own = flow.slot(state.slot).retries if state.slot else None
    return FlowFrame(
        flow=slug(frame.flow),
        version=_hash(frame.version),
        run=reference(frame.run),
        state=slug(frame.state),
        title=cut(flow.definition.title, 120),
        state_label=cut(label[:1].upper() + label[1:], 120),
        retries_used=frame.tries,
        retries_allowed=own or flow.definition.retries or facts.retries,
    )


def _privacy(sheet: Sheet, slots: tuple[SlotPart, ...], found: tuple[FactPart, ...]) -> Privacy:
    customer = sheet.facts.customer
    classes = set(sheet.tail.classes)
    classes |= {slot.pii_class for slot in slots if slot.pii_class and slot.value_masked is not UNSET}
    classes |= {fact.pii_class for fact in found if fact.pii_class}
    classes |= {_ADDRESSES.get(one.kind, "other") for one in customer.contacts}
    classes |= {"name"} if customer.display_name else set()
    return Privacy(
        pii_classes=tuple(sorted(classes)),
        mode="masked",
        redaction_version=VERSION,
        reveal="agent_on_click_audited" if customer.contacts else "none",
    )


def _safety(sheet: Sheet) -> Safety:
    theirs = [message.text for message in sheet.tail.messages if message.who == "customer"]
    alert = sheet.facts.alert
    return Safety(
        injection_suspected=alert.injection or any(map(instructs, theirs)),
        contains_links=any(LINK.search(text) for text in theirs),
        abuse=alert.abuse,
        self_harm_or_emergency=alert.emergency,
    )


def _timing(facts: CaseFacts) -> Timing:
    """The clocks as they were set when the case last came into a queue. Nobody can claim what has expired: a claim
    due only after the expiry (a weekend lies between) is shown as due with it."""
    case, hours = facts.case, facts.policy.hours
    opens = hours.next_opening(case.queued_at)
    closed = opens > case.queued_at
    waiting = CaseState.PARKED if closed and case.queued_at == case.opened_at else CaseState.QUEUED
    due = due_times(waiting, case.queued_at, facts.policy)
    claim_by, expires_at = due[Trigger.CLAIM_DUE], due[Trigger.EXPIRY_DUE]
    first_reply_by = hours.after(claim_by, facts.policy.first_reply_sla_s)
    sla = Sla(claim_by=min(claim_by, expires_at), first_reply_by=min(first_reply_by, expires_at), expires_at=expires_at)
    return Timing(
        triggered_at=case.opened_at,
        queued_at=case.queued_at,
        business_hours=not closed,
        next_open_at=opens if closed else None,
        bot_time_s=max(0.0, (case.opened_at - facts.started_at).total_seconds()),
        sla=sla,
    )


def _links(facts: CaseFacts) -> Links:
    url = facts.console_url
    ticket = facts.case.ticket
    return Links(
        console=url if url.startswith(("http://", "https://")) and len(url) <= 500 else UNSET,
        ticket=ticket if ticket.startswith(("http://", "https://")) and len(ticket) <= 500 else UNSET,
    )


def _ids(facts: CaseFacts) -> Ids:
    case = facts.case
    return Ids(
        trace_id=facts.trace_id or blake2b(case.id.encode(), digest_size=16).hexdigest(),
        previous_handoff_id=case.previous_id or None,
        slack=_slack(case.threads[-1]) if case.threads else UNSET,
        ticket=_ticket(facts, case),
    )


def _slack(thread: Thread) -> SlackIds:
    ts = thread.ts if _THREAD.fullmatch(thread.ts) else UNSET
    return SlackIds(team_id=thread.team[:20], channel_id=thread.channel[:20], thread_ts=ts)


def _ticket(facts: CaseFacts, case: Case) -> TicketIds | UnsetType:
    if not (facts.ticket_system and case.ticketed):
        return UNSET
    external = case.ticket if case.ticket and "://" not in case.ticket else None
    return TicketIds(
        system=slug(facts.ticket_system)[:32],
        idempotency_key=create_key(case.id),
        external_id=external[:80] if external else None,
    )


def _hash(digits: str) -> str:
    """The first digits of a hash: as few as identify it, and too few to be taken for a card number."""
    return "sha256:" + digits.removeprefix("sha256:")[:_HASH_DIGITS]
