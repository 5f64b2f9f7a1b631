"""A short answer inside a sentence that is built around it: "I plan to go to Hayward", "find me one in Menlo Park"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.flow import SlotDef
from engine.readers.calendar_words import MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from engine.readers.small_words import SMALL_WORDS
from engine.readers.vocabulary import word_set
from engine.readers.words import Word, stem, words

_FRAME = word_set(
    """
i i'm im i'd i'll we we're we'll we'd am is are was be being will would want wanna need like love prefer wish plan
planning hoping hope think interested mood going go travel traveling travelling fly flying drive driving stay staying
live living look looking search searching find finding show check see watch visit visiting eat try book get getting have
something anything somewhere someone some place city area one ones in at from near around inside into on for of to a an
the my our me us it it's that this up out off taking take leave leaving departing depart arriving start starting moving
coming headed heading let's do send transfer pick play reserve reservation you can could please in-town here there yes
craving feel hear listen listening thinking thought maybe probably preferably perhaps anywhere any anyplace checking
movie movies film song artist band restaurant restaurants destination title concert tickets ticket event events named
called show serves serving serve offers sells by genre be into how about what would with let performed hotel trying
"""
)
"""Words of a request around its answer."""
_OPENERS = word_set(
    """
i i'm im i'd i'll we we're we'll find search look show check get book send transfer try take pick reserve let's in at
from near around for to can could please some a an the need want yes
"""
)
_PREPOSITIONS = word_set("in at from near around into inside on for of to via through with by")
_ARTICLES = word_set("a an the")
_CLOSERS = re.compile(
    r"(?: (?:area|city|town|region|district|airport|station|please|instead|then|for me|thanks|thank you"
    r"|(?:would|will) (?:be|work|do)(?: \w{2,9})?))?(?=$|[.!?,;:])"
)
_JOINS = word_set("of de la du and & del von van")
_TELLS_ALL = frozenset(
    map(
        stem,
        word_set(
            "description describe detail message note reason problem issue comment feedback question story request text"
            " summary complaint explanation what happened topic subject title body content wish"
        ),
    )
)
"""Names of slots that take a whole sentence: nothing is cut out of one."""
_FEW, _OTHERS, _MOST = 3, 3, 14
"""Words of a short answer, of what its sentence may say besides, and of the whole sentence."""
_SHORTENED = 3
"""Letters of a word that a point shortens ("St. Helena"), at most; behind a longer one a sentence begins."""
_CALENDAR = frozenset({*MONTHS, *WEEKDAYS, *SHORT_WEEKDAYS})
_KIND = re.compile(
    r" (?:food|cuisine|dish(?:es)?|restaurants?|place|places|movies?|films?|genre|music|songs?|concerts?|shows?"
    r"|serving|event|events|ones?)$"
)
"""Behind a name, what kind of thing it names: "Thai food", "Horror movies"."""
_SURE_KINDS = word_set("movie movies film films cuisine genre restaurant restaurants")
"""Kinds that say so behind a small word as well: "a mystery movie"; "cat food" is one thing."""
_LABELLED = re.compile(
    r"(?:the|my|our) (?:[a-z]+ ){1,4}(?:is|will be|would be|should be)(?: called| named)? (?=\S)", re.IGNORECASE
)
_LABEL_BEHIND = re.compile(r" (?:is|will be|would be|should be) (?:the|my|our) (?:[a-z]+ ?){1,4}$")
_LABEL_MAX_WORDS = 4
_ASKED_TO_FIND = re.compile(
    r"\W{0,3}(?:please,? |maybe,? )?(?:how about|what about|is there (?:one|any|anything|something|a)"
    r"|are there any|(?:can|could|would|will) you (?:please )?"
    r"(?:find|search|look|show|check|get me|book|play|try|do|put)\b"
    r"|i(?:'d| would)? (?:want|like|need)\b|(?:can|could|may) (?:i|we) (?:please )?(?:get|have|book|reserve)\b)"
)


def inside_frame(slot: SlotDef, text: str, start: int, end: int) -> tuple[int, int]:
    """The short answer inside `text[start:end]`, or the whole of it where there is none."""
    inner = words(text[start:end])
    if not inner or tells_all(slot):
        return start, end
    if labelled := _beside_label(text, start, end):
        return labelled
    first, stop = _inside(text, start, end, inner)
    return first, _without_kind(text, first, stop, framed=first > start)


def _inside(text: str, start: int, end: int, inner: Sequence[Word]) -> tuple[int, int]:
    at = _after_frame(text[start:end], inner)
    if at is not None:
        closing = _CLOSERS.search(text, start + inner[at].end, end)
        return start + inner[at].start, closing.start() if closing else end
    named = _named(text[start:end], inner)
    return (start + named[0], start + named[1]) if named else (start, end)


def _beside_label(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name in "the city is Nairobi" and in "Nairobi is the departure city"."""
    before, behind = _LABELLED.match(text, start, end), _LABEL_BEHIND.search(text, start, end)
    if before and _is_name(text[before.end() : end]):
        return before.end(), end
    return (start, behind.start()) if behind and _is_name(text[start : behind.start()]) else None


def _is_name(said: str) -> bool:
    """Few words, the first and the last capitalised or a number."""
    every = words(said)
    capital = every and all(said[word.start].isupper() or said[word.start].isdigit() for word in (every[0], every[-1]))
    return bool(capital) and len(every) <= _LABEL_MAX_WORDS and every[0].text not in SMALL_WORDS and "," not in said


def _without_kind(text: str, start: int, end: int, *, framed: bool) -> int:
    """The end of the name where a word behind it only says what it is."""
    kind = _KIND.search(text, start, end)
    if kind is None:
        return end
    named = text[start : kind.start()]
    surely = framed and kind[0].strip() in _SURE_KINDS
    return kind.start() if named and (surely or _is_name(named)) else end


def asked_to_find(slot: SlotDef, text: str) -> tuple[int, int] | None:
    """The name in a request that has the form of a question: "can you find one in Los Gatos?"."""
    asked = None if tells_all(slot) else _ASKED_TO_FIND.match(text.lower())
    if asked is None:
        return None
    rest = text[asked.end() :].strip(" ?.!")
    if rest and _is_name(rest):
        start = text.index(rest, asked.end())
        return start, start + len(rest)
    return _named(text, words(text))


def tells_all(slot: SlotDef) -> bool:
    """Is the slot one for a whole sentence, by its name?"""
    return any(word.stem in _TELLS_ALL for word in words(f"{slot.called} {slot.name.replace('_', ' ')}"))


def _after_frame(text: str, inner: Sequence[Word]) -> int | None:
    """The first word behind nothing but words of a frame, where few follow and they are a name or all is small."""
    at = 0
    while at < len(inner) and inner[at].text in _FRAME:
        at += 1
    if 0 < at < len(inner) - 1 and inner[-1].text in _SURE_KINDS and len(inner) - at <= _FEW:
        return at if not any(word.text in SMALL_WORDS for word in inner[at:]) else None
    if not 0 < at < len(inner) or len(inner) - at > _FEW or _is_article(inner[:at]):
        return None
    named = text[inner[at].start].isupper()
    quiet = text[1:].replace("I", "i").islower() and inner[at - 1].text in _PREPOSITIONS
    small = any(
        word.text in SMALL_WORDS and text[word.start].islower() for word in inner[at:] if word.text not in _JOINS
    )
    return at if (named or quiet) and not small else None


def _named(text: str, inner: Sequence[Word]) -> tuple[int, int] | None:
    """The one name of a sentence that asks for something in, at, from or for it."""
    if len(inner) < 2 or inner[0].text not in _OPENERS:
        return None
    runs = _names(text, inner)
    if len(runs) != 1:
        return None
    first, stop = runs[0]
    if _is_article(inner[:first]):
        return None
    others = [word for word in inner[:first] if word.text not in _FRAME]
    if inner[first - 1].text not in _PREPOSITIONS | _ARTICLES or len(others) > _OTHERS or first > _MOST:
        return None
    end = inner[stop - 1].end
    return (inner[first].start, end) if _CLOSERS.match(text, end) else None


def _names(text: str, inner: Sequence[Word]) -> list[tuple[int, int]]:
    """Runs of capitalised words, as half-open ranges of words; not the one that opens the sentence, "I", or a day."""
    runs: list[tuple[int, int]] = []
    for place, word in enumerate(inner[1:], start=1):
        before, between = inner[place - 1], text[inner[place - 1].end : word.start]
        opens = "!" in between or "?" in between or (". " in between and len(before.text) > _SHORTENED)
        named = text[word.start].isupper() and not opens and word.text not in SMALL_WORDS | _CALENDAR
        house = word.text.isdigit() and text[word.end : word.end + 2].lstrip()[:1].isupper()
        hyphened = between == "-" and bool(runs) and runs[-1][1] == place
        if not (named or house or hyphened):
            continue
        follows = bool(runs) and runs[-1][1] == place and between in {" ", "-", ". ", ", ", " & "}
        joined = bool(runs) and runs[-1][1] == place - 1 and before.text in _JOINS
        if follows or joined:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _is_article(frame: Sequence[Word]) -> bool:
    """ "The Hobbit" is a title, and no sentence about a hobbit."""
    return len(frame) == 1 and frame[0].text in _ARTICLES
