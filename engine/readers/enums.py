"""Choices: an enum's keys by their own words, synonyms and labels; near matches apart (R25, R26)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from engine.flow import SlotDef
from engine.readers.corrections import negated
from engine.readers.inquiries import family
from engine.readers.reading import Found
from engine.readers.words import Word, clip, only, stems, words

_MAX_PHRASE_WORDS = 8
_NEAR_MIN_LETTERS = 4
"""Shorter words have too many neighbours to guess at."""
_NEAR_MAX_WORDS = 120


def find_choices(slot: SlotDef, text: str) -> list[Found]:
    """The keys named in the text, whole words in any light inflection, the longest phrase first, none twice in a row.

    A key that is denied ("it is not broken") is not found.
    """
    lexicon = _lexicon(*_spec(slot))
    every = words(text)
    found: list[Found] = []
    at = 0
    while at < len(every):
        key, size = _longest(lexicon, every, at)
        if key is None:
            at += 1
            continue
        start, end = every[at].start, every[at + size - 1].end
        if not negated(text, start):
            found.append(Found(value=key, start=start, end=end, words=text[start:end]))
        at += size
    found = _as_said(slot, found)
    return [each for place, each in enumerate(found) if place == 0 or found[place - 1].value != each.value]


def kindred_choices(slot: SlotDef, text: str) -> list[Found]:
    """The one key that a word of its family names ("a concert" for music); nothing where two keys are."""
    kin = {relative: key for key, said in phrases(slot).items() for one in said for relative in _kin(one)}
    own = {stem for said in phrases(slot).values() for one in said for stem in stems(one)}
    found = [
        Found(value=kin[word.stem], start=word.start, end=word.end, words=text[word.start : word.end])
        for word in words(text)
        if word.stem in kin and word.stem not in own and not negated(text, word.start)
    ]
    return found[:1] if len({each.value for each in found}) == 1 else []


def _kin(phrase: str) -> frozenset[str]:
    said = stems(phrase)
    return family(said[0]) if len(said) == 1 else frozenset()


def _as_said(slot: SlotDef, found: list[Found]) -> list[Found]:
    """Of two keys the one that is named in its own form: "check my savings" is not about checking."""
    if len({each.value for each in found}) < 2:
        return found
    forms = {form for said in phrases(slot).values() for form in map(only, said)}
    named = [each for each in found if only(each.words) in forms or f"{only(each.words)}ing" not in forms]
    return named or found


def near_values(slot: SlotDef, text: str) -> list[tuple[str, float]]:
    """Every key with how nearly some words of the text match one of its phrases, 0..1, best first (R26).

    Source: normalised indel similarity over runs of as many words as the phrase has.
    """
    every = [word.text for word in words(clip(text))[:_NEAR_MAX_WORDS]]
    scores = {
        key: max((nearness(phrase, every) for phrase in said), default=0.0) for key, said in phrases(slot).items()
    }
    return sorted(((key, score) for key, score in scores.items() if score > 0), key=lambda pair: -pair[1])


def phrases(slot: SlotDef) -> dict[str, tuple[str, ...]]:
    """Each key with all its phrases: itself with spaces for underscores, its synonyms, its label."""
    keys = dict.fromkeys((*slot.values, *slot.choices))
    return {
        key: tuple(
            dict.fromkeys((key.replace("_", " "), *slot.values.get(key, ()), *filter(None, [slot.choices.get(key)])))
        )
        for key in keys
    }


_Spec = tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[tuple[str, str], ...]]


def _spec(slot: SlotDef) -> _Spec:
    return tuple(slot.values.items()), tuple(slot.choices.items())


@lru_cache(maxsize=512)
def _lexicon(
    values: tuple[tuple[str, tuple[str, ...]], ...], choices: tuple[tuple[str, str], ...]
) -> Mapping[str, str]:
    """Joined stems -> key, so that "e-book", "e book" and "ebook" are one. A key's own words win over a synonym."""
    slot = SlotDef(name="lexicon", values=dict(values), choices=dict(choices))
    lexicon: dict[str, str] = {}
    spoken = phrases(slot)
    for place in range(max((len(said) for said in spoken.values()), default=0)):
        for key, said in spoken.items():
            if place < len(said) and (joined := "".join(stems(said[place]))):
                lexicon.setdefault(joined, key)
    return lexicon


def _longest(lexicon: Mapping[str, str], every: Sequence[Word], at: int) -> tuple[str | None, int]:
    best: tuple[str | None, int] = (None, 0)
    joined = ""
    for size in range(1, min(_MAX_PHRASE_WORDS, len(every) - at) + 1):
        joined += every[at + size - 1].stem
        if joined in lexicon:
            best = (lexicon[joined], size)
    return best


def nearness(phrase: str, every: Sequence[str]) -> float:
    """How nearly a run of words of `every` is the phrase, 0..1; 0 for one too short to guess at."""
    wanted = [word.text for word in words(phrase)]
    goal = " ".join(wanted)
    if len(goal) < _NEAR_MIN_LETTERS or not every:
        return 0.0
    size = len(wanted)
    runs = [" ".join(every[at : at + size]) for at in range(max(1, len(every) - size + 1))]
    return max((fuzz.ratio(run, goal) / 100 for run in runs if len(run) >= _NEAR_MIN_LETTERS), default=0.0)
