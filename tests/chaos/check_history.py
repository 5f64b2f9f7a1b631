"""The history checker: what everybody saw, against what was promised. It imports nothing of ours.

    python tests/chaos/check_history.py HISTORY.jsonl [--most-repeated PERCENT]

One JSON object a line, `what` names its kind; `at` and `till` are seconds of one clock. Answers of 0 never arrived.

    post      one try to deliver an update: conversation, event, order, text, status
    send      one request to say something: conversation, text, by (the process), status, acted (the person has it)
    call      one request to the shop: conversation, key, by, status; body and acted where it was asked for money
    process   name did started | ready | killed | stopped | continued | ended
    story     a conversation that is over, and how many refunds must have come of it
    turn      the journal: conversation, turn, events, said, reply (id of its row), by_desk, owner (after it)
    stored    a conversation at the end: version, turn (of its state, the version's), inbox, outbox
    aside     an event that was set aside, with its reason        given_up   a row that was, with its reason

Exit code 0: every promise held; 1: it names each fault; 2: the history cannot be read.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

SLACK_S = 1.0
"""A request that was written just before its process stopped is read a little later."""
NOTICED_S = 0.02
"""A connection that was given up is seen to be closed a little later than the next one is opened."""
ONE_UNDER_WAY = 1
"""Tries of a reply that may begin though the words that call a person are accepted: the round that was under way."""
SHOWN = 12
"""Findings that are told in full."""

FAULTS = {
    "lost": "answered 2xx and in no turn (I1, I2, I4)",
    "twice": "in more than one turn (I2)",
    "out of order": "handled before what had been accepted earlier, or told in another order (I7)",
    "overwritten": "turns that do not count 1, 2, 3: one was made on a state that was not the last (I3)",
    "without rows": "a state was committed and its rows were not (I5)",
    "unsaid": "a turn's reply that nobody got and nobody gave up (I5)",
    "invented": "words that belong to no turn",
    "copied": "a second copy without a crash or a lost answer before it (I6, I8)",
    "too many copies": "more second copies than are allowed",
    "doubled": "money that left twice, or under a changed or missing key (I11)",
    "undone": "what should have come of a conversation did not",
    "in parallel": "two at work in one conversation (I6)",
    "over a person": "the bot spoke though a person had the conversation (H24)",
    "left": "work that was there at the end (I6)",
    "set aside": "an event that nobody handled (F27)",
}


class Finding(NamedTuple):
    """One promise that was not kept."""

    fault: str
    where: str
    how: str


@dataclass(kw_only=True)
class Story:
    """Everything about one conversation."""

    name: str
    posts: list[Json] = field(default_factory=list)
    sends: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)
    turns: list[Json] = field(default_factory=list)
    stored: Json = field(default_factory=dict)
    over: Json = field(default_factory=dict)


@dataclass(kw_only=True)
class History:
    """The whole of it. `troubles` are (time, process, what it did) of crashes and stalls."""

    stories: dict[str, Story] = field(default_factory=dict)
    troubles: list[tuple[float, str, str]] = field(default_factory=list)
    aside: dict[str, str] = field(default_factory=dict)
    given_up: dict[str, str] = field(default_factory=dict)

    def struck(self, first: Json, second: Json) -> bool:
        """Was one of their processes killed or stopped between the two, or the store's? What had begun before a stall
        ends when it is over."""
        since, names = first["at"] - SLACK_S, (first["by"], second["by"], "redis")
        return any(since <= at <= second["at"] and name in names for at, name, _ in self.troubles)


def read(lines: Iterable[str]) -> History:
    """Raises ValueError or KeyError where a line is not of this format."""
    history = History()
    for line in lines:
        entry = json.loads(line)
        match entry["what"]:
            case "process":
                if entry["did"] in ("killed", "stopped", "continued"):
                    history.troubles.append((entry["at"], entry["name"], entry["did"]))
            case "aside":
                history.aside[entry["event"]] = entry["reason"]
            case "given_up":
                history.given_up[entry["row"]] = entry["reason"]
            case kind:
                name = entry["conversation"]
                story = history.stories.setdefault(name, Story(name=name))
                match kind:
                    case "stored":
                        story.stored = entry
                    case "story":
                        story.over = entry
                    case _:
                        getattr(story, f"{kind}s").append(entry)
    return history


def check(history: History, *, most_repeated: float) -> tuple[list[Finding], Counter[str]]:
    """Every finding, and the figures of the verdict."""
    findings: list[Finding] = []
    figures: Counter[str] = Counter()
    for story in history.stories.values():
        story.turns.sort(key=lambda turn: turn["turn"])
        story.sends.sort(key=lambda send: send["at"])
        figures["messages"] += len(_accepted(story))
        figures["replies"] += sum(bool(turn["said"]) for turn in story.turns)
        for promise in (_handled, _in_order, _counted, _paid, _alone, _silent_behind_people, _at_rest):
            findings += promise(story, history)
        for finding in _said(story, history):
            if finding.fault == "repeated":
                figures["repeated"] += 1
            else:
                findings.append(finding)
    if figures["repeated"] > figures["replies"] * most_repeated / 100:
        findings.append(Finding("too many copies", "all", f"{figures['repeated']} of {figures['replies']} replies"))
    return findings, figures


def _accepted(story: Story) -> dict[str, float]:
    """When each event was first answered 2xx."""
    told: dict[str, float] = {}
    for post in story.posts:
        if 200 <= post["status"] < 300:
            told[post["event"]] = min(post["till"], told.get(post["event"], post["till"]))
    return told


def _places(story: Story) -> dict[str, tuple[int, int]]:
    """The turn of each event, and its place there; the last one where there are several."""
    return {event: (turn["turn"], place) for turn in story.turns for place, event in enumerate(turn["events"])}


def _handled(story: Story, history: History) -> Iterator[Finding]:
    turns = Counter(event for turn in story.turns for event in turn["events"])
    waiting = set(story.stored.get("inbox", ()))
    for event in _accepted(story):
        if event in history.aside:
            yield Finding("set aside", story.name, f"{event}: {history.aside[event]}")
        elif not turns[event] and event not in waiting:
            yield Finding("lost", story.name, event)
    for event, times in turns.items():
        if times > 1:
            yield Finding("twice", story.name, f"{event} in {times} turns")


def _in_order(story: Story, _: History) -> Iterator[Finding]:
    accepted, places = _accepted(story), _places(story)
    first: dict[str, Json] = {}
    for post in sorted(story.posts, key=lambda post: post["at"]):
        first.setdefault(post["event"], post)
    posts = sorted(first.values(), key=lambda post: post["order"])
    for number, later in enumerate(posts):
        for earlier in posts[:number]:
            one, other = earlier["event"], later["event"]
            if one not in places or other not in places or places[one] < places[other]:
                continue
            together = places[one][0] == places[other][0]
            if together or accepted.get(one, later["at"]) < later["at"]:
                yield Finding("out of order", story.name, f"{other} before {one}")


def _counted(story: Story, _: History) -> Iterator[Finding]:
    numbers = [turn["turn"] for turn in story.turns]
    version, last = story.stored.get("version", 0), story.stored.get("turn", 0)
    told = f"version {version} of turn {last}, turns {numbers}"
    if len(set(numbers)) != len(numbers) or version > max(last, *numbers, 0):
        yield Finding("overwritten", story.name, told)
    if set(range(1, max(last, *numbers, 0) + 1)) - set(numbers):
        yield Finding("without rows", story.name, told)


def _said(story: Story, history: History) -> Iterator[Finding]:
    """Replies against turns: the first copies in order, second ones only with a reason, which are told as `repeated`.

    A crash before several rows were settled has all of them said again.
    """
    wanted = [turn for turn in story.turns if turn["said"]]
    copies: list[list[Json]] = [[] for _ in wanted]
    reached = 0
    for send in story.sends:
        if not send["acted"]:
            continue
        ahead = next((n for n in range(reached, len(wanted)) if wanted[n]["said"] == send["text"]), None)
        behind = next((n for n in range(reached - 1, -1, -1) if wanted[n]["said"] == send["text"]), None)
        if ahead is not None:
            copies[ahead].append(send)
            reached = ahead + 1
        elif behind is None:
            yield Finding("invented", story.name, repr(send["text"][:60]))
        elif not copies[behind]:
            yield Finding("out of order", story.name, f"said late: {send['text'][:60]!r}")
            copies[behind].append(send)
        else:
            first = copies[behind][-1]
            excused = first["status"] != 200 or history.struck(first, send)
            yield Finding("repeated" if excused else "copied", story.name, f"{wanted[behind]['reply']} by {send['by']}")
            copies[behind].append(send)
    waiting = set(story.stored.get("outbox", ()))
    for turn, sent in zip(wanted, copies, strict=True):
        if not sent and turn["reply"] not in history.given_up and turn["reply"] not in waiting:
            yield Finding("unsaid", story.name, turn["reply"])


def _paid(story: Story, _: History) -> Iterator[Finding]:
    bodies: dict[str, set[str]] = defaultdict(set)
    for call in story.calls:
        if not call["key"]:
            yield Finding("doubled", story.name, "a call without a key")
        elif call["body"] is not None:
            bodies[call["key"]].add(json.dumps(call["body"], sort_keys=True))
    for key, sent in bodies.items():
        if len(sent) > 1:
            yield Finding("doubled", story.name, f"{key} with {len(sent)} bodies")
    if not story.over:
        yield Finding("undone", story.name, "its story never ended")
    paid = sum(bool(call["acted"]) for call in story.calls)
    wanted = story.over.get("refunds", 1)
    if paid > wanted:
        yield Finding("doubled", story.name, f"{paid} refunds under the keys {', '.join(bodies)}")
    elif story.over and paid < wanted:
        yield Finding("undone", story.name, "the refund was never made")


def _alone(story: Story, history: History) -> Iterator[Finding]:
    asked = sorted([*story.sends, *story.calls], key=lambda one: one["at"])
    for first, second in itertools.pairwise(asked):
        if second["at"] < first["till"] - NOTICED_S and not history.struck(first, second):
            yield Finding("in parallel", story.name, f"{first['by']} and {second['by']} at {second['at']:.3f}")


def _silent_behind_people(story: Story, _: History) -> Iterator[Finding]:
    """From the 2xx of the words that call a person, no round of the bot's begins before their turn (H24)."""
    owner, accepted = "bot", _accepted(story)
    for number, turn in enumerate(story.turns):
        if owner == "bot" and turn["owner"] != "bot":
            before = {one["said"] for one in story.turns[:number] if one["said"] and not one["by_desk"]}
            since = max((accepted[event] for event in turn["events"] if event in accepted), default=turn["at"])
            until = next((one["at"] for one in story.turns[number:] if one["owner"] == "bot"), math.inf)
            tried = Counter(send["text"] for send in story.sends if since < send["at"] < until)
            for text in before:
                if tried[text] > ONE_UNDER_WAY:
                    yield Finding("over a person", story.name, f"{tried[text]} times {text[:60]!r}")
        elif owner != "bot" and turn["said"] and not turn["by_desk"]:
            yield Finding("over a person", story.name, f"turn {turn['turn']} speaks")
        owner = turn["owner"]


def _at_rest(story: Story, _: History) -> Iterator[Finding]:
    for box in ("inbox", "outbox"):
        if story.stored.get(box):
            yield Finding("left", story.name, f"{box}: {', '.join(story.stored[box])}")


def verdict(history: History, findings: list[Finding], figures: Counter[str]) -> str:
    """One line."""
    faults = Counter(finding.fault for finding in findings)
    did = Counter(what for _, _, what in history.troubles)
    share = 100 * figures["repeated"] / max(figures["replies"], 1)
    main = ", ".join(f"{faults.pop(name, 0)} {name}" for name in ("lost", "doubled", "out of order"))
    more = "".join(f", {count} {name}" for name, count in sorted(faults.items()))
    talked = f"{figures['messages']:,} messages in {len(history.stories):,} conversations"
    struck = f"{did['killed']} kills, {did['stopped']} stalls"
    again = f"{figures['repeated']} of {figures['replies']:,} replies repeated ({share:.2f} %)"
    return f"{'FAULTY' if findings else 'CLEAN'}: {talked}, {struck}: {main}{more}; {again}"


def main() -> int:
    """Read, check, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("history", type=Path)
    parser.add_argument("--most-repeated", type=float, default=0.5, help="percent of all replies")
    asked = parser.parse_args()
    try:
        with asked.history.open(encoding="utf-8") as lines:
            history = read(lines)
        findings, figures = check(history, most_repeated=asked.most_repeated)
        if not figures["messages"]:
            raise ValueError("nobody said anything")
    except (OSError, ValueError, KeyError, AttributeError) as broken:
        print(f"{asked.history} is no history: {broken!r}", file=sys.stderr)  # noqa: T201 - a program's own voice
        return 2
    for fault in dict.fromkeys(finding.fault for finding in findings):
        of_it = [finding for finding in findings if finding.fault == fault]
        print(f"{fault}: {FAULTS[fault]}")  # noqa: T201
        for finding in of_it[:SHOWN]:
            print(f"    {finding.where}: {finding.how}")  # noqa: T201
        if len(of_it) > SHOWN:
            print(f"    and {len(of_it) - SHOWN} more")  # noqa: T201
    print(verdict(history, findings, figures))  # noqa: T201
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
