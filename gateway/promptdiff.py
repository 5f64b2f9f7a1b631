"""What changed in the parts of prompts: between two folders, or since the turns that are kept (S21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice

from engine.notes import Notes
from engine.prompts import DESK, Prompts, version_of

Used = tuple[str, str, str]
"""Flow (or DESK), part and version, as notes name what a model was told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One part that is not what it was. `old` and `new` are its texts: None where there is none, or none is kept."""

    flow: str
    name: str
    before: str
    """The old version; empty: there was none."""
    old: str | None
    new: str | None
    turns: int | None = None
    """Kept turns that used the old one; None where no store was looked into."""

    @property
    def place(self) -> str:
        """Where its file would stand, below the folder."""
        return f"{self.flow}/prompts/{self.name}.md" if self.flow else f"prompts/{self.name}.md"


def used(turns: Iterable[Notes]) -> Counter[Used]:
    """How many turns used each version of each part."""
    counted: Counter[Used] = Counter()
    for notes in turns:
        counted.update(
            {(asked.flow, name, version) for asked in notes.consulted for name, version in asked.parts.items()}
        )
    return counted


def since(counted: Mapping[Used, int], texts: Mapping[str, str], now: Prompts) -> list[Change]:
    """The versions that turns used and that `now` has no more; `texts` are the kept ones by their version."""
    changes = []
    for (flow, name, version), turns in sorted(counted.items()):
        new = _in_force(now, flow, name)
        if new is None or version_of(new) != version:
            old = texts.get(version)
            changes.append(Change(flow=flow, name=name, before=version, old=old, new=new, turns=turns))
    return changes


def between(old: Prompts, new: Prompts, counted: Mapping[Used, int] | None) -> list[Change]:
    """The parts that a flow, or the desk, words in another way in `new` than in `old`; `counted` where a store is."""
    changes = []
    for flow, name in sorted(old.sources.keys() | new.sources.keys()):
        was, is_now = _in_force(old, flow, name), _in_force(new, flow, name)
        if was != is_now:
            before = version_of(was) if was is not None else ""
            turns = counted.get((flow, name, before), 0) if counted is not None else None
            changes.append(Change(flow=flow, name=name, before=before, old=was, new=is_now, turns=turns))
    return changes


def told(changes: Iterable[Change]) -> Iterator[str]:
    """The changes in lines: of each part its versions, how many kept turns used the old one, and what differs."""
    changes = list(changes)
    for one in changes:
        after = version_of(one.new) if one.new is not None else ""
        yield f"{one.place}: {one.before or 'new'} -> {after or 'gone'}{_told_to(one.turns)}"
        if one.before and one.old is None:
            yield "  the old text is not kept: its turns are from before texts were"
        else:
            yield from (f"  {line}" for line in _differing(one.old, one.new))
        yield ""
    yield "1 part changed" if len(changes) == 1 else f"{len(changes)} parts changed"


def _in_force(prompts: Prompts, flow: str, name: str) -> str | None:
    own = prompts.sources.get((flow, name))
    return own if own is not None else prompts.sources.get((DESK, name))


def _differing(old: str | None, new: str | None) -> Iterator[str]:
    """A unified diff, without its head."""
    lines = unified_diff((old or "").splitlines(), (new or "").splitlines(), lineterm="", n=1)
    yield from islice(lines, 2, None)


def _told_to(turns: int | None) -> str:
    if turns is None:
        return ""
    return f"; {'1 kept turn' if turns == 1 else f'{turns} kept turns'} used the old one"
