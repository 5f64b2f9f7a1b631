"""What must hold of words: who hears them, who must not, how often, in which order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from engine.lines import LINES
from engine.message import Event, EventKind, Refused, Reply, Sent, Voice
from engine.readers.control import whole_message
from handoff.case import CaseState
from handoff.policy import DeskPolicy, ReplyPolicy
from handoff.posts import CardPost, CardUpdate, Mark, Marking, ThreadPost
from tests.chaos.lives.agents import Kind, Words
from tests.chaos.lives.case_rules import same, went_back
from tests.chaos.lives.history import Arrival, Committed, Filing, History, Sending
from tests.chaos.lives.world import LIMITS

AWAY = LINES["desk_away"][:30]
MARK = re.compile(r"\[e\d+\]")
SAYING = frozenset({EventKind.MESSAGE, EventKind.OPTION, EventKind.EDITED})
Happened = Arrival | Committed | Sending | Filing
CONSENT = frozenset({EventKind.OPT_OUT, EventKind.OPT_IN})


class Ear:
    """Listens to a life as it goes on; what it must know of the past it keeps by itself, and asks no code of ours."""

    def __init__(self, history: History, words: dict[str, Words], policy: DeskPolicy) -> None:
        self._history, self._words, self._policy = history, words, policy
        self._heard = [0, 0, 0, 0]
        self._out = False
        self._asking: dict[str, Event] = {}
        """Opt-outs and opt-ins that came in and were not heard yet."""
        self._orders: dict[str, int] = {}
        self._tried: set[str] = set()
        """Marks of words that were on their way once."""
        self._sent: dict[str, list[Sending]] = {}
        self._bodies: dict[str, str] = {}
        self._arrived: list[str] = []
        self._posted: set[str] = set()
        self.repeats = 0
        self.due_marks: dict[str, int] = {}
        """Row of an agent's words -> how often it was accepted and not yet reported."""

    def broken(self) -> Iterator[str]:
        """Everything that does not hold of what is new since it was asked last."""
        history = self._history
        lists: tuple[Sequence[Happened], ...] = (history.arrivals, history.commits, history.sendings, history.filings)
        new = [one for seen, kept in zip(self._heard, lists, strict=True) for one in kept[seen:]]
        self._heard = [len(kept) for kept in lists]
        for happened in sorted(new, key=lambda one: one.number):
            match happened:
                case Committed():
                    yield from self._committed(happened)
                case Sending():
                    yield from self._sending(happened)
                case Filing():
                    yield from self._filing(happened)
                case Arrival():
                    self._arrival(happened)

    # what came in

    def _arrival(self, arrival: Arrival) -> None:
        event = arrival.event
        if not arrival.fresh:
            return
        if event.kind in CONSENT:
            self._asking[event.id] = event
        if event.kind in SAYING and event.address is not None and event.address.person == "ada":
            self._arrived.append(event.id)
            self._orders[event.id] = event.order

    # what was decided

    def _committed(self, c: Committed) -> Iterator[str]:
        yield from _silent_bot(c)
        yield from _relayed(c)
        yield from self._in_order(c)
        yield from self._agents_words(c)
        yield from self._marks(c)
        yield from self._away(c)
        for event in c.events:
            self._consents(event)

    def _in_order(self, c: Committed) -> Iterator[str]:
        """H25: who waited longer, by the provider's order and by ours, is heard first."""
        heard = [event.id for event in c.events if event.id in self._orders]
        for id in heard:
            ahead = self._arrived[: self._arrived.index(id)]
            overtaken = [one for one in ahead if self._orders[one] < self._orders[id] and one not in heard]
            if overtaken:
                yield f"H25: {id} overtakes {overtaken}"
        for id in heard:
            self._arrived.remove(id)

    def _agents_words(self, c: Committed) -> Iterator[str]:
        """H44, H45, H46: whose words may leave, and by what."""
        for reply in c.replies:
            for mark in MARK.findall(reply.text):
                if reply.voice is not Voice.AGENT:
                    yield f"H46: {reply.voice} says an agent's words {mark}"
                elif why := self._must_not_leave(mark, c):
                    yield f"{why}: {mark} of {self._words[mark].agent.id} leaves for the customer"
                self._tried.add(mark)

    def _must_not_leave(self, mark: str, c: Committed) -> str:
        """Why not; "" when they may."""
        words, was, event = self._words[mark], c.was, c.events[0] if c.events else None
        if words.kind is Kind.NOTE:
            return "H46"
        if was is None or event is None or event.address is None or words.agent.id not in ("anna", "tom"):
            return "H44"
        mine = was.claimed_by == words.agent
        if event.fields.get("action") == "handoff_retry":
            return "" if mark in self._tried and was.claimed_by and was.claimed_by.id == event.address.person else "H44"
        if event.id != words.event:
            chosen = event.fields.get("action") == "handoff_take_over" and event.address.person == words.agent.id
            return "" if chosen and event.fields["value"].endswith(words.event) else "H45"
        if words.case != was.id or not (was.open or was.state is CaseState.EXPIRED):
            return "H44"
        if self._policy.reply_policy is ReplyPolicy.EXPLICIT and words.kind is not Kind.EXPLICIT:
            return "H44"
        anybody = self._policy.reply_policy is ReplyPolicy.ANY or was.state is CaseState.EXPIRED
        return "" if mine or anybody else "H45"

    def _marks(self, c: Committed) -> Iterator[str]:
        """H26, H50: what an agent is shown of their words is what became of them."""
        marks = [row for row in c.rows if isinstance(row, Mark)]
        accepted = sum(mark.marking is Marking.ACCEPTED for mark in marks)
        words = [reply for reply in c.replies if reply.voice is Voice.AGENT]
        if accepted != len(words):
            yield f"H50: {len(words)} of an agent's words leave, {accepted} are shown as accepted"
        self.due_marks |= {reply.id: 1 for reply in words}
        reports = [event for event in c.events if event.fields.get("of") == "agent"]
        for event in reports:
            row = event.fields["ref"]
            told = [mark.marking for mark in marks if mark.marking is not Marking.ACCEPTED]
            arrived = any(sending.whole for sending in self._sent.get(row, ()))
            if self.due_marks.pop(row, 0) and len(told) != 1 and c.notes:
                yield f"H26: {row} came back, and its agent is told {told}"
            unsure = "may have arrived" in event.fields.get("reason", "")
            if told and (told[0] is Marking.DELIVERED) != arrived and not unsure:
                yield f"H26: {row} is shown as {told[0]}, and it {'arrived' if arrived else 'did not arrive'}"

    def _away(self, c: Committed) -> Iterator[str]:
        """H65: customers are told that the desk cannot be reached only while something waits for it."""
        self._posted |= {row.id for row in c.rows if isinstance(row, CardPost | CardUpdate | ThreadPost)}
        if any(AWAY in reply.text for reply in c.replies):
            last = {one.post.id: one.receipt for one in self._history.showings if one.number < c.number}
            if all(isinstance(last.get(id), Sent | Refused) for id in self._posted):
                yield "H65: the customer is told that the desk is away, and it is not"

    def _consents(self, event: Event) -> None:
        self._asking.pop(event.id, None)
        if event.kind in CONSENT:
            self._out = event.kind is EventKind.OPT_OUT
        elif event.kind is EventKind.MESSAGE and whole_message(event.text, frozenset(LIMITS.opt_out_words)):
            self._out = True
        elif event.kind is EventKind.MESSAGE and whole_message(event.text, frozenset(LIMITS.opt_in_words)):
            self._out = False

    # what left

    def _sending(self, sending: Sending) -> Iterator[str]:
        reply = sending.reply
        newest = max(self._asking.values(), key=lambda event: event.order, default=None)
        if self._out if newest is None else newest.kind is EventKind.OPT_OUT:
            yield f"H30: {reply.voice} writes to somebody who has opted out: {reply.id}"
        if reply.voice is Voice.BOT and sending.owner != "bot":
            yield f"H24: the bot speaks while the {sending.owner} has the conversation: {reply.id}"
        earlier = self._sent.setdefault(reply.id, [])
        if any(one.whole for one in earlier):
            self.repeats += 1
        if any(one.whole and one.era == sending.era for one in earlier):
            yield f"H23: {reply.id} is sent again, and nobody who knew better has died"
        earlier.append(sending)

    def _filing(self, filing: Filing) -> Iterator[str]:
        """H140."""
        ticket = filing.ticket
        known = self._bodies.setdefault(ticket.id, ticket.body)
        if known != ticket.body:
            yield f"H140: two bodies under the key {ticket.id}"
        created = [id for id, body in self._bodies.items() if ticket.case in id and '"handoff.created"' in body]
        if len(created) > 1:
            yield f"H140: two tickets of one case: {created}"


def _silent_bot(c: Committed) -> Iterator[str]:
    """H20, H24: one voice answers; while a person has the conversation it is not the bot's."""
    voices = [reply.voice for reply in c.replies if reply.voice is not Voice.AGENT]
    if len(voices) > 1:
        yield f"H20: {voices} answer at once"
    customers = {event.address.person for event in c.events if event.kind in SAYING and event.address} == {"ada"}
    if customers and any(reply.voice is Voice.AGENT for reply in c.replies):
        yield "H20: an agent's words leave by a customer's message"
    owned = c.before.owner != "bot" and c.after.owner != "bot"
    if Voice.BOT in voices and owned and not (c.was and c.now and c.was.id != c.now.id):
        yield f"H24: the bot answers while the {c.before.owner} has the conversation"


def _relayed(c: Committed) -> Iterator[str]:
    """H25, H12: a customer's words reach the thread once and in order, and nobody else's pass for the bot's."""
    case = c.was.id if c.was else ""
    posts = [row for row in c.rows if isinstance(row, ThreadPost)]
    consents = [event.text for event in c.events if event.kind in CONSENT]
    shown = [post.text for post in posts if post.who == "customer" and post.case == case and post.text not in consents]
    said = [event for event in c.events if event.kind in SAYING and event.address and event.address.person == "ada"]
    kept = c.was is not None and (c.was.open or bool(same(c) and c.now and c.now.open))
    if kept and not went_back(c):
        texts = [event.text for event in said]
        if c.notes is None and said and not any(post.who == "" for post in posts):
            yield f"H25: {[event.id for event in said]} is set aside, and the thread says nothing of it"
        elif c.notes is not None and len(shown) != len(said):
            yield f"H25: {len(said)} messages of the customer, {len(shown)} in the thread: {texts}, {shown}"
        elif not all(text.strip() in line for text, line in zip(texts, shown, strict=False)):
            yield f"H25: the customer says {texts}, the thread {shown}"
    answered = Counter(reply.text for reply in c.replies if isinstance(reply, Reply))
    claimed = Counter(post.text for post in posts if post.who == "bot")
    if claimed - answered:
        yield f"H25: the thread shows as the bot's what it does not say: {list(claimed - answered)}"
