"""The customer and the way to them, as the summary says it: masked, pseudonymous, with what may be sent (H71)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from handoff.document import (
    Contact,
    ConversationPart,
    CustomerPart,
    HistoryPart,
    MoodMethod,
    ReplyWindow,
    SentimentPart,
    Turns,
)
from handoff.evidence import MoodPoint
from handoff.facts import CaseFacts
from handoff.redaction import masked_contact
from handoff.shown import slug
from handoff.transcript import cut, sound
from handoff.values import Sheet

_CONTACTS = ("phone", "email", "telegram", "slack", "crm")
_TIERS = ("unknown", "standard", "priority", "vip")
_BLOCKED = ("opted_out", "quiet_hours", "blocked_by_customer", "window", "channel_disabled", "unreachable")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HANDOFF = re.compile(r"ho_[0-9A-HJKMNP-TV-Z]{26}")
UNDETERMINED = "und"
"""A language nobody knows. Source: BCP 47."""
_FLAT = 0.1
"""A change of mood below this is none."""


def conversation_part(sheet: Sheet) -> ConversationPart:
    """Where the customer writes, how far the talk has come, what the channel can carry."""
    facts = sheet.facts
    theirs = [said for said in facts.transcript if said.who == "customer"]
    ours = [said for said in facts.transcript if said.who == "bot"]
    last = _last_heard(facts)
    return ConversationPart(
        conversation_id=reference(facts.conversation_ref),
        channel=slug(facts.channel)[:32],
        channel_account=cut(sound(facts.account), 64),
        customer_ref=reference(facts.customer_ref),
        started_at=min(facts.started_at, facts.case.opened_at),
        last_customer_message_at=last,
        turns=Turns(
            customer=len({said.turn for said in theirs}),
            bot=len({said.turn for said in ours}),
            in_topic=facts.conversation.top.turns if facts.conversation.top else 0,
        ),
        reply_window=_reply_window(facts, last),
        capabilities=tuple(_capabilities(facts)),
    )


def customer_part(sheet: Sheet) -> CustomerPart:
    """Who the customer is, without a single address in clear."""
    known = sheet.facts.customer
    tier: Any = known.tier if known.tier in _TIERS else "unknown"
    contacts: list[tuple[Any, str, bool]] = [(one.kind, one.value, one.verified) for one in known.contacts]
    return CustomerPart(
        display_name=cut(sheet.hook(sound(known.display_name)).text, 80) or None,
        language=language(known.language),
        timezone=cut(known.timezone, 64) or None,
        tier=tier,
        returning=known.returning,
        opted_out=known.opted_out,
        contacts=tuple(
            Contact(kind=kind, masked=cut(masked_contact(kind, value), 80), verified=verified)
            for kind, value, verified in contacts[:6]
            if kind in _CONTACTS
        ),
        history=HistoryPart(
            handoffs_90d=known.handoffs_90d,
            flows_completed_90d=known.flows_completed_90d,
            last_handoff_id=known.last_handoff_id if _HANDOFF.fullmatch(known.last_handoff_id) else None,
            last_flow=cut(known.last_flow, 80) or None,
        ),
    )


def sentiment_part(sheet: Sheet) -> SentimentPart:
    """The mood, with the messages it was read from; not available without any of them."""
    mood = sheet.facts.mood
    if mood is None:
        return SentimentPart(available=False, method=MoodMethod(kind="none", version="0"))
    found = [(sheet.tail.of_turn(turn), _score(score)) for turn, score in mood.points[-20:]]
    scores = [_score(score) for _, score in mood.points]
    kind: Any = "model" if mood.kind == "model" else "lexicon"
    return SentimentPart(
        available=True,
        method=MoodMethod(kind=kind, version=cut(mood.version, 64)),
        current=_score(mood.current),
        minimum=min(scores, default=_score(mood.current)),
        trend=_trend(scores),
        points=tuple(MoodPoint(message_id=id, score=score) for id, score in found if id is not None),
    )


def reference(name: str) -> str:
    """A name as the document's ids are."""
    return re.sub(r"[^A-Za-z0-9_:.-]", "_", name)[:80] or "unknown"


def language(tag: str) -> str:
    """A language tag as the document holds it: `de_AT` is `de-AT`; anything else is undetermined."""
    made = tag.replace("_", "-")
    return made if _LANGUAGE.fullmatch(made) else UNDETERMINED


def _last_heard(facts: CaseFacts) -> datetime:
    heard = [said.at for said in facts.transcript if said.who == "customer"]
    return heard[-1] if heard else facts.conversation.heard_at or facts.case.opened_at


def _reply_window(facts: CaseFacts, last: datetime) -> ReplyWindow:
    until = last + timedelta(seconds=facts.limits.window_s) if facts.limits.window_s is not None else None
    blocked: Any = "opted_out" if facts.customer.opted_out else facts.blocked if facts.blocked in _BLOCKED else None
    if blocked is None and until is not None and facts.now > until:
        blocked = "window"
    return ReplyWindow(can_reply_now=blocked is None, until=until, blocked_reason=blocked)


def _capabilities(facts: CaseFacts) -> Iterator[str]:
    limits = facts.limits
    yield "text"
    for name, kinds in (("images", {"photo"}), ("files", {"document"}), ("audio", {"voice", "audio"})):
        if kinds & set(limits.accepts):
            yield name
    if limits.options_native:
        yield "buttons"
    if limits.can_edit:
        yield "edit"
    if limits.delivery_reports:
        yield "delivery_receipts"


def _score(score: float) -> float:
    return round(max(-1.0, min(1.0, score)), 3)


def _trend(scores: list[float]) -> Any:
    """The later half against the earlier one."""
    if len(scores) < 3:
        return "insufficient_data"
    half = len(scores) // 2
    change = sum(scores[-half:]) / half - sum(scores[:half]) / half
    return "flat" if abs(change) < _FLAT else "improving" if change > 0 else "worsening"
