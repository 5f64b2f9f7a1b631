"""Control commands as phrases: unmistakable wherever they stand, or built too freely for a list."""

from __future__ import annotations

import re
from functools import cache

from engine.readers.control_words import LEAVING

BEFORE = re.compile(
    r"^(?:please|pls|ok|okay|hey|hi|hello|well|no|so|oh|um|uh|hmm|just|i'm sorry|sorry|excuse me|actually"
    r"|wait|now|then|and"
    r"|but|yeah|yes|thanks|alright|bot|ai|kindly|shall we|would you please|can you|could you|would you|will you|can we"
    r"|could we|can i|could i|may i|let's|lets|let us|i want you to|i need you to|i'd like you to|i want to"
    r"|i would like to"
    r"|i'd like to|i need to|i wanna|we can|you can|do) "
)
AFTER = re.compile(
    r" (?:please|pls|plz|thanks|thank you|now|right now|for me|then|bot|already|sir|mate|man|immediately|actually"
    r"|instead|at once|ok|okay)$"
)
"""Politeness around a core, one word or phrase at a time; the core is in single spaces."""
RESTART_WITHIN = re.compile(
    r"\b(?:start|begin) (?:all )?(?:over|from (?:scratch|the (?:start|beginning)))\b(?! (?:the|my|a)\b)"
)
RECAP_WITHIN = re.compile(
    r"\b(?:summari[sz]e|recap|sum up|summary of)\b.{0,20}\b(?:so far|everything|we have|until now|my answers)\b"
)
_AGAIN = r"(?: (?:again|once again|once more|one more time))"
_THAT = (
    r"(?:that|it|this|me|(?:that|the|your)(?: last)? (?:question|part|message)"
    r"|what (?:you|was) (?:just )?(?:said|asked)|yourself)"
)
REPEAT_ASKED = re.compile(
    rf"(?:repeat|say|ask|tell|give|hear|show)(?: me| to me)?(?: {_THAT}){{1,2}}{_AGAIN}|repeat {_THAT}(?: to me)?"
    rf"|what(?: question)? (?:did|have) you (?:just )?(?:say|said|ask|asked)(?: me)?{_AGAIN}?"
    rf"|what was (?:that|it|the|that question|the question|your question|said){_AGAIN}?"
    r"|i (?:didn't|did not|couldn't|could not)(?: quite)? (?:hear|catch|get|understand|follow) (?:you|that|it"
    r"|what you (?:said|asked))"
    r"|could (?:that|you) be repeated"
)
HELP_ASKED = re.compile(
    r"(?:tell me )?what(?: all)?(?: (?!if\b)\w{1,12}){0,6} (?:can|may|could|should|am|are)(?: i| you)"
    r"(?: (?:able|allowed|capable|familiar|good|trained)(?: to| of| with| at)?)?"
    r"(?: (?:ask|asking|answer|answering|do|doing|and|talk|say|know|help|cover|handle|you|me|the|ai|with"
    r"|about|on|for|questions))*"
    r"|(?:tell me )?(?:what|which)(?: all)? (?:kinds?|types?|sorts?|topics?|subjects?|categories|things"
    r"|questions|areas)"
    r"(?: \w{1,12}){0,6} (?:can i|can you|could i|do you|are you|you|i can|you can)"
    r"(?: (?:ask|answer|do|know|help|cover|handle|able|to|you|me|the|ai|with|about|on|for|questions|familiar))*"
)
_BACK_TO = re.compile(
    r"^\W{0,4}(?:(?:please|ok|okay|no|wait|actually|sorry|can we|could we|can you|could you|can i|let's"
    r"|let us|i want to"
    r"|i'd like to|i would like to|i need to|let me)[\s,]{1,3}){0,4}(?:(?:go|take me|get|jump|return"
    r"|switch) )?back to\s"
    r"(?:(?:the|my|our|that|this)\s)?(?P<to>[^,.;!?\n]{2,80}?)"
    r"(?P<then>\s{0,2}(?:[,.;!?\n]\s{0,2}|$)(?:(?:and|then|please)\s){0,2}|\s(?:(?:and|then|please|instead)(?:\s|$)){1,3})"
)
_JOINS = (
    r"\s{0,3}(?:[,.;:!-]|\.\.\.|…){1,4}\s{0,3}(?:(?:and|then|but|just)\b)?\s{0,2}"
    r"|\s{1,3}(?:and|then|instead|but)\s{1,3}"
)
_LOOSE = r"\s{1,3}(?=(?:i|i'm|i'd|let's|lets|show|can|could|what|how|why|just|please)\b)"


def back_to(folded: str) -> tuple[int, int, int] | None:
    """Of "go back to the order number, and ...": start and end of the place named, and where the rest begins."""
    m = _BACK_TO.match(folded)
    return (m.start("to"), m.end("to"), m.end()) if m else None


def leaving(folded: str) -> int | None:
    """Where the rest begins of a message that first leaves something: "stop that, show my bill" (R53)."""
    m = _leaving().match(folded)
    return m.end() if m else None


@cache
def _leaving() -> re.Pattern[str]:
    heads = "|".join(map(re.escape, LEAVING))
    loose = "|".join(re.escape(head) for head in LEAVING if " " in head or head in {"nevermind", "nvm"})
    return re.compile(
        rf"^\W{{0,4}}(?:(?:ok|okay|no|oh|wait|actually|please|sorry|well)[\s,.]{{1,3}}){{0,3}}"
        rf"(?:(?:{heads})\b(?:{_JOINS})|(?:{loose})\b(?:{_LOOSE}))"
    )
