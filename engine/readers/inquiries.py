"""What a question asks for: its topic words, and the kind of fact without which a text does not answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from engine.readers.number_words import TENS, UNITS
from engine.readers.questions import is_question
from engine.readers.small_words import SMALL_WORDS
from engine.readers.topic_words import COSTS, FAMILIES, FILLERS
from engine.readers.vocabulary import word_set
from engine.readers.words import Word, clip, plain, stem, stems, words

MOST_TOPIC_WORDS = 16
"""A message with more tells a story; no passage answers that."""


class Kind(StrEnum):
    """What an answer must hold."""

    ANY = "any"
    MONEY = "money"
    TIME = "time"
    NUMBER = "number"
    PLACE = "place"
    PERSON = "person"
    REASON = "reason"


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One topic word: as written, its stem, the stems that mean the same. `bound`: it narrows ("to Canada")."""

    word: str
    stem: str
    family: frozenset[str]
    bound: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiry:
    """A question taken apart. `counted` stands behind "how many"; `asking` is False for a bare "opening hours"."""

    topics: tuple[Topic, ...]
    kind: Kind = Kind.ANY
    counted: tuple[str, ...] = ()
    asking: bool = True


_COUNT = re.compile(rf"\d+|{'|'.join((*UNITS, *TENS))}")
_NUMBER = rf"(?:{_COUNT.pattern}|an?)"
_UNIT = r"(?:second|minute|hour|day|week|month|year)s?"
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.TIME,
        re.compile(
            r"\bhow (?:long|soon|fast|quick|quickly|late|early|often)\b|\b(?:what|which) (?:times?|days?)\b"
            r"|(?:^|[.?!,;:]\s*|\b(?:and|or|but|so|know|me|until|till|from|since|by) )when\b"
            r"|\bopen(?:ing)? (?:hours|times)\b|\b(?:periods?|deadlines?)\b"
        ),
    ),
    (Kind.NUMBER, re.compile(r"\bhow many (?P<counted>[a-z]+(?: [a-z]+)?)")),
    (
        Kind.MONEY,
        re.compile(
            r"\bhow (?:much|expensive|cheap)\b|\b(?:fees?|charge[sd]?|costs?|prices?|free)\b"
            r"|\b(?:have|need) to pay\b|\bpay (?:anything|something|extra)\b|\bdeduct"
        ),
    ),
    (Kind.PLACE, re.compile(r"\bwhere\b|\b(?:your|what) address\b")),
    (Kind.PERSON, re.compile(r"\bwho(?:m|se)?\b")),
    (Kind.REASON, re.compile(r"\bwhy\b|\bwhat for\b|\bhow come\b")),
    (Kind.TIME, re.compile(rf"\b(?:after|within|in|for) {_NUMBER}\s{_UNIT}\b")),
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|weekdays?"
_ANSWERS: Mapping[Kind, re.Pattern[str]] = {
    Kind.ANY: re.compile(""),
    Kind.TIME: re.compile(
        rf"\b{_NUMBER}(?:\s?(?:-|to|or)\s?{_NUMBER})?[\s-](?:[a-z]+\s)?{_UNIT}\b|(?<![$€£¥\d.,])\b\d{{1,2}}[:.][0-5]\d\b"
        rf"|\b\d{{1,2}}\s?(?:am|pm|a\.m|p\.m|o'clock)\b|\b(?:{_DAY})\b|\b24/7\b"
        r"|\b(?:immediately|at once|right away|same day|next day|tomorrow|overnight|always|never|midnight|noon|any time"
        r"|anytime|every day|daily)\b|\b(?:january|february|march|april|june|july|august|september|october|november"
        r"|december)\b"
    ),
    Kind.MONEY: re.compile(
        r"[$€£¥]|\b(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|cents?|percent|free|included|nothing)\b|\d\s?%|\b\d+[.,]\d\d\b"
        r"|\b(?:no|without|any) (?:\w+ )?(?:fee|fees|charge|charges|cost|costs|surcharge)\b"
    ),
    Kind.PLACE: re.compile(
        r"https?://|www\.|\S@\S|\b(?:street|road|avenue|square|lane|station|floor|airport|centre|center|website|page|app"
        r"|buildings?|behind|opposite|next to|inside"
        r"|menu|settings|account)\b"
    ),
    Kind.PERSON: re.compile(r"\b(?:customers?|buyers?|sellers?|staff|team|managers?|owners?|ltd|inc|gmbh)\b"),
    Kind.REASON: re.compile(
        r"\b(?:because|since|so that|in order|reasons? (?:is|are|for|why)|due to"
        r"|to (?:protect|prevent|avoid|keep|make sure))\b"
    ),
}
_BINDING = word_set("at before by during for from in into of on through to under via with without")
_MEASURES = word_set("long soon fast quick quickly late early often expensive cheap much many")
"""Behind "how" they ask for a kind of fact, and name no topic."""
_BACK = word_set("send sends sent sending ship ships shipped shipping bring bringing brought give giving")
_NEAR_BACK = 4
"""Words, the verb among them, within which "back" makes a return of it: "sending the lamp back"."""
_OFFER = word_set("support supports offer offers provide provides")
"""Behind "do you", "does it": they ask whether there is such a thing."""
_WHOSE_HOURS = word_set("business office working")
_RETURN = "return"
_UNITS = re.compile(_UNIT)
_PAIRS = frozenset({"opening hours", "opening times", "open hours"})
"""Two words that say what the first one does."""
_NEUTRAL = SMALL_WORDS | FILLERS | word_set("long time times day days when where who why how")


@lru_cache(maxsize=256)
def read_inquiry(text: str) -> Inquiry:
    """What a text asks for. Without topic words nothing can be looked up."""
    text = clip(text)
    folded = plain(text)
    kind, counted = _kind(folded)
    topics = tuple(_topics(words(text)))
    if kind is Kind.MONEY and any(not _is_cost(topic) for topic in topics):
        topics = tuple(topic for topic in topics if not _is_cost(topic))
    found = topics[:MOST_TOPIC_WORDS] if len(topics) <= MOST_TOPIC_WORDS else ()
    return Inquiry(topics=found, kind=kind, counted=counted, asking=is_question(text))


def is_topical(word: Word) -> bool:
    """Does a word say what a sentence is about?"""
    return word.text not in _NEUTRAL


def tells(text: str, inquiry: Inquiry) -> bool:
    """Does a text hold the kind of fact that is asked for?"""
    folded = plain(text)
    if inquiry.kind is Kind.NUMBER:
        return _counts(words(text), inquiry.counted)
    return bool(_ANSWERS[inquiry.kind].search(folded))


def family(stem_: str) -> frozenset[str]:
    """Other stems that mean the same."""
    return _families().get(stem_, frozenset())


def _kind(folded: str) -> tuple[Kind, tuple[str, ...]]:
    for kind, pattern in _KINDS:
        if found := pattern.search(folded):
            return kind, stems(found["counted"]) if kind is Kind.NUMBER else ()
    return Kind.ANY, ()


def _topics(said: tuple[Word, ...]) -> list[Topic]:
    """Each topic word once; the first behind a preposition is bound."""
    found: dict[str, Topic] = {}
    bound = False
    timed = _times(said)
    for at, word in enumerate(said):
        before, behind = said[at - 1].text if at else "", [one.text for one in said[at + 1 : at + _NEAR_BACK]]
        if word.text in _BINDING:
            bound = True
        elif word.text in _BACK and "back" in behind:
            found.setdefault(_RETURN, Topic(word=_RETURN, stem=_RETURN, family=family(_RETURN) | {word.stem}))
            bound = False
        elif is_topical(word) and at not in timed and not _idle(word, before, behind):
            found.setdefault(word.stem, Topic(word=word.text, stem=word.stem, family=family(word.stem), bound=bound))
            bound = False
    return list(found.values())


def _times(said: Sequence[Word]) -> frozenset[int]:
    """Places of a number with its unit ("three weeks"): a time that is asked about, and no topic."""
    pairs = [
        at for at in range(len(said) - 1) if _COUNT.fullmatch(said[at].text) and _UNITS.fullmatch(said[at + 1].text)
    ]
    return frozenset(place for at in pairs for place in (at, at + 1))


def _idle(word: Word, before: str, behind: Sequence[str]) -> bool:
    """Does it only lead to the word beside it?"""
    if f"{before} {word.text}" in _PAIRS or (before == "how" and word.text in _MEASURES):
        return True
    return (word.text in _OFFER and before in ("you", "it")) or (word.text in _WHOSE_HOURS and behind[:1] == ["hours"])


def _is_cost(topic: Topic) -> bool:
    return topic.word in COSTS


def _counts(said: tuple[Word, ...], counted: tuple[str, ...]) -> bool:
    """Does a number stand before one of the words, one other between them at most ("three working days")?"""
    numbered = [place for place, word in enumerate(said) if _COUNT.fullmatch(word.text)]
    return any(word.stem in counted for place in numbered for word in said[place + 1 : place + 3])


@cache
def _families() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one in FAMILIES:
        alike = frozenset(map(stem, one))
        for each in alike:
            found[each] = found.get(each, frozenset()) | alike - {each}
    return found
