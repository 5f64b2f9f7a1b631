"""The last messages of a conversation as a summary shows them: masked, cut, each with its short id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from msgspec import UNSET

from engine.message import Attachment
from handoff.evidence import AttachmentPart, MessagePart
from handoff.facts import CaseFacts, Said
from handoff.redaction import Hook

MAX_MESSAGES = 20
MAX_CHARS = 1000
_READ_CHARS = 4000
"""Of a message that are masked before it is cut: more was never read (R3)."""
_KINDS = {
    "photo": "image",
    "sticker": "image",
    "voice": "audio",
    "audio": "audio",
    "video": "video",
    "location": "location",
    "contact": "contact",
}
"""What an attachment is called in a summary; all else is a file (H71)."""
_DELIVERIES = frozenset({"queued", "sent", "delivered", "read", "failed"})
LINK = re.compile(r"https?://|\bwww\.|\bt\.me/", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tail:
    """The messages kept, and where each turn's customer messages stand among them."""

    messages: tuple[MessagePart, ...]
    turns: dict[int, tuple[str, ...]]
    pressed: frozenset[str]
    classes: frozenset[str]

    def of_turn(self, turn: int, words: str = "") -> str | None:
        """The id of the customer's message of a turn, the one with these words if there are several."""
        ids = self.turns.get(turn, ())
        texts = {message.message_id: message.text for message in self.messages}
        holding = [id for id in ids if words and words.casefold() in texts[id].casefold()]
        return holding[0] if holding else ids[-1] if ids else None

    @property
    def newest(self) -> str:
        """The customer's newest message, else simply the newest."""
        theirs = [message.message_id for message in self.messages if message.who == "customer"]
        return theirs[-1] if theirs else self.messages[-1].message_id


def tail_of(facts: CaseFacts, hook: Hook) -> Tail:
    """The newest messages, oldest first, at most 20, numbered as in the whole transcript, so that a message keeps its
    id when more are written; of an empty transcript one line that says so."""
    kept = [said for said in facts.transcript if said.text.strip() or said.attachments]
    earlier = max(0, len(kept) - MAX_MESSAGES)
    kept = sorted(kept, key=lambda said: said.at)[earlier:]
    if not kept:
        kept = [Said(turn=0, at=facts.case.opened_at, who="system", text="No message is kept.")]
    messages, turns, classes = [], dict[int, tuple[str, ...]](), set[str]()
    pressed: set[str] = set()
    for number, said in enumerate(kept, start=earlier + 1):
        masked = hook(sound(said.text[:_READ_CHARS]))
        classes |= masked.classes
        id = f"m{number}"
        messages.append(_message(id, said, masked.text, masked.count))
        if said.who == "customer":
            turns[said.turn] = (*turns.get(said.turn, ()), id)
        if said.pressed:
            pressed.add(id)
    return Tail(messages=tuple(messages), turns=turns, pressed=frozenset(pressed), classes=frozenset(classes))


def sound(text: str) -> str:
    """The text as UTF-8 can carry it: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def cut(text: str, chars: int) -> str:
    """At most `chars` characters, an ellipsis in place of what is missing."""
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def _message(id: str, said: Said, text: str, redactions: int) -> MessagePart:
    return MessagePart(
        message_id=id,
        at=said.at,
        who=said.who if said.who in ("customer", "bot", "agent") else "system",  # type: ignore[arg-type]  # one of four
        text=cut(text, MAX_CHARS),
        truncated=True if len(text) > MAX_CHARS or len(said.text) > _READ_CHARS else UNSET,
        redactions=redactions or UNSET,
        delivery=said.delivery if said.delivery in _DELIVERIES else UNSET,  # type: ignore[arg-type]  # one of the set
        attachments=tuple(map(_attachment, said.attachments[:5])) or UNSET,
    )


def _attachment(attachment: Attachment) -> AttachmentPart:
    return AttachmentPart(
        kind=_KINDS.get(attachment.kind, "file"),  # type: ignore[arg-type]  # one of the table
        bytes=attachment.size or 0,
        mime=attachment.mime[:100] if attachment.mime else UNSET,
    )
