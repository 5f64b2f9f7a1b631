"""May this person be written to? Opting out and in, by the channel's event, by word, by a provider's refusal (X65)."""

from __future__ import annotations

from engine.draft import Draft
from engine.heard import Hearing
from engine.message import Event, EventKind, Limits, Reach
from engine.readers.control import whole_message


def hear_consent(event: Event, draft: Draft) -> Hearing | None:
    """What the event says about being written to; None when it says nothing of it."""
    consent = consent_of(event, draft.limits, opted_out=draft.opted_out)
    if consent is None:
        return None
    answered = "answered" in event.fields
    # Whoever comes back is greeted, and an open question is put again.
    greeting = "greeting" if consent and not answered else None
    return Hearing(text=event.text, consent=consent, answered=answered, greeting=greeting)


def consent_of(event: Event, limits: Limits, *, opted_out: bool) -> bool | None:
    """True: the person may be written to from now on; False: not any more; None: nothing is said of it."""
    match event.kind:
        case EventKind.OPT_OUT:
            return False
        case EventKind.OPT_IN:
            return True
        case EventKind.RECEIPT:
            return False if event.fields.get("reach") == Reach.OPTED_OUT else None
        case EventKind.MESSAGE:
            return _by_word(event.text, limits, opted_out)
        case _:
            return None


def _by_word(text: str, limits: Limits, opted_out: bool) -> bool | None:
    """A channel's own words as the whole message, however punctuated; its provider may want them bare."""
    if whole_message(text, frozenset(limits.opt_out_words)):
        return False
    if not opted_out:
        return None
    return True if whole_message(text, frozenset((*limits.opt_in_words, *limits.opt_back_words))) else None
