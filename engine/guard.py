"""The guard: may what a model made of the author's reply be said? (S25, X55, X58)

1. What is said claims nothing that the author, a settled value or a fact does not claim, and leaves nothing out.
2. The question is the author's to the last letter, and the only one; options are none of a model's business.
3. Whatever is in doubt is refused: the author's words are always at hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.checking import quoted, reaches
from engine.claims import claims
from engine.courtesy import PLAIN
from engine.message import Limits
from engine.promises import bound, denies
from engine.readers.reading import Reading
from engine.readers.sentences import sentences
from engine.readers.spans import Taken
from engine.readers.words import only, plain, stems, words

BYTES_PER_TOKEN = 3
"""The estimate of S20."""
SEGMENT_CHARS = 160
"""What one SMS carries of plain letters. Source: 3GPP TS 23.038."""
LIKE_THE_PROMPT = 5
"""Words in a row that stand in what the model was told, and nowhere in what may be said."""
RARE_CHARS = 5
"""A word this long that only the prompt has is the prompt's."""
SPELLED_OUT = 3
"""Letters in a row that stand alone."""
NEW_WORDS = 2
"""Words of its own that a sentence may have beside those that it shares with the author's."""

_SEAM = re.compile(r"(?<=\w)[-.·’'/](?=\w)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SPEAKERS: frozenset[str] = frozenset(
    (
        "system",
        "assistant",
        "user",
        "customer",
        "bot",
        "agent",
        "human",
        "developer",
        "tool",
        "kunde",
        "cliente",
        "client",
    )
)
_ROT13 = {ord(a): b for a, b in zip("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm", strict=True)}


class Fault(StrEnum):
    """Why a line is not said; a closed set, for it labels a counter (X16)."""

    SILENT = "silent"
    LONG = "long"
    CHARACTERS = "characters"
    LINK = "link"
    PROMPT = "prompt"
    PROMISE = "promise"
    VALUE = "value"
    MISSING = "missing"
    DENIAL = "denial"
    NAME = "name"
    STEP = "step"
    QUESTION = "question"
    STRANGE = "strange"


WHY = {
    Fault.SILENT: "it says nothing",
    Fault.LONG: "it is longer than the desk or the channel lets a reply be",
    Fault.CHARACTERS: "it holds markup, or characters that the reply has no use for",
    Fault.LINK: "it holds a link that the author did not write",
    Fault.PROMPT: "it gives away what the model was told",
    Fault.PROMISE: "it promises, reports or asks for what the author does not",
    Fault.VALUE: "it holds a value that no slot, fact or reply has",
    Fault.MISSING: "it leaves out a value, or changes the order of two",
    Fault.DENIAL: "it denies what the author does not deny, or the other way round",
    Fault.NAME: "it names somebody or something that the author does not",
    Fault.STEP: "it names another step or task",
    Fault.QUESTION: "it does not keep the question, or asks another",
    Fault.STRANGE: "it speaks of something else",
}
"""The same for a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What a line may stand on: the author's reply, `known` values as a person reads them; and what it may not say."""

    told: str
    question: str
    known: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Values that must stay where the author names them."""
    others: tuple[str, ...] = ()
    """Titles of other steps and tasks."""
    instruction: str = ""
    """What the model was told to do: none of it is for customers (X56)."""
    mark: str = ""
    limits: Limits
    budget: int
    """Tokens (S20)."""
    reading: Reading

    @property
    def author(self) -> str:
        """The whole reply."""
        return f"{self.told}\n{self.question}".strip()

    @property
    def said(self) -> str:
        """Everything that may be said."""
        return "\n".join((self.author, *self.known))


def guarded(line: str, ground: Ground) -> tuple[str, Fault | None]:
    """What stands in front of the question in this line, and why it may not be said, if it may not."""
    line = _unquoted(line)
    fault = _unsayable(line, ground)
    if fault is not None:
        return "", fault
    head = _in_front(line, ground)
    if head is None:
        return "", Fault.QUESTION
    return head, _untrue(head, ground)


def _unsayable(line: str, ground: Ground) -> Fault | None:
    """What no line may hold, whatever it tells."""
    checks = (
        (Fault.SILENT, not only(line)),
        (Fault.LONG, _too_long(line, ground)),
        (Fault.CHARACTERS, _odd(line, ground)),
        (Fault.LINK, _reaches(line, ground)),
        (Fault.PROMPT, _prompted(line, ground)),
        (Fault.PROMISE, not bound(_joined(line)) <= bound(ground.author)),
        (Fault.VALUE, not _claims(line, ground) <= _claims(ground.said, ground)),
        (Fault.NAME, _names(line, ground)),
        (Fault.STEP, any(quoted(title, line) and not quoted(title, ground.author) for title in ground.others)),
    )
    return next((fault for fault, found in checks if found), None)


def _untrue(head: str, ground: Ground) -> Fault | None:
    """What a line must not make of what the author tells."""
    if not head and not ground.told:
        return None
    bare = replace(ground, question="")
    checks = (
        (Fault.PROMISE, not bound(_joined(head)) <= bound(ground.told)),
        (Fault.VALUE, not _claims(head, ground) <= _claims(bare.said, ground)),
        (Fault.MISSING, not _keeps(head, ground)),
        (Fault.DENIAL, denies(head) != denies(ground.told)),
        (Fault.STRANGE, _strays(head, ground)),
    )
    return next((fault for fault, found in checks if found), None)


def _unquoted(line: str) -> str:
    line = "\n".join(" ".join(part.split()) for part in line.strip().splitlines() if part.strip())
    pairs = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"))
    return next((line[1:-1].strip() for a, b in pairs if len(line) > 1 and line[0] == a and line[-1] == b), line)


def _too_long(line: str, ground: Ground) -> bool:
    """Never over the budget, nor in more parts than one, unless the author's reply takes more already."""
    most = ground.limits.max_chars if ground.limits.unit != "segments" else SEGMENT_CHARS
    whole = len(f"{line}\n{ground.question}")
    return len(line.encode()) > ground.budget * BYTES_PER_TOKEN or whole > max(most, len(ground.author))


def _odd(line: str, ground: Ground) -> bool:
    """Markup, letters of another script, spelled-out words, characters that nobody sees or that cost a message more."""
    new = set(line) - set(ground.said) - {"\n"}
    plainly = ground.limits.unit != "segments"
    if any(char in "<>[]{}`\\|^~*_#@" or not (plainly or char.isascii()) for char in new):
        return True
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "No", "Mn", "Me") for char in new):
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


def _reaches(line: str, ground: Ground) -> bool:
    return not _links(line) <= _links(ground.author)


def _links(text: str) -> set[str]:
    return {token.strip(".,;:!?()") for token in text.split() if reaches(token)}


def _prompted(line: str, ground: Ground) -> bool:
    """Its marks, a speaker's label, a run of its words, or a word that only it has: as it stands or turned round."""
    if ground.mark and ground.mark in line:
        return True
    if any(
        first.strip().lower() in _SPEAKERS
        for first, colon, _ in (row.partition(":") for row in line.splitlines())
        if colon
    ):
        return True
    told, sayable = only(ground.instruction).split(), only(ground.said)
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


def _joined(line: str) -> str:
    """The line, and once more without what may part a word in two."""
    return f"{line}\n{_SEAM.sub('', line)}"


def _claims(text: str, ground: Ground) -> set[tuple[str, str]]:
    return {claim.what for claim in claims(text, ground.reading)}


def _names(line: str, ground: Ground) -> bool:
    """Words with a capital inside a sentence, or all in capitals, that stand nowhere in what may be said."""
    sayable = set(only(ground.said).split()) | PLAIN
    claimed = Taken([(claim.start, claim.end) for claim in claims(line, ground.reading)])
    capitals = ground.reading.language != "de"  # where every noun has one
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


def _in_front(line: str, ground: Ground) -> str | None:
    """The line without its question; None where it does not ask what the author asks, and only that.

    The author's question is put in its place: the answer is read as one to that.
    """
    if not ground.question:
        return None if line.count("?") > ground.told.count("?") else line
    asked, folded = " ".join(ground.question.split()), " ".join(line.split())
    place = plain(folded).rfind(plain(asked))
    if place >= 0:
        head, behind = folded[:place].strip(), folded[place + len(asked) :]
        kept = None if only(behind) else head
    else:
        kept = _without_its_own(line, ground)
    return None if kept is None or kept.count("?") > ground.told.count("?") else kept


def _without_its_own(line: str, ground: Ground) -> str | None:
    """The line without a last sentence that asks for the same thing in words of its own."""
    spans = [span for span in sentences(line) if only(line[slice(*span)])]
    if not spans:
        return None
    start, end = spans[-1]
    if not _shares(line[start:end], ground.question) or ("?" in line[start:end]) != ("?" in ground.question):
        return None
    return line[:start].strip()


def _keeps(head: str, ground: Ground) -> bool:
    """Does it tell every value that the author tells, in that order?"""
    told = list(dict.fromkeys(claim.what for claim in claims(ground.told, ground.reading)))
    now = list(dict.fromkeys(claim.what for claim in claims(head, ground.reading)))
    if [what for what in now if what in told] != told:
        return False
    if _links(head) != _links(ground.told):
        return False
    was, folded = plain(ground.told), plain(head)
    kept = {plain(value) for value in ground.kept if only(value)}
    places = [(was.find(value), folded.find(value)) for value in kept if value in was]
    after = [place for _, place in sorted(places)]
    return -1 not in after and after == sorted(after)


def _strays(head: str, ground: Ground) -> bool:
    """Does a sentence speak of something that the author, and what is known, do not speak of?"""
    if ground.told and not _shares(head, ground.told) and set(_content(ground.told)):
        return True
    sayable = set(stems(ground.said))
    for start, end in sentences(head):
        content = _content(head[start:end])
        new = [word for word in content if word not in sayable]
        if new and (len(new) == len(content) or len(new) > NEW_WORDS):
            return True
    return False


def _shares(text: str, other: str) -> bool:
    return not set(_content(text)).isdisjoint(_content(other))


def _content(text: str) -> list[str]:
    """The stems of the words that say something by themselves."""
    return [word.stem for word in words(text) if word.text not in PLAIN and not word.text.isdigit()]


def titles(names: Iterable[str], own: Sequence[str]) -> tuple[str, ...]:
    """Titles of more words than one, that are none of the step's own: a single word may mean anything."""
    mine = {only(name) for name in own}
    return tuple(name for name in names if " " in only(name) and only(name) not in mine)
