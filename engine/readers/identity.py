"""Does a customer ask who is speaking: a machine or a person? (X68)"""

from __future__ import annotations

import re

from engine.readers.words import clip, plain

_MACHINE = r"(?:chat ?bots?|bots?|robots?|machine|computer|program|software|ai|a\.i\.|automated|automatic)"
_PERSON = r"(?:real|human|humans|(?:real |actual |live |human )?(?:person|people|human being))"
_EITHER = rf"(?:an? |the )?(?:\w+ )?(?:{_MACHINE}|{_PERSON})(?: or (?:an? )?(?:{_MACHINE}|{_PERSON}))?"
_REALLY = r"(?:really |actually |just |even )?"
_TALKING = r"(?:talking|speaking|chatting|writing|texting)"
_ASKED = re.compile(
    rf"^\W*(?:(?:hi|hello|hey|wait|so|but|ok|okay|and|sorry|please|just)\W+){{0,3}}"
    rf"(?:(?:are|r) (?:you|u) {_REALLY}{_EITHER}|is (?:this|it|that) {_REALLY}{_EITHER}"
    rf"|am i {_REALLY}{_TALKING} (?:to|with) {_EITHER}"
    rf"|(?:who|what) (?:are you|am i {_TALKING} (?:to|with))"
    rf"|you(?:'re| are) (?:an? )?{_MACHINE},? (?:right|aren't you|isn't it))"
    r"\W*(?:here|there|now|then|please|exactly)?\W*$"
)
"""The whole message asks that, and nothing else."""


def asks_who_speaks(text: str) -> bool:
    """ "Are you a bot?", "is this a real person", "who am I talking to?"; never a wish to speak to a person."""
    return _ASKED.match(plain(clip(text))) is not None
