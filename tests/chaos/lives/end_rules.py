"""What must hold once everything has come to rest: nothing lost, nothing stuck, everything told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from engine.message import Event, EventKind, Refused, Voice
from engine.notes import Notes
from handoff import page
from handoff.case import Case
from handoff.page import PageLine
from handoff.posts import CardPost, CardUpdate, Mark, Marking, ThreadPost, case_of
from handoff.timers import next_due
from tests.chaos.lives.case_rules import NOTICES
from tests.chaos.lives.life import Life
from tests.chaos.lives.word_rules import Ear
from tests.chaos.lives.world import ADA, CONVERSATION


async def broken(life: Life, ear: Ear) -> list[str]:
    """Everything that does not hold at rest."""
    found = [*await _clocks(life), *_reported(ear), *_told(life), *_counted(life, ear), *await _journal(life)]
    return [*found, *_once(life), *_cards(life), *await _threads(life)]


async def _clocks(life: Life) -> list[str]:
    """H28: nothing is overdue, and what is to come is in the schedule; a run's own clock may come before the case's."""
    snapshot, case = await life.look(), await life.case()
    due = next_due(case) if case else None
    late = due is not None and (snapshot.due is None or snapshot.due > due)
    found = [f"H28: the schedule says {snapshot.due}, the case {due}"] if late else []
    if due is not None and due <= life.clock.now():
        found.append(f"H28: a clock is overdue since {due}")
    return found


def _reported(ear: Ear) -> list[str]:
    """H26: each of an agent's words has arrived, or its agent knows that it did not."""
    return [f"H26: nobody was told what became of {row}" for row in ear.due_marks]


def _told(life: Life) -> Iterator[str]:
    """H23: the notice of each case was tried, unless the customer may not be written to."""
    tried = {sending.reply.id for sending in life.history.sendings}
    for commit in life.history.commits:
        for reply in commit.replies:
            notice = any(text in reply.text for text in NOTICES)
            if notice and reply.id not in tried and not _stopped_since(life, commit.number):
                yield f"H23: the notice {reply.id} was never sent"


def _stopped_since(life: Life, number: int) -> bool:
    """The customer opted out, or could not be reached, after that."""
    out = any(commit.after.opted_out for commit in life.history.commits if commit.number >= number)
    return out or any(isinstance(one.receipt, Refused) for one in life.history.sendings if one.number >= number)


def _counted(life: Life, ear: Ear) -> Iterator[str]:
    """F0: each send that may be a second copy is counted."""
    lines = life.metrics.render().decode().splitlines()
    counted = next(float(line.split()[1]) for line in lines if line.startswith("frontdesk_sends_repeated_total "))
    if counted < ear.repeats:
        yield f"F0: {ear.repeats} sends were second copies, {counted:.0f} are counted"


async def _journal(life: Life) -> Iterator[str]:
    """I14: every turn stands in the journal, once."""
    entries = await life.store.records.read("journal", CONVERSATION, limit=100_000)
    written = Counter(msgspec.json.decode(entry.blob, type=Notes).id for entry in entries)
    taken = Counter(commit.notes.id for commit in life.history.commits if commit.notes)
    return iter(
        [f"I14: the journal and the turns differ in {written - taken} and {taken - written}"]
        if written != taken
        else []
    )


def _once(life: Life) -> Iterator[str]:
    """R1, I5, I11: what came in is handled once, a row is written once, an effect has one key and one body."""
    history = life.history
    heard = Counter(event.id for commit in history.commits for event in commit.events)
    came = Counter(arrival.event.id for arrival in history.arrivals if arrival.fresh)
    if wrong := [id for id in came if (came[id], heard[id]) != (1, 1)]:
        yield f"R1: not handled exactly once: {wrong}"
    rows = Counter(row.id for commit in history.commits for row in commit.rows)
    if twice := [id for id, count in rows.items() if count > 1]:
        yield f"I5: rows that were written twice: {twice}"
    bodies: dict[str, object] = {}
    for call in history.calls:
        if bodies.setdefault(call.key, (call.values, call.facts)) != (call.values, call.facts):
            yield f"I11: {call.key} is called with another body"


def _cards(life: Life) -> Iterator[str]:
    """H57: agents see each case as it stands, unless their face did not take its card."""
    shown = {one.post.id for one in life.history.showings if one.seen}
    cards: dict[str, CardPost | CardUpdate] = {}
    stands: dict[str, Case] = {}
    for commit in life.history.commits:
        new = {row.case.id: row for row in commit.rows if isinstance(row, CardPost | CardUpdate)}
        cards |= new
        stands |= {id: card.case for id, card in new.items()}
        stands |= {case.id: case for case in (commit.now,) if case is not None}
    for id, card in cards.items():
        case, seen = stands[id], life.face.cards.get(id)
        if card.id in shown and seen and (seen.state, seen.version) != (case.state, case.version):
            yield f"H57: {id} is {case.state} ({case.version}), its card says {seen.state} ({seen.version})"


async def _threads(life: Life) -> list[str]:
    """H25, H50: what agents see in the threads is what was posted, in its order."""
    posts = [row for commit in life.history.commits for row in commit.rows if isinstance(row, ThreadPost | Mark)]
    refused = {one.post.id for one in life.history.showings if isinstance(one.receipt, Refused)}
    found: list[str] = []
    for case in dict.fromkeys(case_of(post) for post in posts):
        kept = await life.store.records.read(page.KIND, case, limit=100_000)
        lines = [msgspec.json.decode(entry.blob, type=PageLine) for entry in kept]
        found += _thread([post for post in posts if case_of(post) == case], lines, refused)
    return found


def _thread(posts: list[ThreadPost | Mark], lines: list[PageLine], refused: set[str]) -> Iterator[str]:
    order = [line.id for line in lines]
    said = [post for post in posts if isinstance(post, ThreadPost)]
    expected = [post.id for post in said if post.who == "customer"]
    shown = [id for id in order if id in expected]
    if shown != [id for id in expected if id in order]:
        yield f"H25: the thread should show {expected}, it shows {shown}"
    for lost in (post for post in said if post.who == "customer" and post.id not in order):
        told = {post.id for post in said if lost.id in post.id and not post.who}
        if not told & {*order, *refused}:
            yield f"H25: {lost.id} is missing in the thread, and nothing there says so"
    for message in {post.spot.message: None for post in posts if isinstance(post, Mark)}:
        yield from _receipts(message, [post for post in posts if isinstance(post, Mark)], lines, refused)


def _receipts(message: str, marks: list[Mark], lines: list[PageLine], refused: set[str]) -> Iterator[str]:
    """H50: what became of a message is shown in its order; success may be left out, failure never."""
    shown = [line.id for line in lines if line.of == message]
    posted = [mark for mark in marks if mark.spot.message == message]
    if shown != [mark.id for mark in posted if mark.id in shown]:
        yield f"H50: {message} is shown as {[line.mark for line in lines if line.of == message]}"
    for mark in posted:
        if mark.marking is Marking.FAILED and mark.id not in (*shown, *refused):
            yield f"H50: {message} failed, and nothing on it shows that"


async def answered(life: Life) -> list[str]:
    """H146: with the bot as owner the customer's next message is answered."""
    conversation = await life.conversation()
    if conversation.owner != "bot":
        return []
    life.weather.calm = True
    if conversation.opted_out:
        await life.takes(life.event(EventKind.OPT_IN, address=ADA, text="START"))
        await life.settles()
    life.weather.calm = True
    before = len(life.history.sendings)
    event: Event = life.event(EventKind.MESSAGE, address=ADA, text="hello")
    await life.takes(event)
    await life.settles()
    said = [one for one in life.history.sendings[before:] if one.whole and one.reply.voice is not Voice.AGENT]
    return [] if said else [f"H146: nobody answers {event.id}"]
