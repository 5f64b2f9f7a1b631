"""What was measured, held against what is to be reached."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.contestants import AIOGRAM, CAREFUL, FLOOR, OURS
from tests.bench.course import Course
from tests.bench.figures import CPU, REPLY_50, REPLY_99, WEBHOOK, markdown, middle, ratio
from tests.bench.idle import Idle, cost_ratio
from tests.bench.starts import NO_CHANNEL, Starts

Goal = tuple[str, float, float, str]
"""What, what was found, the most it may be, and its unit."""


def goals(course: Course, idle: tuple[Idle, Idle], starts: Starts) -> str:
    """A row each, as Markdown."""
    rows = [
        [goal, f"{at_most:g}{unit}", f"{found:.2f}{unit}", "yes" if found <= at_most else "**not yet**"]
        for goal, found, at_most, unit in (*_course(course), *_idle(*idle), *_starts(starts))
    ]
    return markdown(["", "at most", "measured", "reached"], rows)


def _course(course: Course) -> Iterator[Goal]:
    pushed, paced, half = course.pushed.samples, course.paced.samples, course.half.samples
    yield f"CPU per turn: {OURS} ÷ {CAREFUL}", ratio(CPU, pushed, OURS, CAREFUL), 1.0, "×"
    yield f"CPU per turn: {OURS} ÷ {AIOGRAM}", ratio(CPU, pushed, OURS, AIOGRAM), 0.25, "×"
    yield "reply p99 at half load ÷ that of the same floor", ratio(REPLY_99, half, OURS, CAREFUL), 1.5, "×"
    yield f"CPU per turn, eight slots: {OURS} ÷ {CAREFUL}", ratio(CPU, course.booked.samples, OURS, CAREFUL), 1.5, "×"
    yield f"webhook p99 at 300 turns a second: {OURS} ÷ {FLOOR}", ratio(WEBHOOK, paced, OURS, FLOOR), 2.0, "×"
    yield "webhook p99 at 300 turns a second, ms", middle(WEBHOOK, paced, OURS), 100.0, ""
    yield "reply p50 at 300 turns a second, ms", middle(REPLY_50, paced, OURS), 15.0, ""
    yield "reply p99 at 300 turns a second, ms", middle(REPLY_99, paced, OURS), 150.0, ""


def _idle(few: Idle, many: Idle) -> Iterator[Goal]:
    beside = f"{many.count:,} idle conversations"
    yield f"CPU of a turn, Redis's included, beside {beside} ÷ {few.count:,}", cost_ratio(few, many), 1.1, "×"
    yield f"bytes of Redis for each of {beside}", many.each_bytes, 1500.0, ""


def _starts(starts: Starts) -> Iterator[Goal]:
    for name, seconds in starts.items():
        if NO_CHANNEL in name:
            yield f"start to ready, s: {name}", median(seconds), 2.0, ""
