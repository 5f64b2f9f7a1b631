"""The card of a case in the desk's channel: Slack's blocks as plain data, within its limits (H60, H78, H79, C62)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from typing import Any

from handoff.buttons import actions_block
from handoff.cardwords import (
    channel_name,
    language_words,
    mood_words,
    state_words,
    step_words,
    tier_words,
    title_of,
    value_words,
    why_words,
)
from handoff.case import Case
from handoff.document import SCHEMA, Summary, sha256
from handoff.evidence import SlotPart
from handoff.markup import escaped, one_line
from handoff.shown import in_words

MAX_HEADER = 150
MAX_SECTION = 3000
MAX_FIELDS = 10
MAX_TEXT = 300
"""Of Slack's blocks, and of the line that phones show. Source: slack_sdk models; H60."""
_FIELD_CHARS = 280
_QUOTE_CHARS = 500
_SENTENCE_CHARS = 330
_LAST = 3


class Size(IntEnum):
    """How much of a card is posted; the next one when Slack refuses it as too large (H64)."""

    FULL = 0
    NO_FIELDS = 1
    PLAIN = 2
    BUTTONS = 3


def card_of(summary: Summary, case: Case, size: Size = Size.FULL) -> dict[str, Any]:
    """The parent message of a case as arguments of `chat.postMessage` and `chat.update`, without channel and ts.

    A closed case has no buttons but those of the verdict, while that is asked for.
    """
    blocks = _closed(summary, case) if not case.open else _open(summary, case, size)
    return {
        "text": notification(summary, case),
        "blocks": [block for block in blocks if block],
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "metadata": metadata(summary, case),
    }


def notification(summary: Summary, case: Case) -> str:
    """What phones show: channel, what, priority; nothing of the customer's (H60)."""
    what = summary.flow.active.title if summary.flow.active else "no task"
    reason = in_words(summary.trigger.primary)
    state = "" if case.open else f" – {state_words(case).lower()}"
    return escaped(one_line(f"{channel_name(summary)}: {what}, {reason} ({summary.priority.level}){state}"), MAX_TEXT)


def metadata(summary: Summary, case: Case) -> dict[str, Any]:
    """Scalars only, by which an echo of our post is known again (H63, H78)."""
    active = summary.flow.active
    live = [fired.code for fired in summary.trigger.fired if fired.mode == "live"]
    payload = {
        "schema": SCHEMA,
        "handoff_id": case.id,
        "revision": summary.revision,
        "version": case.version,
        "conversation_id": summary.conversation.conversation_id,
        "channel": summary.conversation.channel,
        "queue": summary.queue,
        "primary_trigger": summary.trigger.primary,
        "triggers": ",".join(live),
        "priority": summary.priority.level,
        "language": summary.customer.language,
        "flow": active.flow if active else "",
        "state": active.state if active else "",
        "summary_sha256": sha256(summary),
        "trace_id": summary.ids.trace_id,
        "claim_by": _utc(summary.timing.sla.claim_by),
    }
    return {"event_type": "frontdesk_handoff", "event_payload": payload}


def _open(summary: Summary, case: Case, size: Size) -> list[dict[str, Any] | None]:
    if size is Size.BUTTONS:
        return [_section("narrative", escaped(summary.narrative.headline.text, _SENTENCE_CHARS)), actions_block(case)]
    plain = size is Size.PLAIN
    return [
        None if plain else _header(summary),
        _section("narrative", _narrative(summary)),
        None if size is not Size.FULL else _fields(summary, case),
        None if plain else _section("last", "\n".join(_last_messages(summary))),
        actions_block(case),
        None if plain else _context(summary),
    ]


def _closed(summary: Summary, case: Case) -> list[dict[str, Any] | None]:
    lines = [f"*{state_words(case)}*"]
    if case.outcome is not None:
        lines.append(f"Outcome: {in_words(case.outcome)}")
    if case.claimed_by is not None:
        lines.append(f"With {escaped(one_line(case.claimed_by.alias), 80)}")
    if case.verdict is not None:
        lines.append(f"Verdict: {in_words(case.verdict)}")
    elif actions_block(case) is not None:
        lines.append("Was it right to call a person?")
    if case.ticket:
        lines.append(f"Ticket: {escaped(one_line(case.ticket), 200)}")
    return [_header(summary), _section("closed", "\n".join(lines)), actions_block(case), _context(summary)]


def _header(summary: Summary) -> dict[str, Any]:
    parts = (title_of(summary), summary.customer.display_name or "", channel_name(summary))
    text = escaped(one_line(" · ".join(filter(None, parts))), MAX_HEADER)
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _narrative(summary: Summary) -> str:
    told = summary.narrative
    lines = [f"*{_sentence(told.headline.text)}*"]
    lines += [f"• {_sentence(one.text)}" for one in (*told.situation, *told.tried)]
    ends = []
    if told.open_question:
        ends.append(f"*Open question:* {_sentence(told.open_question.text)}")
    if told.suggested_next_action:
        ends.append(f"*Suggested:* {_sentence(told.suggested_next_action.text)}")
    while len("\n".join([*lines, *ends])) > MAX_SECTION:
        lines.pop()
    return "\n".join([*lines, *ends])


def _fields(summary: Summary, case: Case) -> dict[str, Any]:
    known = ", ".join(filter(None, (summary.customer.display_name, tier_words(summary), language_words(summary))))
    fields: list[tuple[str, str | datetime]] = [
        ("Why", why_words(summary)),
        ("Now", state_words(case)),
        ("Step", step_words(summary)),
        ("Customer", known),
        ("Waiting since", case.queued_at),
    ]
    if mood := mood_words(summary):
        fields.append(("Mood", mood))
    filled = [slot for slot in summary.slots if slot.status == "filled"]
    fields += [
        (slot.label[:1].upper() + slot.label[1:], _confirmed(slot)) for slot in filled[: MAX_FIELDS - len(fields)]
    ]
    shown = [{"type": "mrkdwn", "text": _field(name, value)} for name, value in fields if value]
    return {"type": "section", "block_id": "facts", "fields": shown}


def _last_messages(summary: Summary) -> Iterator[str]:
    for message in summary.messages[-_LAST:]:
        text = one_line(message.text) or "(attachment)"
        yield f"> *{message.who}:* {escaped(text, _QUOTE_CHARS)}"


def _context(summary: Summary) -> dict[str, Any]:
    author = summary.narrative.author
    by = (
        "written by code"
        if author.kind == "code"
        else f"written by {author.model}, {summary.narrative.verification.status}"
    )
    parts = [f"{summary.handoff_id} r{summary.revision}", by]
    parts += [f"{one.experiment}={one.variant}" for one in summary.experiments]
    parts.append(f"trace {summary.ids.trace_id[:8]}")
    text = escaped(one_line(" · ".join(parts)), _FIELD_CHARS)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _section(block_id: str, text: str) -> dict[str, Any]:
    return {"type": "section", "block_id": block_id, "text": {"type": "mrkdwn", "text": text}}


def _field(name: str, value: str | datetime) -> str:
    title = escaped(one_line(name), 80)
    if isinstance(value, datetime):
        return f"*{title}*\n<!date^{int(value.timestamp())}^{{time}}|{value:%H:%M} UTC>"
    return f"*{title}*\n{escaped(one_line(value), _FIELD_CHARS)}"


def _sentence(text: str) -> str:
    return escaped(one_line(text), _SENTENCE_CHARS)


def _confirmed(slot: SlotPart) -> str:
    return value_words(slot) + (", confirmed" if slot.confirmed_by_customer is True else "")


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
