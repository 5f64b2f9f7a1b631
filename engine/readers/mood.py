"""How a message sounds, from a list of words: -1 very unhappy, 0 nothing either way, 1 very pleased (S40).

A list knows no irony and no context ("great, again" sounds pleased), and only English: what reads it must want more
than one message before it acts.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.readers.corrections import negated
from engine.readers.vocabulary import word_set
from engine.readers.words import clip, words

VERSION = "1"
"""Of the words and weights below."""

_FURIOUS = """
furious outrageous outraged disgusting disgusted disgrace disgraceful appalling appalled atrocious horrible horrendous
awful terrible worst hate hated despise scam scammed scammers fraud liar liars lied pathetic useless garbage rubbish
idiot idiots idiotic stupid moron morons bullshit shit crap damn fucking wtf livid unbelievable unacceptable ridiculous
inexcusable insulting insulted nightmare
"""
_UNHAPPY = """
angry annoyed annoying annoys upset unhappy disappointed disappointing disappointment frustrated frustrating
frustration fed dissatisfied irritated irritating bad worse poor slow wrong broken fails failed failing failure mess
messed complaint complain complaining waste wasted wasting sick tired ignored ignoring impossible incompetent
unhelpful unreliable confusing confused lost stuck problem problems
"""
_PLEASED = """
good nice helpful glad happy pleased works working solved fixed easy quick quickly clear friendly appreciate
appreciated cool
"""
_DELIGHTED = """
great excellent perfect amazing awesome wonderful fantastic brilliant superb love loved lovely best delighted thrilled
outstanding impressed
"""
_FAINT = word_set("bad poor slow wrong broken fails failed lost stuck problem problems tired fed sick")
"""Words of any report of a fault: alone they say little of who reports it."""
_STRONGER = word_set("very really so extremely absolutely totally completely utterly such fucking damn too")
_SHOUTED_LETTERS = 12
_LOUDER = 1.25
_TWICE_AS_MUCH = 1.5


def _weights() -> Mapping[str, float]:
    kinds = ((_FURIOUS, -0.7), (_UNHAPPY, -0.4), (_PLEASED, 0.35), (_DELIGHTED, 0.6))
    weighed = {word: weight for listed, weight in kinds for word in word_set(listed)}
    return weighed | dict.fromkeys(_FAINT, -0.15)


_WEIGHTS = _weights()


def read_mood(text: str) -> float:
    """The sum of what its words weigh, from -1 to 1. "not" turns one round, "very" before it counts half as much
    again, and so does a message in capitals, a quarter."""
    said = words(clip(text))
    if _WEIGHTS.keys().isdisjoint([word.text for word in said]):
        return 0.0
    score, before = 0.0, ""
    for word in said:
        weight = _WEIGHTS.get(word.text, 0.0)
        if weight:
            weight *= _TWICE_AS_MUCH if before in _STRONGER else 1.0
            score += -weight / 2 if negated(text, word.start) else weight
        before = word.text
    score *= _LOUDER if _shouted(text) else 1.0
    return round(max(-1.0, min(1.0, score)), 2)


def _shouted(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= _SHOUTED_LETTERS and text.upper() == text
