"""Counts that are said without a number: "just me", "my wife and I", "a couple", "a double room", "no children"."""

from __future__ import annotations

import re

from engine.flow import SlotDef
from engine.readers.cues import slot_phrases
from engine.readers.number_words import UNITS
from engine.readers.questions import is_question
from engine.readers.reading import Found
from engine.readers.vocabulary import word_set
from engine.readers.words import find_phrase, plain, same_clause, words

_RELATIVES = word_set(
    """
husband wife partner spouse fiance fiancee girlfriend boyfriend mom mum mother dad father son daughter brother sister
sibling friend mate colleague coworker boss assistant child kid baby toddler teenager cousin aunt uncle nephew niece
grandma grandmother grandpa grandfather granddaughter grandson roommate flatmate guest dog cat
"""
)
_RELATIVE = "|".join(sorted(_RELATIVES))
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(word for word, number in UNITS.items() if 1 < number <= 12)})"
_ONE_OF_US = rf"(?:myself|me|i|(?:(?:my|our|a|an) )?(?:\w{{1,15}} )?(?:{_RELATIVE}))"
_OF_THEM = rf"(?:\w{{1,15}} )?(?:children|adults|people|(?:{_RELATIVE})e?s)"
_SOME_OF_US = re.compile(rf"\b(?:(?P<some>{_NUMBER}) {_OF_THEM}|{_ONE_OF_US})\b")
_ITEM = rf"(?:{_NUMBER} {_OF_THEM}|{_ONE_OF_US})"
_COMPANY = re.compile(
    r"\W{0,3}(?:(?:it's|it is|it'll be|that's|there's|for|only|just|so|and|well|yes|yeah|table for|book for) ){0,4}"
    rf"(?P<who>{_ONE_OF_US}(?:(?:,? and|,? with|,? plus| &|,) {_ITEM}){{0,6}})\W{{0,3}}"
)
_WITH_ME = re.compile(
    rf"\b(?:(?P<two>my (?:\w{{1,15}} )?(?:{_RELATIVE}) and (?:i|me|myself)"
    rf"|(?:me|myself) and (?:my|a|an|our) (?:\w{{1,15}} )?(?:{_RELATIVE}))"
    rf"(?P<more>(?:,? (?:and|with|plus) {_ITEM}){{0,4}})"
    rf"|with (?P<who>my (?:\w{{1,15}} )?(?:{_RELATIVE}))(?P<others>(?:,? and {_ITEM}){{0,4}}))\b"
)
_COUPLE = re.compile(
    r"\b(?:(?:a|the) couple\b(?: of us\b)?(?! of (?:days|weeks|hours|minutes|months|years|nights)\b)"
    r"|(?:a )?couple of (?!days|weeks|hours|minutes|months|years|nights)[a-z]{3,12}s\b"
    r"|a pair\b|both of (?:us|them)\b|us both\b)"
)
_NOBODY = re.compile(r"\W{0,3}(?:none|nobody|no one|nil|none of (?:us|them))\b(?: at all)?(?: please| thanks)?\W{0,3}")
_ALONE = re.compile(
    r"\b(?:i'?m|i am|i'?ll be|i will be|just|travell?ing|coming|going|flying|dining) (?:alone|solo|by myself)\b"
    r"|^\W{0,3}(?:alone|solo|by myself)\W{0,3}$"
)
_NO_ONES = re.compile(
    r"(?<![\w'])no (?:[a-z]{3,12} )?(?:children|people|(?!thanks|worries|ideas|plans|this|yes)[a-z]{3,12}s)\b"
)
_ONE_THING = re.compile(
    r"\W{0,3}(?:(?:just|only|for|yes|ok|okay|then|oh) ){0,2}(?:an? (?!"
    r"(?:lot|few|bit|couple|while|minute|moment|second|sec|"
    r"question|problem|human|person|agent|refund|day|week|month|year|date|little|ton|dozen|hundred|thousand|half|quarter"
    r"|certain|different|good|great)\b)[a-z]|the one\b)"
)


_ADJECTIVES = 2
"""Words between an article and what it counts, at most."""


def company(text: str) -> Found | None:
    """How many the people are whom the whole answer lists, the customer among them: "me, my wife and two kids"."""
    m = _COMPANY.fullmatch(plain(text))
    if m is None:
        return None
    return _found(text, _counted(m["who"]), m.start("who"), m.end("who"))


def headcount(text: str) -> Found | None:
    """The count that the whole answer to "how many" tells without a number, or None. Questions tell none."""
    folded = plain(text)
    if is_question(text):
        return None
    if m := _COUPLE.search(folded):
        return _found(text, 2, m.start(), m.end())
    if m := _NOBODY.fullmatch(folded):
        return _found(text, 0, m.start(), m.end())
    if together := party(text):
        return together
    if m := _ALONE.search(folded):
        return _found(text, 1, m.start(), m.end())
    if m := _NO_ONES.search(folded):
        return _found(text, 0, m.start(), m.end())
    if m := _ONE_THING.match(folded):
        return _found(text, 1, m.start(), m.end())
    return None


def party(text: str) -> Found | None:
    """How many the customer and those are who come along, wherever it stands: "with my wife and two kids"."""
    m = _WITH_ME.search(plain(text))
    return _found(text, 2 + _counted(m["more"] or m["others"] or ""), m.start(), m.end()) if m else None


def one_of_them(slot: SlotDef, text: str) -> Found | None:
    """ "a family room" says one to a slot that counts rooms."""
    every = words(text)
    for phrase in slot_phrases(slot):
        place = find_phrase(every, phrase)
        if place is None or every[place[1] - 1].text.endswith("s"):
            continue
        for word in every[max(0, place[0] - _ADJECTIVES - 1) : place[0]]:
            if word.text in {"a", "an"} and same_clause(text, word.end, every[place[0]].start):
                return _found(text, 1, word.start, every[place[1] - 1].end)
    return None


def _counted(listed: str) -> int:
    each = (one["some"] for one in _SOME_OF_US.finditer(listed))
    return sum(1 if some is None else int(some) if some.isdecimal() else UNITS[some] for some in each)


def _found(text: str, count: int, start: int, end: int) -> Found:
    return Found(value=count, start=start, end=end, words=text[start:end])
