"""What was expected beside the nearest of what was said, word by word, for a flow's author to see the difference."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from gateway.rehearsal.wording import choices, normal, regular

ENOUGH = 0.5
"""Share of the expected words that must occur: what has less in common is another sentence."""
_ANYTHING = "..."


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Words in a row: what was `expected` and what stands there instead; the same when they agree."""

    expected: str
    got: str

    @property
    def same(self) -> bool:
        """Do they agree?"""
        return normal(self.expected) == normal(self.got)

    def __str__(self) -> str:
        if self.same:
            return self.got
        marks = (f"[-{self.expected}-]" if self.expected else "", f"{{+{self.got}+}}" if self.got else "")
        return " ".join(filter(None, marks))


def difference(expected: str, got: str) -> tuple[Piece, ...]:
    """The nearest stretch of `got`, in pieces; empty for an expression, and where nothing is near."""
    pattern = choices(expected)[0]
    if not pattern or regular(pattern) is not None:
        return ()
    wanted = [word for word in pattern.split() if word != _ANYTHING]
    said = got.split()
    matcher = SequenceMatcher(None, [normal(word) for word in wanted], [normal(word) for word in said], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < ENOUGH * len(wanted) or not blocks:
        return ()
    begins, ends = blocks[0].b, blocks[-1].b + blocks[-1].size
    pieces: list[Piece] = []
    for _, i, j, m, n in matcher.get_opcodes():
        if i == j and not begins < m < ends:
            continue
        # Outside of what agrees, as many words as were expected there are beside them.
        first, last = (max(m, n - (j - i)) if m < begins else m), (min(n, m + j - i) if m >= ends else n)
        pieces.append(Piece(expected=" ".join(wanted[i:j]), got=" ".join(said[first:last])))
    return tuple(pieces)
