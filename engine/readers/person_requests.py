"""Does the customer ask to be put through to a person (R60)?"""

from __future__ import annotations

import re

from engine.readers.corrections import negated
from engine.readers.words import clip, plain

_QUALITY = (
    r"(?:(?:a|an|the|some|any|another|your|one|of|actual|real|live|living|human|customer|service|support|care|sales"
    r"|senior|physical|proper|different) ){0,5}"
)
_SURELY = (
    r"(?:human|person|agent|operator|rep|representative|advis[eo]r|manager|supervisor|colleague|employee|consultant)"
)
_WHO = (
    rf"(?:{_QUALITY}(?:\w{{2,15}} )?{_SURELY}s?\b"
    rf"|{_QUALITY}(?:human being|people|someone|somebody|anyone|staff|assistants?|specialists?|team|reception"
    r"|(?:customer )?(?:service|support|care))\b)"
)
_ASKED = re.compile(
    rf"\b(?:(?:talk|talking|speak|speaking|chat|chatting)(?: directly)? (?:to|with) {_WHO}"
    r"|(?:connect|transfer|put|patch|switch|redirect|forward|hand|pass|direct|escalate)(?: me| this| us| my call| it)?"
    rf"(?: through| over| on| up)? (?:to|with|in (?:touch|contact) with) {_WHO}"
    rf"|put {_WHO} on|(?:get|give|bring|find|send) me (?:to )?{_QUALITY}(?:{_SURELY}|someone"
    rf"|somebody)\b(?! (?:who|that)\b)"
    rf"|(?:want|need|prefer|(?:'d|would) like|rather have) {_QUALITY}"
    r"(?:human|(?:real|live|actual) (?:person|agent|operator)|agent|operator|representative|supervisor)\b"
    r"|help from a (?:real )?(?:human|person)\b|get (?:a|an) (?:real )?(?:human|person|agent) to\b"
    r"|is there (?:someone|somebody|a (?:human|person)|anyone)(?: \w{1,10})? (?:i can|to|who can) (?:talk|speak)"
    r"|human handoff)"
)
_NO_MACHINE = re.compile(
    r"\b(?:don'?t|do not|stop|not)(?: want to| wanna| like to| like)? (?:talk|speak|chat)(?:ing)? (?:to"
    r"|with) (?:a |this |the )?"
    r"(?:bot|machine|robot|computer|ai)\b"
)
_ABOUT_ANOTHER = re.compile(
    r"\b(?:am i|are we|he|she|they|friend|wife|husband|already|yesterday|told me to) (?:\w{1,10} )?"
    r"(?:talk|speak|chat)(?:ing)?\b"
)
_LEAD_CHARS = 30


def asks_for_person(text: str) -> bool:
    """Is there an unmistakable request for a person: "let me talk to a human", "transfer me to an agent"?

    Not "are you a human?", "send money to someone", "I don't need to talk to anyone", "I already spoke to someone".
    """
    folded = plain(clip(text))
    if _NO_MACHINE.search(folded):
        return True
    return any(
        not negated(folded, m.start()) and not _ABOUT_ANOTHER.search(folded, max(0, m.start() - _LEAD_CHARS), m.end())
        for m in _ASKED.finditer(folded)
    )
