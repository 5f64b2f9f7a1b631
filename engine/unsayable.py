"""What no line of a model may hold, whatever it tells (S25, X55, X56, X58)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from engine.briefing import estimated
from engine.checking import quoted
from engine.claims import claims
from engine.courtesy import PLAIN
from engine.footing import Fault, Footing, links
from engine.promises import bound
from engine.readers.sentences import sentences
from engine.readers.spans import Taken
from engine.readers.vocabulary import word_set
from engine.readers.words import only, plain, words

SEGMENT_CHARS = 160
"""What one SMS carries of plain letters. Source: 3GPP TS 23.038."""
LIKE_THE_PROMPT = 5
"""Words in a row that stand in what the model was told, and nowhere in what may be said."""
RARE_CHARS = 5
"""A word this long that only the prompt has is the prompt's."""
WORD_CHARS = 60
"""A longer word is none."""
SPELLED_OUT = 3
"""Letters in a row that stand alone."""

_SEAM = re.compile(r"(?<=\w)[-.·’'/](?=\w)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SPEAKERS = word_set("system assistant user customer bot agent human developer tool kunde cliente client")
"""Behind whose name and a colon somebody else would speak."""
_ROT13 = {ord(a): b for a, b in zip("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm", strict=True)}


def unsayable(line: str, footing: Footing) -> Fault | None:
    """The first of these faults that the line has."""
    if not only(line):
        return Fault.SILENT
    if _too_long(line, footing):  # before all that read it: what is left is short
        return Fault.LONG
    checks: tuple[tuple[Fault, Callable[[], bool]], ...] = (
        (Fault.CHARACTERS, lambda: _odd(line, footing)),
        (Fault.LINK, lambda: _reaches(line, footing)),
        (Fault.PROMPT, lambda: _prompted(line, footing)),
        (Fault.PROMISE, lambda: not bound(joined(line)) <= bound(footing.author)),
        (Fault.VALUE, lambda: not footing.claims(line) <= footing.claims(footing.said)),
        (Fault.NAME, lambda: _names(line, footing)),
        (Fault.STEP, lambda: any(quoted(t, line) and not quoted(t, footing.author) for t in footing.others)),
    )
    return next((fault for fault, found in checks if found()), None)


def unseen(chars: Iterable[str]) -> bool:
    """Is one of these a character that nobody sees?"""
    return any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") for char in chars)


def joined(line: str) -> str:
    """The line, and once more without what may part a word in two."""
    return f"{line}\n{_SEAM.sub('', line)}"


def _too_long(line: str, footing: Footing) -> bool:
    """Never over the budget, nor in more parts than one, unless the author's reply takes more already."""
    most = footing.limits.max_chars if footing.limits.unit != "segments" else SEGMENT_CHARS
    whole = len(f"{line}\n{footing.question}")
    if any(len(word) > WORD_CHARS and word not in footing.author for word in line.split()):
        return True
    return estimated(line) > footing.budget or whole > max(most, len(footing.author))


def _odd(line: str, footing: Footing) -> bool:
    """Markup, letters of another script, spelled-out words, characters that nobody sees or that cost a message more."""
    new = set(line) - set(footing.said) - {"\n"}
    plainly = footing.limits.unit != "segments"
    if any(char in "<>[]{}`\\|^~*_#@" or not (plainly or char.isascii()) for char in new):
        return True
    if unseen(new) or any(unicodedata.category(char) in ("No", "Mn", "Me") for char in new):
        return True
    if any(not char.isascii() and _disguised(char) for char in new):
        return True
    alone = 0
    for word in words(line):
        alone = alone + 1 if len(word.text) == 1 and not word.text.isdigit() else 0
        if alone >= SPELLED_OUT:
            return True
    return False


def _disguised(char: str) -> bool:
    """A letter of another script, or a sign that stands for a letter or figure."""
    plainly = unicodedata.normalize("NFKC", char)
    if plainly != char:
        return any(map(str.isalnum, plainly))
    return char.isalpha() and not unicodedata.name(char, "").startswith("LATIN")


def _reaches(line: str, footing: Footing) -> bool:
    return not links(line) <= links(footing.author)


def _prompted(line: str, footing: Footing) -> bool:
    """Its marks, a speaker's label, a run of its words, or a word that only it has: as it stands or turned round."""
    if footing.mark and footing.mark in line:
        return True
    if any(
        first.strip().lower() in _SPEAKERS
        for first, colon, _ in (row.partition(":") for row in line.splitlines())
        if colon
    ):
        return True
    told, sayable = only(footing.instruction).split(), only(footing.said)
    runs = zip(*(told[place:] for place in range(LIKE_THE_PROMPT)), strict=False)
    within = f" {only(line)} "
    if any((run := f" {' '.join(words_)} ") in within and run not in f" {sayable} " for words_ in runs):
        return True
    own = {word for word in told if len(word) >= RARE_CHARS} - set(sayable.split()) - PLAIN
    bare = "".join(filter(str.isalnum, plain(line)))
    turned = (bare[::-1], bare.translate(_ROT13))
    return any(word in own for word in within.split()) or any(
        word in other for word in own if len(word) > RARE_CHARS for other in turned
    )


def _names(line: str, footing: Footing) -> bool:
    """Words with a capital inside a sentence, or all in capitals, that stand nowhere in what may be said."""
    sayable = set(only(footing.said).split()) | PLAIN
    claimed = Taken([(claim.start, claim.end) for claim in claims(line, footing.reading)])
    capitals = footing.reading.language != "de"  # where every noun has one
    for start, end in sentences(line):
        for place, found in enumerate(_WORD.finditer(line, start, end)):
            word = found[0]
            loud = (capitals and place > 0 and word[:1].isupper()) or any(char.isupper() for char in word[1:])
            if (
                loud
                and not claimed.touches(found.start(), found.end())
                and not all(part in sayable for part in only(word).split())
            ):
                return True
    return False
