"""Names of people: "I'm Nora Field", "my name is lee", or a bare answer (R11)."""

from __future__ import annotations

import re

from engine.flow import SlotDef
from engine.readers.calendar_words import MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from engine.readers.open_text import lead_ins
from engine.readers.reading import Found
from engine.readers.sentences import answer_span
from engine.readers.small_words import SMALL_WORDS
from engine.readers.vocabulary import word_set
from engine.readers.words import plain

_SURE = re.compile(
    r"\b(?:(?:my|the|her|his) )?(?<!company )(?<!user )(?<!business )(?<!product )(?<!street )(?<!brand )"
    r"(?:full |first |last |guest |passenger )?(?:sur)?name(?:'s| is|:| =)\s{0,2}"
    r"|\b(?:calls? me|i am called|i'm called"
    r"|(?:guest|passenger|patient|payee|recipient)(?: name)?(?: is called| is|'s|:)?)\s{1,2}"
)
_LIKELY = re.compile(r"\b(?:i'm|i am|im|this is)\s{1,2}")
_UNDER = re.compile(
    r"\b(?:under(?: the(?: same)? name(?: of)?| the (?:booking|reservation))?|on behalf of|in the name of|the same name"
    r"|named|called|(?:booked|made|reserved|paid|sent) by)"
    r" |^\W{0,3}(?:(?:no|yes|yeah|sure|ok|okay|actually|sorry)\W{1,3})?(?:for|to|from|it's|it is) "
    r"|^[^.!?]{0,80}\b(?:it's|it is) "
)
_KIN = (
    r"(?:(?:my|our|a|the) )?(?:(?:best|old|good) )?"
    r"(?:friend|brother|sister|mate|colleague|cousin|aunt|uncle|guy called) "
)
_TOWARDS = re.compile(
    rf"\b(?:to|from|for|with|pay|paid|paying|owe|owes|send|sent|sending|lend|lent|wire|invite"
    rf"|(?:did|has|will|does)(?= .{{1,40}}\b(?:pay|paid|send|sent|owe)\b)) (?:{_KIN})?"
)
_DEALING = re.compile(
    r"\b(?:transfer|transaction|send|sent|resend|pay|paid|payment|order|debit|money|deposit|wire|receive|received|owe"
    r"|gift|invite|request|charge|lend|lent|wire|book|booking|reservation|euros?|dollars?|pounds?|bucks)\b"
    r"|[$€£]|\b(?:pay|paid|owe|invite|did|has|will|does) (?:\w+ ){0,3}$"
)
"""Before "to", "from" or "for" it says that a person may follow."""
_SPEAKING = re.compile(
    r"\W{0,3}(?:(?:hi|hello|hey)\b[\s,.!]{1,3})?(?:(?:it's|it is|this is) )?"
    r"(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?) (?:here|speaking|calling)\b"
)
_OWNS = re.compile(
    r"(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?)'s "
    r"(?:payment|transfer|booking|reservation|money|order|room|table|gift)\b"
)
_NAME_MAX_CHARS = 60
_MENTIONED_MAX_WORDS = 2
_NAME = re.compile(r"(?:mr|mrs|ms|dr|st|[^\W\d_])\.(?=\s\S)|[^\W\d_]+(?:['’.-][^\W\d_]+)*", re.IGNORECASE)
_PARTICLES = word_set("van von der den de da di do del della la le al bin ibn el dos das ter ten zu af mac mc y e st")
_NAME_MAX_WORDS = 5
_DAYS = frozenset({*WEEKDAYS, *SHORT_WEEKDAYS, *MONTHS}) - {"april", "may", "june", "august"}
_NOT_NAMES = (
    SMALL_WORDS
    | _DAYS
    | word_set(
        """
afraid angry annoyed confused disappointed glad happy hoping interested looking moving new ready sad stuck tired unable
unhappy upset waiting wondering writing calling contacting name write email mail phone number order refund cancel back
stop restart human agent person bot ridiculous broken wrong nice great bad skip account savings checking card bank
landlord rent friend family work home tonight today tomorrow yesterday lunch dinner breakfast here speaking calling
reservation booking room table delivery shipping indeed true correct exactly manager ladies gentlemen people adults
kids children guests include change business paypal two company store shop bill order invoice credit debit cash free fun
money funds payment transfer transaction arrived arrive gone cleared pending failed lower smaller higher bigger larger
less late missing bounced came went mistake accident pay paid send sent receive received owe owes deposit landline
savings birthday lately recently again already early soon online monthly weekly
"""
    )
)


def find_names(slot: SlotDef, text: str, *, asked: bool) -> list[Found]:
    """Names as written. After "my name is", the label or a cue any words; after "I'm" and "this is" capitalised ones.

    Asked: also the bare answer, if it looks like a name.
    """
    found = _introduced(slot, text, asked=asked)
    if found or not asked:
        return found
    mentioned = _mentioned(text)
    if mentioned is not None:
        return [mentioned]
    start, end = answer_span(text, lead_ins(slot))
    bare = _name_at(text, start, end, capitals=False)
    return [bare] if bare and text[bare.end : end].lstrip()[:1] in {"", ",", ".", ";", "\n", "("} else []


def _mentioned(text: str) -> Found | None:
    """The name of a sentence that is about a person: "a booking under towe", "send $20 to jodie", "nora here"."""
    folded = plain(text)
    speaking = _SPEAKING.match(folded)
    if speaking and _NOT_NAMES.isdisjoint(speaking["name"].split()):
        start, end = speaking.span("name")
        return Found(value=text[start:end], start=start, end=end, words=text[start:end])
    towards = (m.end() for m in _TOWARDS.finditer(folded) if _DEALING.search(folded, max(0, m.end() - 80), m.end()))
    under = [(m.end(), _NAME_MAX_WORDS) for m in _UNDER.finditer(folded)]
    for start, most in (*under, *((start, _MENTIONED_MAX_WORDS) for start in towards)):
        name = _name_at(text, start, min(len(text), start + _NAME_MAX_CHARS), capitals=False)
        if name and name.words.count(" ") < most and _over(folded, name.end):
            return name
    return _owner(text, folded)


def _owner(text: str, folded: str) -> Found | None:
    """Whose it is: "olga petrova's payment"."""
    m = _OWNS.search(folded)
    if m is None:
        return None
    said = m["name"].split()
    kept = said if _NOT_NAMES.isdisjoint(said) else said[-1:]
    start = m.end("name") - len(" ".join(kept))
    found = Found(value=text[start : m.end("name")], start=start, end=m.end("name"), words=text[start : m.end("name")])
    return found if _NOT_NAMES.isdisjoint(kept) else None


def _over(folded: str, end: int) -> bool:
    """Does a name end here: with its clause, or before a small word or a number?"""
    rest = folded[end:].lstrip(" ")
    following = re.match(r"[a-z']+", rest)
    return following is None or following[0] in _NOT_NAMES


def _introduced(slot: SlotDef, text: str, *, asked: bool) -> list[Found]:
    folded = plain(text)
    own = "|".join(map(re.escape, lead_ins(slot)))
    surely = [*_SURE.finditer(folded), *re.finditer(rf"(?<!\w)(?:{own})(?!\w)\s{{0,2}}:?\s{{0,2}}", folded)]
    places = {m.end(): not asked for m in _LIKELY.finditer(folded)} | {m.end(): False for m in surely}
    kept: list[Found] = []
    for start, capitals in sorted(places.items()):
        name = _name_at(text, start, len(text), capitals=capitals)
        if name and (not kept or start >= kept[-1].end):
            kept.append(name)
    return kept


def _name_at(text: str, start: int, end: int, *, capitals: bool) -> Found | None:
    """The name that begins at `start`: words up to the first small word; with `capitals`, capitalised or particles."""
    place, stop = start, start
    for count in range(_NAME_MAX_WORDS):
        m = _NAME.match(text, place, end)
        if m is None or text[m.end() : m.end() + 1] == "@":
            break
        word = plain(m[0])
        particle = count > 0 and word in _PARTICLES
        if not particle and (word in _NOT_NAMES or (capitals and not m[0][0].isupper())):
            break
        stop = m.end()
        if text[stop : stop + 1] != " ":
            break
        place = stop + 1
    return Found(value=text[start:stop], start=start, end=stop, words=text[start:stop]) if stop > start else None
