"""How like a flow's own phrases a message is: evidence of its words for and against each flow (S26).

Each word says for a flow how much more often it stands there than elsewhere; its family speaks a little more softly.
What is explained of the message, and which words ask for something else, say whether the best flow is meant at all.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from engine.readers.desk_words import QUIET, kin_of, topical, turning
from engine.readers.small_words import SMALL_WORDS
from engine.readers.words import Word, words

_PRIOR = 0.5
"""Phrases that every word is taken to stand in besides; keeps a single phrase from being proof."""
_OF_KIN = 0.6
"""A word of the same family, of the word itself."""
_RIVAL_SHARE = 0.3
"""How much the flow that uses a word most counts in its "elsewhere"; the rest is the mean of the others."""
_SMALL, _PAIR, _NEAREST = 0.5, 0.5, 2.0
"""Weights of a small word, of two words in a row, and of the likeness to the best single phrase."""
_NAMED, _NAMED_MOST = 0.45, 0.5
"""Of an unknown word that is about nothing (a name, a place), and of all of them together."""
_UNKNOWN_SMALL = 0.8
_TURNS, _TURN_EVIDENCE, _TURN_SURENESS, _TURNS_MOST = 1.2, 0.3, 0.1, 2
"""A word that asks for something else: its weight, and what it takes off a flow's evidence and off being sure."""
_STRANGE_SURENESS = 0.1
"""What it takes off being sure that nothing but small words is known: "how do you get red wine out of a carpet"."""
_SLIP_LETTERS = 6
"""A shorter word that is unknown is another word, and no misspelled one; so is one as long with a letter exchanged."""
_HAS_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """Of one flow: `evidence` is a sum of logarithms; `explained` and `nearest` lie in 0..1; `strange`: nothing but
    small words speak for it."""

    evidence: float
    explained: float
    nearest: float
    turned: int
    strange: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What one flow's phrases say of words and of pairs of words."""

    phrases: int
    often: Mapping[str, int]
    kin: Mapping[int, int]
    sets: tuple[frozenset[str], ...]

    @property
    def rare(self) -> float:
        """The share of a word that stands in no phrase."""
        return _PRIOR / (self.phrases + 2 * _PRIOR)

    def share(self, word: str) -> float:
        """How often the word, or one of its family, stands in a phrase."""
        near = max((self.kin.get(family, 0) for family in kin_of().get(word, ())), default=0)
        return (max(self.often.get(word, 0), _OF_KIN * near) + _PRIOR) / (self.phrases + 2 * _PRIOR)

    def knows(self, word: str) -> bool:
        """Does it use the word or one of its family?"""
        return word in self.often or any(family in self.kin for family in kin_of().get(word, ()))


class Evidence:
    """The tables of a desk's flows. Each word is weighed once."""

    def __init__(self, phrases: Sequence[Sequence[str]]) -> None:
        """`phrases` of each flow, in the flows' order."""
        self._flows = [_known(each) for each in phrases]
        self._weighed: dict[str, tuple[float, ...]] = {}
        self._vocabulary = {word for flow in self._flows for word in flow.often}
        families = {family for flow in self._flows for family in flow.kin}
        self._long = sorted(word for word in self._vocabulary if len(word) >= _SLIP_LETTERS and " " not in word)
        self._meant = lru_cache(maxsize=1024)(self._slip)
        self._kindred = {word for word, of in kin_of().items() if of & families}

    def touches(self, said: Sequence[str]) -> bool:
        """Does any of these stems say something for a flow? Where none does, no flow is like the message."""
        return not (self._vocabulary.isdisjoint(said) and self._kindred.isdisjoint(said))

    def weigh(self, said: Sequence[Word]) -> list[Likeness]:
        """How like each flow the words are, in the flows' order."""
        asked = self._spelled(_weights(said))
        pairs = _pairs(said)
        own = [word for word in asked if word in self._vocabulary or word in self._kindred]
        other = [word for word in asked if word not in self._vocabulary and word not in self._kindred]
        named = min(_NAMED_MOST, sum(_unknown(word, asked[word]) for word in other if word not in topical()))
        foreign = sum(asked[word] * _TURNS for word in other if word in topical())
        lost = sum(word in turning() for word in other)
        return [
            self._likeness(place, flow, {word: asked[word] for word in own}, pairs, (named + foreign, lost, len(asked)))
            for place, flow in enumerate(self._flows)
        ]

    def _spelled(self, asked: Mapping[str, float]) -> dict[str, float]:
        """The words, an unknown one replaced by the only word of these flows that is one slip of the pen away."""
        found: dict[str, float] = {}
        for word, weight in asked.items():
            known = word in self._vocabulary or word in topical() or len(word) < _SLIP_LETTERS or weight < 1
            meant = word if known else self._meant(word)
            found[meant] = max(found.get(meant, 0.0), weight)
        return found

    def _slip(self, word: str) -> str:
        alike = (other for other in self._long if OSA.distance(word, other, score_cutoff=1) <= 1)
        near = [other for other in alike if not (other.startswith(word) or word.startswith(other))]
        wrong_letter = len(near) == 1 and len(near[0]) == len(word) and sorted(near[0]) != sorted(word)
        return near[0] if len(near) == 1 and not (wrong_letter and len(word) == _SLIP_LETTERS) else word

    def _likeness(
        self, place: int, flow: _Known, own: Mapping[str, float], pairs: set[str], rest: tuple[float, int, int]
    ) -> Likeness:
        unexplained, turned, size = rest
        evidence, explained, whole, strange = 0.0, 0.0, unexplained, size > 0
        for word, weight in own.items():
            evidence += weight * self._of(word)[place]
            knows = flow.knows(word)
            if not knows and word in topical():
                whole += weight * (_TURNS - 1)
                turned += word in turning()
            whole += weight
            strange = strange and not (knows and weight >= 1)
            explained += weight * min(1.0, 0.5 + 2 * flow.share(word)) if knows else 0.0
        evidence += _PAIR * sum(self._of(pair)[place] for pair in pairs if pair in self._vocabulary)
        nearest = max((2 * len(own.keys() & one) / (size + len(one)) for one in flow.sets), default=0.0)
        return Likeness(
            evidence=evidence + _NEAREST * nearest - _TURN_EVIDENCE * turned,
            explained=explained / whole if whole else 0.0,
            nearest=nearest,
            turned=turned,
            strange=strange,
        )

    def _of(self, word: str) -> tuple[float, ...]:
        """What a word says for each flow; only words of the flows and their families are kept."""
        found = self._weighed.get(word)
        if found is None:
            shares = [flow.share(word) for flow in self._flows]
            found = tuple(_against(shares, place, flow.rare) for place, flow in enumerate(self._flows))
            self._weighed[word] = found
        return found


def sureness(best: Likeness, lead: float) -> float:
    """How sure it is that the best flow is meant, about 0..1; `lead` is its evidence over the next flow's."""
    sure = 0.45 * best.explained + 0.25 * best.nearest + 0.15 * min(best.evidence, 5) / 5 + 0.15 * min(lead, 3) / 3
    return sure - _TURN_SURENESS * min(best.turned, _TURNS_MOST) - _STRANGE_SURENESS * best.strange


def _against(shares: Sequence[float], at: int, rare: float) -> float:
    """What a word says for the flow at `at`; where there is no other, `rare` is how common words are elsewhere."""
    others = [share for place, share in enumerate(shares) if place != at] or [rare]
    elsewhere = (1 - _RIVAL_SHARE) * sum(others) / len(others) + _RIVAL_SHARE * max(others)
    return math.log(shares[at] / elsewhere)


def _known(phrases: Sequence[str]) -> _Known:
    often: Counter[str] = Counter()
    kin: Counter[int] = Counter()
    sets = []
    for phrase in phrases:
        said = words(phrase)
        telling = frozenset(_weights(said))
        often.update(telling | _pairs(said))
        kin.update({family for word in telling for family in kin_of().get(word, ())})
        sets.append(telling)
    return _Known(len(phrases), often, kin, tuple(filter(None, sets)))


def _weights(said: Sequence[Word]) -> dict[str, float]:
    """Each telling word once: its stem and how much it counts."""
    found: dict[str, float] = {}
    for word in _telling(said):
        if word.text not in QUIET:
            found[word.stem] = max(found.get(word.stem, 0.0), _SMALL if word.text in SMALL_WORDS else 1.0)
    return found


def _pairs(said: Sequence[Word]) -> set[str]:
    kept = _telling(said)
    return {f"{one.stem} {other.stem}" for one, other in pairwise(kept)}


def _telling(said: Sequence[Word]) -> list[Word]:
    return [word for word in said if not _HAS_FIGURE.search(word.text)]


def _unknown(word: str, weight: float) -> float:
    return _NAMED * weight * (_UNKNOWN_SMALL if weight < 1 else 1.0)
