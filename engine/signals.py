"""Signals: what a turn measured of the conversation, for triggers, reports and whoever takes over (S40)."""

from __future__ import annotations

import msgspec

from engine.course import NEUTRAL


class Signals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a customer's turn measured; what is not there is 0, or nobody. `tries` and `clarifications` are those of
    the open question, `off_topic`, `still` and `failures` are counted in a row."""

    person: bool = False
    """A person was asked for."""
    keywords: tuple[str, ...] = ()
    """Watched words."""
    competitors: tuple[str, ...] = ()
    """Competitors that were named."""
    sentiment: float = NEUTRAL
    """How this turn's words sound, -1 to 1."""
    mood: float = NEUTRAL
    """Its moving average."""
    topic_turns: int = 0
    """Customer turns on this turn's topic, in the whole conversation."""
    on_topic: int = 0
    """Customer turns in a row on it."""
    tries: int = 0
    """Failed tries."""
    clarifications: int = 0
    """Clarifications without result."""
    off_topic: int = 0
    """Turns that asked something beside the point."""
    still: int = 0
    """Turns in one state that settled nothing and answered nothing."""
    failures: int = 0
    """Failures of the action that fails most."""
    complexity: int = 0
    """Open runs + corrections + customer questions + failed tries + topics beyond the second."""
    injection: bool = False
    """The words, or a file's name, instruct a model; they counted as any others (S24)."""


class Heeded(msgspec.Struct):
    """What the words of a turn say by themselves; of several messages all of them."""

    person: bool = False
    keywords: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    sentiment: float = NEUTRAL
    """Of the message that sounds most like anything."""
    questions: int = 0
    readable: bool = True
    injection: bool = False
