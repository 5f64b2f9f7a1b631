"""Does the customer ask something? By question marks and by how a question begins (R41-R44)."""

from __future__ import annotations

import re

from engine.readers.words import clip, plain

_LEAD = (
    r"(?:(?:and|so|but|ok|okay|wait|hi|hey|hello|well|also|oh|um|sorry|excuse me|please|by the way|btw|then)\b"
    r"[\s,.!-]{0,3}){0,4}"
)
_SUBJECT = r"(?:i|you|we|they|he|she|it|this|that|there|these|those|the|a|an|any|my|your|our|someone|anyone)"
_OPENING = re.compile(
    rf"^\W{{0,5}}{_LEAD}(?:"
    r"(?:what|what's|whats|how|how's|why|who|who's|whose|which)\b(?! ?ever\b)"
    rf"|(?:when|where)(?:'s)? (?:is|are|was|were|do|does|did|can|could|will|would|should|shall|have|has|am)\b"
    rf"|(?:when|where)'s\b"
    rf"|(?:is|are|was|were|am|does|did|can|could|will|would|should|shall|may|has|isn't|aren't|don't|doesn't"
    rf"|can't) {_SUBJECT}\b"
    r"|(?:do|have) (?:i|you|we|they|any|the|my|your)\b"
    r"|(?:i was wondering|i wonder|do you know|any idea|tell me (?:what|how|why|when|where|who|which|if)"
    r"|(?:i'd like|i want|i would like) to know)\b)"
)
_MARK = re.compile(r"\?(?=[\s)\"'!?]|$)")
_WHAT_A = re.compile(r"^\W{0,5}(?:what|how) (?:a|an|nice|lovely|great|awful|terrible|annoying)\b")


_FACT = re.compile(
    rf"^\W{{0,5}}{_LEAD}(?:(?:can|could) you tell me|tell me|do you know|let me know|i (?:wanna|want to|need to"
    r"|would like to) know)?\W{0,3}(?:what(?:'s|s)?(?! (?:should|can|do|must) i do\b)|which|why|who|when|where"
    r"|how(?! (?:do|can|to|would|should|could|might) (?:i|you|we)\b| to\b))\b"
)


def asks_for_a_fact(text: str) -> bool:
    """Does the text ask what, why, when or how much, rather than for something to be done ("how do I ...")?"""
    return _FACT.match(plain(clip(text))) is not None


def is_question(text: str) -> bool:
    """Does the text ask something: a question mark that ends words, or the opening of a question?"""
    folded = plain(clip(text))
    if _MARK.search(folded):
        return True
    return _OPENING.match(folded) is not None and _WHAT_A.match(folded) is None
