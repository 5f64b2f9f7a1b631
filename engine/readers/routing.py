"""Which flow a message asks for: exact triggers, then weighted words of triggers, title, description (S26)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.flow import FlowDef
from engine.readers.corrections import negated
from engine.readers.enums import nearness
from engine.readers.small_words import SMALL_WORDS
from engine.readers.vocabulary import word_set
from engine.readers.words import Word, clip, find_phrase, plain, stem, stems, words

FLOOR = 0.3
"""Candidates that score less are no candidates."""
EXACT_FROM = 0.9
"""An exact trigger scores from here up to 1.0, the more of the message it explains."""
_TRIGGER, _TITLE, _NAME, _DESCRIPTION = 1.0, 0.9, 0.7, 0.5
"""How much a word says for a flow, by where the author used it."""
_COVER_SHARE = 0.6
"""Of a score: the message's words that speak for the flow; the rest is the nearness of the best single phrase."""
_UNKNOWN_SHARE = 0.5
"""A word that no flow uses weighs this part of the rarest known one."""
_ROUTED_MAX_WORDS = 60
_NEAR_MAX_WORDS = 5
"""Only a short message can be a misspelled name of a flow."""
_ASKING = word_set("help begin open file check assist ask want request question quick start")
_LEAD_IN = frozenset(map(stem, SMALL_WORDS | _ASKING))
_INSTEAD = re.compile(r"\binstead\b(?! of\b)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A flow that a message may ask for: `score` 0..1, the `words` that speak for it, `exact` for a trigger."""

    flow: str
    score: float
    words: str
    exact: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    stems: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Profile:
    """What a flow is known by: exact triggers, phrases, and what each word says for it, 0..1."""

    name: str
    names: tuple[str, ...]
    triggers: tuple[tuple[str, ...], ...]
    phrases: tuple[_Phrase, ...]
    affinity: Mapping[str, float]


class Router:
    """Built once for a deployment's flows; answers from tables."""

    def __init__(self, flows: Sequence[FlowDef]) -> None:
        self._profiles = [_profile(flow) for flow in flows]
        used = Counter(word for profile in self._profiles for word in profile.affinity)
        self._rarity = {word: math.log(1 + len(self._profiles) / count) for word, count in used.items()}
        self._unknown = _UNKNOWN_SHARE * math.log(1 + len(self._profiles))
        openings = {trigger[0] for profile in self._profiles for trigger in profile.triggers}
        self._telling = frozenset(used.keys() | openings)
        """Stems without one of which a text asks for no flow."""

    def route(self, text: str) -> list[Candidate]:
        """The flows the text may ask for, best first, none below FLOOR. Equal scores keep the order of the flows.

        Words that the customer denies ("I don't want a refund") speak for nothing.
        """
        text = clip(text)
        said = words(text)[:_ROUTED_MAX_WORDS]
        if self._telling.isdisjoint([word.stem for word in said]):
            return []
        content = [word for word in said if word.text not in SMALL_WORDS and not negated(text, word.start)]
        scored = [
            _exact(profile, text, said, len(content)) or self._near(profile, text, content)
            for profile in self._profiles
        ]
        return sorted((each for each in scored if each.score >= FLOOR), key=lambda each: -each.score)

    def near(self, text: str) -> list[tuple[str, float]]:
        """The flows with how nearly some words of the text match a trigger or the title, 0..1, best first (R26)."""
        said = [word.text for word in words(clip(text))]
        if len(said) > _NEAR_MAX_WORDS:
            return []
        scored = [
            (profile.name, max((nearness(name, said) for name in profile.names), default=0.0))
            for profile in self._profiles
        ]
        return sorted(scored, key=lambda each: -each[1])

    def _near(self, profile: _Profile, text: str, content: Sequence[Word]) -> Candidate:
        known = [word for word in content if word.stem in profile.affinity]
        matched = " ".join(text[word.start : word.end] for word in known)
        score = self._likeness(profile, content) if known else 0.0
        return Candidate(flow=profile.name, score=score, words=matched, exact=False)

    def _likeness(self, profile: _Profile, content: Sequence[Word]) -> float:
        asked = {word.stem for word in content}
        whole = self._weight(asked)
        cover = sum(self._of(word) * profile.affinity.get(word, 0.0) for word in asked) / whole
        nearest = max(
            (
                phrase.weight * 2 * self._weight(phrase.stems & asked) / (self._weight(phrase.stems) + whole)
                for phrase in profile.phrases
            ),
            default=0.0,
        )
        return EXACT_FROM * (_COVER_SHARE * cover + (1 - _COVER_SHARE) * nearest)

    def _weight(self, stems_: Iterable[str]) -> float:
        return sum(map(self._of, stems_))

    def _of(self, word: str) -> float:
        return self._rarity.get(word, self._unknown)


def bare_request(text: str, candidate: Candidate) -> bool:
    """Is the message but lead-in and the candidate's words ("I want a refund"), or does it say "instead" (R28)?"""
    if _INSTEAD.search(plain(clip(text))):
        return True
    named = set(stems(candidate.words))
    return bool(named) and all(word.stem in named or word.stem in _LEAD_IN for word in words(clip(text)))


def _exact(profile: _Profile, text: str, said: Sequence[Word], content: int) -> Candidate | None:
    """The flow's longest trigger that stands in the text and is not denied; `content` counts the words that ask."""
    places = [place for trigger in profile.triggers if (place := find_phrase(said, trigger))]
    places = [place for place in places if not negated(text, said[place[0]].start)]
    if not places:
        return None
    first, stop = max(places, key=lambda place: place[1] - place[0])
    explained = sum(word.text not in SMALL_WORDS for word in said[first:stop])
    share = min(1.0, explained / content) if content else 1.0
    score = EXACT_FROM + (1 - EXACT_FROM) * share
    return Candidate(flow=profile.name, score=score, words=text[said[first].start : said[stop - 1].end], exact=True)


def _profile(flow: FlowDef) -> _Profile:
    fields = (
        *((trigger, _TRIGGER) for trigger in flow.triggers),
        (flow.title, _TITLE),
        (flow.name.replace("_", " "), _NAME),
        *((sentence, _DESCRIPTION) for sentence in re.split(r"[.;]\s", flow.description)),
    )
    phrases = tuple(_Phrase(content, weight) for text, weight in fields if (content := _content(text)))
    often = Counter(word for phrase in phrases for word in phrase.stems)
    best: dict[str, float] = {}
    for phrase in phrases:
        for word in phrase.stems:
            best[word] = max(best.get(word, 0.0), phrase.weight)
    most = max(often.values(), default=1)
    affinity = {word: weight * (1 + often[word] / most) / 2 for word, weight in best.items()}
    return _Profile(
        flow.name, (*flow.triggers, flow.title), tuple(filter(None, map(stems, flow.triggers))), phrases, affinity
    )


def _content(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text) if word.text not in SMALL_WORDS)
