"""Which flow a message asks for: exact triggers, then the likeness to triggers, title and description (S26)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from engine.flow import FlowDef
from engine.readers.corrections import negated
from engine.readers.enums import nearness
from engine.readers.likeness import Evidence, Likeness, sureness
from engine.readers.questions import asks_for_a_fact
from engine.readers.small_words import SMALL_WORDS
from engine.readers.vocabulary import word_set
from engine.readers.words import Word, clip, find_phrase, plain, stem, stems, words

FLOOR = 0.3
"""Candidates that score less are no candidates."""
EXACT_FROM = 0.9
"""An exact trigger scores from here up to 1.0, the more of the message it explains."""
_SURE, _ASKABLE = 0.42, 0.3
"""How sure it must be that the best flow is meant for it to begin, and to be asked about beside its neighbours."""
_MEANT_FROM, _ASKED_FROM, _NEXT_TO = 0.45, 0.4, 0.02
"""Scores of a flow that is meant, of the best of those that are asked about, and between two of them."""
_CLEAR = 0.5
"""Evidence by which the best flow must lead; two that are nearer to each other are asked about (R27)."""
_NEIGHBOUR = 3.0
"""A flow whose evidence is weaker by more is no neighbour of the best."""
_FACT_OF_A_DOER, _MANY_TRIGGERS = 0.15, 5
"""What a question for a fact takes off being sure of a flow of so many triggers none of which asks for one."""
_ROUTED_MAX_WORDS = 60
_NEAR_MAX_WORDS = 5
"""Only a short message can be a misspelled name of a flow."""
_ASKING = word_set("help begin open file check assist ask want request question quick start")
_LEAD_IN = frozenset(map(stem, SMALL_WORDS | _ASKING))
_REST = r"\b(?:(?!\b(?:but|instead|so|please|i|i'd|want|need|would)\b)[^.,;!?]){0,40}"
"""Of what is denied, up to the word that is looked at, unless something else is asked for between."""
_DENIED = re.compile(
    r"(?:(?<!why )\b(?:don'?t|do not|didn'?t|not|never|no longer) (?:(?!(?:you|we|only|just)\b)\w+ )?"
    rf"(?:want|need|like|wish|ask|asking|looking|interested){_REST}"
    r"|(?:\b(?:let'?s|let us|rather|prefer|decided) not|\b(?:i'?m|i am|we'?re|we are) not (?:doing|going to|planning)"
    r"|(?:^|[.,;!?:] ?|\b(?:please|i|we|and|so|ok|okay|no|actually) )(?:don'?t|do not|no longer) do"
    rf"|\bno need (?:to|for)){_REST}"
    r"|(?<!why )\b(?:not|no|without|isn'?t) (?:(?:a|an|the|my|about|for) ){0,2})$"
)
"""What is not asked for. "I don't recognize it" denies nothing of what it is about."""
_DENIED_CHARS = 70
_INSTEAD = re.compile(r"\binstead\b(?! of\b)")


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that a message may ask for: `score` 0..1, the `words` that speak for it, `exact` for a trigger."""

    flow: str
    score: float
    words: str
    exact: bool


@dataclass(frozen=True, slots=True)
class _Profile:
    """What a flow is named by: its triggers and title as written, its triggers as stems, every stem of its texts."""

    name: str
    names: tuple[str, ...]
    triggers: tuple[tuple[str, ...], ...]
    stems: frozenset[str]
    tells: bool
    """Do any of its triggers ask for a fact, or has it too few to say?"""


class Router:
    """Built once for a deployment's flows; answers from tables."""

    def __init__(self, flows: Sequence[FlowDef]) -> None:
        self._profiles = [_profile(flow) for flow in flows]
        self._evidence = Evidence([_phrases(flow) for flow in flows])
        self._openings = frozenset(trigger[0] for profile in self._profiles for trigger in profile.triggers)

    def route(self, text: str) -> list[Candidate]:
        """The flows the text may ask for, best first, none below FLOOR. Equal scores keep the order of the flows.

        Words that the customer denies ("I don't want a refund") speak for nothing; small ones alone ("no", "more") are
        like no flow.
        """
        text = clip(text)
        said = words(text)[:_ROUTED_MAX_WORDS]
        stems_said = [word.stem for word in said]
        if self._openings.isdisjoint(stems_said) and not self._evidence.touches(stems_said):
            return []
        content = [word for word in said if not _denied(text, word.start)]
        named = [*filter(None, [_exact(profile, text, said, len(content)) for profile in self._profiles])]
        scored = [each for each in named if not any(_says_more(other, each) for other in named)]
        if len(scored) < len(self._profiles) and any(word.text not in SMALL_WORDS for word in content):
            scored += self._alike(text, content)
        best: dict[str, Candidate] = {}
        for each in scored:
            best.setdefault(each.flow, each)
        order = {profile.name: place for place, profile in enumerate(self._profiles)}
        return sorted(best.values(), key=lambda each: (-each.score, order[each.flow]))

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

    def _alike(self, text: str, content: Sequence[Word]) -> list[Candidate]:
        """The flow that the words are surely meant for, or those they may be meant for, nearly equal."""
        weighed = sorted(
            zip(self._profiles, self._evidence.weigh(content), strict=True), key=lambda each: -each[1].evidence
        )
        if not weighed:
            return []
        profile, best = weighed[0]
        lead = best.evidence - weighed[1][1].evidence if len(weighed) > 1 else _NEIGHBOUR
        sure = sureness(best, lead) - (0 if profile.tells or not asks_for_a_fact(text) else _FACT_OF_A_DOER)
        if sure >= _SURE and lead >= _CLEAR:
            score = _MEANT_FROM + (EXACT_FROM - _MEANT_FROM) * min(1.0, (sure - _SURE) / (1 - _SURE))
            return [_candidate(profile, text, content, score)]
        if sure < _ASKABLE:
            return []
        near = [each for each, likeness in weighed if _neighbour(likeness, best)]
        return [
            _candidate(each, text, content, _ASKED_FROM - _NEXT_TO * place)
            for place, each in enumerate(near if len(near) > 1 else ())
        ]


def _neighbour(one: Likeness, best: Likeness) -> bool:
    return one.explained > 0 and best.evidence - one.evidence <= _NEIGHBOUR


def _says_more(one: Candidate, other: Candidate) -> bool:
    """Is the other's trigger only a part of this one's, as "compare" is of "compare plans"?"""
    return len(one.words) > len(other.words) and other.words in one.words


def _candidate(profile: _Profile, text: str, content: Sequence[Word], score: float) -> Candidate:
    known = " ".join(text[word.start : word.end] for word in content if word.stem in profile.stems)
    return Candidate(flow=profile.name, score=score, words=known, exact=False)


def _denied(text: str, start: int) -> bool:
    return _DENIED.search(plain(text)[max(0, start - _DENIED_CHARS) : start]) is not None


def bare_request(text: str, candidate: Candidate) -> bool:
    """Is the message but lead-in and the candidate's words ("I want a refund"), or does it say "instead" (R28)?"""
    if _INSTEAD.search(plain(clip(text))):
        return True
    named = set(stems(candidate.words))
    return bool(named) and all(word.stem in named or word.stem in _LEAD_IN for word in words(clip(text)))


def _exact(profile: _Profile, text: str, said: Sequence[Word], content: int) -> Candidate | None:
    """The flow's longest trigger that stands in the text and is not denied; `content` counts the words that ask."""
    places = [place for trigger in profile.triggers if (place := find_phrase(said, trigger))]
    starts = {first: said[first].start for first, _ in places}
    places = [place for place in places if not (negated(text, starts[place[0]]) or _denied(text, starts[place[0]]))]
    if not places:
        return None
    first, stop = max(places, key=lambda place: place[1] - place[0])
    explained = sum(word.text not in SMALL_WORDS for word in said[first:stop])
    share = min(1.0, explained / content) if content else 1.0
    score = EXACT_FROM + (1 - EXACT_FROM) * share
    return Candidate(flow=profile.name, score=score, words=text[said[first].start : said[stop - 1].end], exact=True)


def _profile(flow: FlowDef) -> _Profile:
    said = frozenset(word for phrase in _phrases(flow) for word in stems(phrase))
    triggers = tuple(filter(None, map(stems, flow.triggers)))
    tells = len(flow.triggers) < _MANY_TRIGGERS or any(map(asks_for_a_fact, flow.triggers))
    return _Profile(flow.name, (*flow.triggers, flow.title), triggers, said, tells)


def _phrases(flow: FlowDef) -> tuple[str, ...]:
    """Everything that tells what a flow is for, the weightier the oftener."""
    named = {flow.title.lower(), flow.name.replace("_", " "), flow.description.lower()}
    sentences = (part for part in re.split(r"[.;]\s", flow.description) if part.lower() not in named)
    return (*flow.triggers, flow.title, flow.name.replace("_", " "), *filter(None, sentences))
