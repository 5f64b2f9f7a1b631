"""What is counted of a conversation as it goes: its turns, topics, questions, failures, mood (S27, S40).

What a live run counts itself (tries, clarifications, corrections) stands in its frame; here is what outlasts a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

OTHER = "other"
"""The topic of a turn that was about no flow and no heading."""
NEUTRAL = 0.0
"""The very object that the fields below begin with: no other 0.0 would be left out of what is stored."""
MOST_TOPICS = 16
"""Counted by name; what comes beyond them counts as `other`."""


class Summary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rolling summary after customer turn `turn` (S19): what was decided, what is open, what it was about, how the
    customer sounds. No value is read from it, and code writes none into it."""

    turn: int
    decisions: tuple[str, ...] = ()
    """Runs that ended, as `flow: outcome`."""
    open: tuple[str, ...] = ()
    """Runs under way, the active one first, as `flow: what it waits for`."""
    topics: tuple[str, ...] = ()
    mood: str = "even"
    points: tuple[str, ...] = ()
    """What a model added in its own words, each held against what was said."""
    job: str = ""
    """The model job that may still write into it; no other may."""


class Course(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The counts after the last turn, as few as the others follow from."""

    topics: dict[str, int] = {}
    """Topic -> turns of the customer on it, the newest topic last."""
    earlier: int = 0
    """Those on the newest topic before the customer came back to it."""
    questions: int = 0
    """The customer's."""
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
    anew: bool = False
    """The customer came back after a while, and no task was begun since."""
    summary: Summary | None = None

    @property
    def topic(self) -> str:
        """What the customer's newest turn was about; "" before the first."""
        return next(reversed(self.topics), "")

    @property
    def turns(self) -> int:
        """The customer's turns: each had one topic."""
        return sum(self.topics.values())

    @property
    def on_topic(self) -> int:
        """Turns in a row on the newest topic."""
        return self.topics.get(self.topic, 0) - self.earlier


def newer(old: Summary | None, new: Summary) -> Summary:
    """A summary never takes the place of one for a later turn, whoever wrote it (S19)."""
    return old if old is not None and old.turn > new.turn else new


def topic_of_heading(source: str) -> str:
    """A knowledge heading as a topic is named: the last of `source`, in small letters and underscores."""
    return "_".join("".join(char if char.isalnum() else " " for char in source.rsplit(", ", 1)[-1].lower()).split())


def named(topic: str, topics: Mapping[str, int]) -> str:
    """The name that a turn on this topic is counted under."""
    return topic if topic in topics or len(topics) < MOST_TOPICS else OTHER


def on_to(topic: str, course: Course) -> dict[str, int]:
    """The counters with one turn more on a topic, which is the newest then."""
    others = {name: count for name, count in course.topics.items() if name != topic}
    return {**others, topic: course.topics.get(topic, 0) + 1}


def failures_after(failures: Mapping[str, int], came: Iterable[tuple[str, bool]]) -> dict[str, int]:
    """Action -> times in a row that it failed, after these (action, failed) in their order."""
    counts = dict(failures)
    for action, failed in came:
        if failed:
            counts[action] = counts.get(action, 0) + 1
        else:
            counts.pop(action, None)
    return counts
