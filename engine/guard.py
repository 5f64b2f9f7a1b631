"""The guard: may what a model made of the author's reply be said? (S25, X55, X58)

1. What is said claims nothing that the author, a settled value or a fact does not claim, and leaves nothing out.
2. The question is the author's to the last letter, and the only one; options are none of a model's business.
3. Whatever is in doubt is refused: the author's words are always at hand.
"""

from __future__ import annotations

from dataclasses import replace

from engine.claims import claims
from engine.courtesy import PLAIN_STEMS
from engine.footing import Fault, Footing, links
from engine.promises import bound, denies
from engine.readers.sentences import sentences
from engine.readers.words import only, plain, stems, words
from engine.unsayable import joined, unsayable

NEW_WORDS = 2
"""Words of its own that a sentence may have beside those that it shares with the author's."""


def guarded(line: str, footing: Footing) -> tuple[str, Fault | None]:
    """What stands in front of the question in this line, and why it may not be said, if it may not."""
    line = _unquoted(line)
    fault = unsayable(line, footing)
    if fault is not None:
        return "", fault
    head = _in_front(line, footing)
    if head is None:
        return "", Fault.QUESTION
    return head, _untrue(head, footing)


def _unquoted(line: str) -> str:
    line = "\n".join(" ".join(part.split()) for part in line.strip().splitlines() if part.strip())
    pairs = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"))
    return next((line[1:-1].strip() for a, b in pairs if len(line) > 1 and line[0] == a and line[-1] == b), line)


def _untrue(head: str, footing: Footing) -> Fault | None:
    """What a line must not make of what the author tells."""
    if not head and not footing.told:
        return None
    bare = replace(footing, question="")
    checks = (
        (Fault.PROMISE, not bound(joined(head)) <= bound(footing.told)),
        (Fault.VALUE, not footing.claims(head) <= footing.claims(bare.said)),
        (Fault.MISSING, not _keeps(head, footing)),
        (Fault.DENIAL, denies(head) != denies(footing.told)),
        (Fault.STRANGE, _strays(head, footing)),
    )
    return next((fault for fault, found in checks if found), None)


def _in_front(line: str, footing: Footing) -> str | None:
    """The line without its question; None where it does not ask what the author asks, and only that.

    The author's question is put in its place: the answer is read as one to that.
    """
    if not footing.question:
        return None if line.count("?") > footing.told.count("?") else line
    asked, folded = " ".join(footing.question.split()), " ".join(line.split())
    place = plain(folded).rfind(plain(asked))
    if place >= 0:
        head, behind = folded[:place].strip(), folded[place + len(asked) :]
        kept = None if only(behind) else head
    else:
        kept = _without_its_own(line, footing)
    return None if kept is None or kept.count("?") > footing.told.count("?") else kept


def _without_its_own(line: str, footing: Footing) -> str | None:
    """The line without a last sentence that asks for the same thing in words of its own."""
    spans = [span for span in sentences(line) if only(line[slice(*span)])]
    if not spans:
        return None
    start, end = spans[-1]
    if not _shares(line[start:end], footing.question) or ("?" in line[start:end]) != ("?" in footing.question):
        return None
    return line[:start].strip()


def _keeps(head: str, footing: Footing) -> bool:
    """Does it tell every value that the author tells, in that order?"""
    told = list(dict.fromkeys(claim.what for claim in claims(footing.told, footing.reading)))
    now = list(dict.fromkeys(claim.what for claim in claims(head, footing.reading)))
    if [what for what in now if what in told] != told:
        return False
    if links(head) != links(footing.told):
        return False
    was, folded = f" {only(footing.told)} ", f" {only(head)} "
    kept = {f" {only(value)} " for value in footing.kept if only(value)}
    places = [(was.find(value), folded.find(value)) for value in kept if value in was]
    after = [place for _, place in sorted(places)]
    return -1 not in after and after == sorted(after)


def _strays(head: str, footing: Footing) -> bool:
    """Does a sentence speak of something that the author, and what is known, do not speak of?"""
    if footing.told and not _shares(head, footing.told) and set(_content(footing.told)):
        return True
    sayable = set(stems(footing.said))
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
    return [word.stem for word in words(text) if word.stem not in PLAIN_STEMS and not word.text.isdigit()]
