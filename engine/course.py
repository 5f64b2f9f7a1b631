"""What is counted of a conversation as it goes: its turns, topics, questions, failures, mood (S27, S40).

What a live run counts itself (tries, clarifications, corrections) stands in its frame; here is what outlasts a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

OTHER = "other"
"""The topic of a turn that was about no flow and no heading."""
NEUTRAL = 0.0
"""The very object that the fields below begin with: no other 0.0 would be left out of what is stored."""
MOST_TOPICS = 16
"""Counted by name; what comes beyond them counts as `other`."""


class Summary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rolling summary after customer turn `turn` (S19): what was decided, what is open, what it was about, how the
    customer sounds. No slot value stands in it, and none is read from it."""

    turn: int
    decisions: tuple[str, ...] = ()
    """Runs that ended, as `flow: outcome`."""
    open: tuple[str, ...] = ()
    """Runs under way, the active one first, as `flow: what it waits for`."""
    topics: tuple[str, ...] = ()
    mood: str = "even"


class Course(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The counts after the last turn. `turns`, `topics` and `questions` count the customer's."""

    turns: int = 0
    topic: str = ""
    on_topic: int = 0
    """Turns in a row on it."""
    topics: dict[str, int] = {}
    questions: int = 0
    still: int = 0
    """Turns in a row, in one state, that settled nothing and answered nothing."""
    failures: dict[str, int] = {}
    """Action -> times in a row that it failed."""
    mood: float = NEUTRAL
    """Moving average of how the messages sound, -1 to 1."""
    tries: int = 0
    corrections: int = 0
    """Failed tries and corrections of the runs that are over."""
    ended: tuple[str, ...] = ()
    """Runs that ended since the last summary, as `flow: outcome`."""
    ended_at: datetime | None = None
    """When the last of all open runs ended; None while one is open, and before the first."""
    summary: Summary | None = None


def newer(old: Summary | None, new: Summary) -> Summary:
    """A summary never takes the place of one for a later turn, whoever wrote it (S19)."""
    return old if old is not None and old.turn > new.turn else new


def topic_of_heading(source: str) -> str:
    """A knowledge heading as a topic is named: the last of `source`, in small letters and underscores."""
    return "_".join("".join(char if char.isalnum() else " " for char in source.rsplit(", ", 1)[-1].lower()).split())


def named(topic: str, topics: Mapping[str, int]) -> str:
    """The name that a turn on this topic is counted under."""
    return topic if topic in topics or len(topics) < MOST_TOPICS else OTHER


def counted_once_more(topic: str, topics: Mapping[str, int]) -> dict[str, int]:
    """The counters with one turn more on a topic."""
    return {**topics, topic: topics.get(topic, 0) + 1}


def failures_after(failures: Mapping[str, int], came: Iterable[tuple[str, bool]]) -> dict[str, int]:
    """Action -> times in a row that it failed, after these (action, failed) in their order."""
    counts = dict(failures)
    for action, failed in came:
        if failed:
            counts[action] = counts.get(action, 0) + 1
        else:
            counts.pop(action, None)
    return counts
