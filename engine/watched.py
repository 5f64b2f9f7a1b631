"""Words that a desk or a flow watches for under `escalation:`: keywords, and names of competitors (S40)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.readers.corrections import negated
from engine.readers.words import clip, plain


class WatchedWords:
    """A list of whole words and phrases, each found under one name."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        """`listed` is word or phrase -> the name it counts as."""
        self._names = {plain(word): name for word, name in listed.items()}
        longest = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")

    def found(self, text: str, *, denied_too: bool) -> tuple[str, ...]:
        """The names of those that stand in a text, in their order, each once. `denied_too`: also in "no lawyer"."""
        text = clip(text)
        places = self._pattern.finditer(plain(text))
        found = [self._names[m[0]] for m in places if denied_too or not negated(text, m.start())]
        return tuple(dict.fromkeys(found))


class Watched:
    """What one policy watches for."""

    def __init__(self, keywords: WatchedWords | None, competitors: WatchedWords | None) -> None:
        self._keywords, self._competitors = keywords, competitors

    def keywords(self, text: str) -> tuple[str, ...]:
        """Watched words that the customer says and does not deny."""
        return self._keywords.found(text, denied_too=False) if self._keywords else ()

    def competitors(self, text: str) -> tuple[str, ...]:
        """Competitors that are named, by the first name each was listed with."""
        return self._competitors.found(text, denied_too=True) if self._competitors else ()


def watched(*policies: Mapping[str, Any]) -> Watched | None:
    """What policies watch for, a later one's list in place of an earlier one's; None: nothing."""
    keywords = dict(_listed(policies, "keyword", "words"))
    competitors = dict(_listed(policies, "competitor", "names"))
    if not keywords and not competitors:
        return None
    return Watched(WatchedWords(keywords) if keywords else None, WatchedWords(competitors) if competitors else None)


def _listed(policies: tuple[Mapping[str, Any], ...], trigger: str, key: str) -> Iterator[tuple[str, str]]:
    own = [block for policy in policies if isinstance(block := policy.get(trigger), Mapping) and key in block]
    for item in own[-1][key] if own else ():
        name, aliases = (item.get("name", ""), item.get("aliases", ())) if isinstance(item, Mapping) else (item, ())
        yield from ((str(word), str(name)) for word in (name, *aliases) if str(word).strip())
