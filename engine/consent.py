"""May this person be written to? Opting out and in, by the channel's event, by word, by a provider's refusal (X65)."""

from __future__ import annotations

from engine.draft import Draft
from engine.heard import Hearing
from engine.message import Event, EventKind, Reach
from engine.readers.control import whole_message


def hear_consent(event: Event, draft: Draft) -> Hearing | None:
    """What the event says about being written to; None when it says nothing of it."""
    consent = _consent(event, draft)
    if consent is None:
        return None
    answered = "answered" in event.fields
    # Whoever comes back is greeted, and an open question is put again.
    greeting = "greeting" if consent and not answered else None
    return Hearing(text=event.text, consent=consent, answered=answered, greeting=greeting)


def _consent(event: Event, draft: Draft) -> bool | None:
    match event.kind:
        case EventKind.OPT_OUT:
            return False
        case EventKind.OPT_IN:
            return True
        case EventKind.RECEIPT:
            return False if event.fields.get("reach") == Reach.OPTED_OUT else None
        case EventKind.MESSAGE:
            return _by_word(event.text, draft)
        case _:
            return None


def _by_word(text: str, draft: Draft) -> bool | None:
    """A channel's own words as the whole message, however punctuated; its provider may want them bare."""
    limits = draft.limits
    if whole_message(text, frozenset(limits.opt_out_words)):
        return False
    back = frozenset((*limits.opt_in_words, *limits.opt_back_words))
    return True if draft.opted_out and whole_message(text, back) else None
