"""Several versions of one run: where it can be tried another way, what is kept of each, which one is named (S31)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from engine.flow import StateKind
from engine.forgetting import gone_back
from engine.frame import Frame
from engine.machine import Compiled
from engine.places import named
from engine.readers.control import ReadControl
from engine.readers.corrections import names_label
from engine.readers.options import pick
from engine.readers.words import words
from engine.views import shown

MOST_VERSIONS = 3
ORDINALS = ("first", "second", "third")

_OWN = ("start", "slots", "path", "trail", "carried", "facts", "lookups", "results", "said", "context", "way")
"""What is a version's; everything else counts for the whole run, so that no key of a call is used twice."""
_NOUNS = frozenset({"version", "branch", "variant"})
_OTHER = frozenset({"other", "previous", "earlier", "old"})


def leads_somewhere(flow: Compiled, frame: Frame, control: ReadControl) -> bool:
    """Does the run have the point, or the version, that is named?"""
    if control.fork:
        return not control.to or named(flow, whole(flow, frame), control.to) is not None
    return named(flow, frame, control.to) is not None or version_named(flow, frame, control.to) is not None


def whole(flow: Compiled, frame: Frame) -> Frame:
    """The run with its rounds as one path, where nothing was done in them; else as it stands: since the effect."""
    if not frame.trail or any(_acts(flow, state) for state in frame.trail):
        return frame
    path = (*frame.trail, *frame.path)
    return replace(frame, start=flow.definition.first, trail=(), carried={}, results={}, path=path)


def _acts(flow: Compiled, name: str) -> bool:
    state = flow.state(name)
    return state.kind is StateKind.CALL or (
        bool(state.action) and flow.definition.actions[state.action or ""].irreversible
    )


def forked(flow: Compiled, frame: Frame, target: str) -> Frame:
    """A copy that stands before `target`; the run as it was is kept."""
    number = 1 + max(frame.way, *(way.way for way in frame.ways)) if frame.ways else frame.way + 1
    back = gone_back(flow, whole(flow, frame), target)
    return replace(back, way=number, ways=(*frame.ways, _left(frame)))


def taken_up(frame: Frame, way: Frame) -> Frame:
    """The run in another of its versions; the one it was in is kept."""
    rest = tuple(one for one in frame.ways if one.way != way.way)
    return replace(frame, **_own(way), ways=(*rest, _left(frame)), tries=0, clarify=0, offers=0)


def _left(frame: Frame) -> Frame:
    return Frame(run=frame.run, flow=frame.flow, version=frame.version, began_at=frame.began_at, **_own(frame))


def _own(frame: Frame) -> Mapping[str, Any]:
    return {field: getattr(frame, field) for field in _OWN}


def version_named(flow: Compiled, frame: Frame, said: str) -> Frame | None:
    """The version by its number, as "the other one", or by a value that only it has; the run itself for its own."""
    if not frame.ways or _NOUNS.isdisjoint(word.text for word in words(said)):
        return None
    every = sorted((frame, *frame.ways), key=lambda one: one.way)
    bare = " ".join(word.text for word in words(said) if word.text not in _NOUNS)
    if bare in _OTHER:
        return frame.ways[-1]
    place = 0 if bare == "original" else pick(bare, [f"{ORDINALS[one.way]} version" for one in every])
    if place is not None:
        return every[place]
    found = [
        one for one in every if any(names_label(said, value) for value in _values(flow, one) - _values(flow, frame))
    ]
    return found[0] if len(found) == 1 else None


def _values(flow: Compiled, way: Frame) -> set[str]:
    held = ((name, slot.value) for name, slot in way.slots.items() if slot.settled and slot.value is not None)
    return {str(shown(value, flow.slot(name))) for name, value in held}
