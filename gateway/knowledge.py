"""The desk's knowledge in memory: SQLite's full-text index finds passages, and a floor keeps what is no answer away."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from engine.knowledge import Passage
from engine.ports import Quote
from engine.readers.figures import disagree
from engine.readers.inquiries import Inquiry, Kind, Topic, family, is_topical, read_inquiry, tells
from engine.readers.words import stems, words

FLOOR = 0.75
"""The share of a question's topic words, weighed by rarity, that an answer must speak of (S34)."""
TITLED = 0.25
"""What it adds to a passage's rank that its heading speaks of all that is asked."""
NEAR = 0.05
"""Two passages whose ranks are nearer than this answer equally well."""
ALIKE = 0.9
"""What a word of the same meaning counts."""
RARE = 0.25
"""A word outside the heading tells one passage from others only if no more than this share of them use it."""
TYPO = 85.0
"""Likeness, of 100, from which an unknown word is a known one misspelt."""
TYPO_MIN_CHARS = 5
LOOKED_AT = 12
"""Passages that the index gives to be weighed."""
HEADING_WEIGHT = 4.0

_LEANS = re.compile(r"(?:it|its|they|their|this|that|these|those|otherwise)\b", re.IGNORECASE)
_FIND = "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage, ?, 1.0), rowid LIMIT ?"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    passage: Passage
    text: str
    rank: float


class Shelf:
    """Built once from a deployment's passages; reading it changes nothing. Implements `engine.ports.Knowledge`."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = tuple(passages)
        self._heads = [_stems(one.source) for one in self.passages]
        self._bodies = [_stems(one.text) for one in self.passages]
        pairs = zip(self._heads, self._bodies, strict=True)
        self._used = Counter(word for head, body in pairs for word in head | body)
        self._known = [word for word in self._used if len(word) >= TYPO_MIN_CHARS]
        self._index = _indexed(self.passages)

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """The flow's answer, else the desk's; two that disagree, else the best; nothing below the floor."""
        inquiry = self._spelt(read_inquiry(question))
        return _best(self._answers(inquiry), flow) if inquiry.topics else ()

    def quote_near(self, question: str, flow: str | None, near: Iterable[tuple[int, float]]) -> tuple[Quote, ...]:
        """The same of passages that are `near` a question in what they mean: (place in `passages`, likeness).

        What was asked for must still be in them: its kind of fact, and every word that narrows.
        """
        inquiry = self._spelt(read_inquiry(question))
        return _best(self._alike(inquiry, near), flow)

    def _alike(self, inquiry: Inquiry, near: Iterable[tuple[int, float]]) -> Iterator[_Answer]:
        for place, likeness in near:
            passage, said = self.passages[place], self._heads[place] | self._bodies[place]
            if any(topic.bound and not _speaks(topic, said) for topic in inquiry.topics):
                continue
            if passage.item and not any(_speaks(topic, self._bodies[place]) for topic in inquiry.topics):
                continue
            for at in self._by_share(inquiry, passage.sentences):
                text = _two(passage.sentences, at)
                if tells(f"{passage.source}. {text}", inquiry):
                    yield _Answer(passage=passage, text=text, rank=likeness)
                    break

    def _by_share(self, inquiry: Inquiry, sentences: Sequence[str]) -> list[int]:
        """Places of sentences, the one that speaks most of the question first."""
        places = range(len(sentences))
        return sorted(places, key=lambda at: -self._share(inquiry, _stems(sentences[at])) if inquiry.topics else 0.0)

    def _answers(self, inquiry: Inquiry) -> Iterator[_Answer]:
        """The passages that answer, the index's best first."""
        for place in self._found(inquiry):
            passage, head = self.passages[place], self._heads[place]
            spoken = [head | _stems(_leaning(passage.sentences, at)) for at in range(len(passage.sentences))]
            share, at = max((self._share(inquiry, said), -at) for at, said in enumerate(spoken))
            sentence = _leaning(passage.sentences, -at)
            text = _two(passage.sentences, -at)
            told = tells(f"{passage.source}. {text}", inquiry)
            if share >= FLOOR and told and self._is_about(place, sentence, inquiry):
                yield _Answer(passage=passage, text=text, rank=share + TITLED * self._share(inquiry, head))

    def _found(self, inquiry: Inquiry) -> list[int]:
        said = {word for topic in inquiry.topics for word in (topic.word, topic.stem, *topic.family)}
        query = " OR ".join(f'"{word}"*' for word in sorted(said))
        return [row[0] for row in self._index.execute(_FIND, (query, HEADING_WEIGHT, LOOKED_AT))]

    def _share(self, inquiry: Inquiry, said: frozenset[str]) -> float:
        whole = sum(map(self._weight, inquiry.topics))
        exact = {topic.stem for topic in inquiry.topics} & said
        return sum(self._weight(topic) * _speaks(topic, said, exact) for topic in inquiry.topics) / whole

    def _weight(self, topic: Topic) -> float:
        often = max(self._used[word] for word in (topic.stem, *topic.family))
        return math.log(1 + len(self.passages) / max(often, 1))

    def _is_about(self, place: int, sentence: str, inquiry: Inquiry) -> bool:
        """Is that what the passage is about, and not only named in it? No narrowing word may be missing."""
        passage, head, body = self.passages[place], self._heads[place], _stems(sentence)
        if any(topic.bound and not _speaks(topic, head | body) for topic in inquiry.topics):
            return False
        if passage.item and not any(_speaks(topic, body) for topic in inquiry.topics):
            return False
        if not inquiry.asking:
            return _titles(head, passage.source, inquiry)
        if any(_speaks(topic, head) for topic in inquiry.topics):
            return True
        few = max(1.0, RARE * len(self.passages))
        rare = [topic for topic in inquiry.topics if 0 < self._used[topic.stem] <= few]
        if len(inquiry.topics) > 1 or not rare:
            return bool(rare)
        return _subject_of(sentence, rare[0], inquiry) or (rare[0].bound and _names(sentence, rare[0]))

    def _spelt(self, inquiry: Inquiry) -> Inquiry:
        """With words that nobody wrote down taken for the known ones they resemble."""
        topics = tuple(self._respelt(topic) for topic in inquiry.topics)
        return Inquiry(topics=topics, kind=inquiry.kind, counted=inquiry.counted, asking=inquiry.asking)

    def _respelt(self, topic: Topic) -> Topic:
        if topic.family or topic.stem in self._used or len(topic.word) < TYPO_MIN_CHARS or not topic.word.isalpha():
            return topic
        found = process.extractOne(topic.stem, self._known, scorer=fuzz.ratio, score_cutoff=TYPO)
        if found is None or found[0][0] != topic.stem[0]:
            return topic
        return Topic(word=found[0], stem=found[0], family=family(found[0]), bound=topic.bound)


def _best(answers: Iterable[_Answer], flow: str | None) -> tuple[Quote, ...]:
    """The flow's own, else the desk's; the two best where they disagree, else the best."""
    found = list(answers)
    own = [one for one in found if flow is not None and one.passage.flow == flow]
    ranked = sorted(own or found, key=lambda one: -one.rank)
    rival = next((one for one in ranked[1:] if _rivals(ranked[0], one)), None)
    return tuple(
        Quote(text=one.text, source=one.passage.source, place=one.passage.place)
        for one in (*ranked[:1], rival)
        if one is not None
    )


def _indexed(passages: Sequence[Passage]) -> sqlite3.Connection:
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.execute(
        "CREATE VIRTUAL TABLE passage USING fts5(head, body, tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    rows = ((place, one.source, one.text) for place, one in enumerate(passages))
    index.executemany("INSERT INTO passage (rowid, head, body) VALUES (?, ?, ?)", rows)
    index.execute("INSERT INTO passage (passage) VALUES ('optimize')")
    index.commit()
    return index


def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _two(sentences: Sequence[str], at: int) -> str:
    """A sentence with the one behind it; the last with the one before, which it may lean on."""
    first = min(at, max(0, len(sentences) - 2))
    return " ".join(sentences[first : first + 2])


def _leaning(sentences: Sequence[str], at: int) -> str:
    """A sentence; with the one before, where it begins with a word that stands for something in that."""
    leans = at > 0 and _LEANS.match(sentences[at])
    return f"{sentences[at - 1]} {sentences[at]}" if leans else sentences[at]


def _titles(head: Set[str], source: str, inquiry: Inquiry) -> bool:
    """Words that ask nothing name a heading: all of them stand there, and they are half of what it says."""
    named = [topic for topic in inquiry.topics if topic.stem in head]
    title = [word for word in words(source.rsplit(", ", 1)[-1]) if is_topical(word)]
    return len(named) == len(inquiry.topics) and 2 * len(named) >= len(title)


def _subject_of(sentence: str, topic: Topic, inquiry: Inquiry) -> bool:
    """Is a fact asked for of what a sentence begins with?"""
    first = [word.stem for word in words(sentence) if is_topical(word)][:2]
    return inquiry.kind is not Kind.ANY and topic.stem in first


def _names(sentence: str, topic: Topic) -> bool:
    """Is it somebody's name there, written large in the middle of a sentence?"""
    return any(word.stem == topic.stem and sentence[word.start].isupper() for word in words(sentence)[1:])


def _speaks(topic: Topic, said: Set[str], spent: Set[str] = frozenset()) -> float:
    """Fully by its own stem; by one that means the same a little less, unless another topic is spoken of by that."""
    if topic.stem in said:
        return 1.0
    return 0.0 if topic.family.isdisjoint(said - spent) else ALIKE


def _rivals(best: _Answer, other: _Answer) -> bool:
    """Do both answer equally well, from two sections, with different figures?"""
    apart = (best.passage.file, best.passage.section) != (other.passage.file, other.passage.section)
    return apart and best.rank - other.rank < NEAR and disagree(best.text, other.text)
