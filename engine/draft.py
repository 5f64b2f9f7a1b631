"""The workbench of one turn: rules change it, the walk reads it, `finish` makes the new conversation of it.

Nothing here decides. A draft lives for one turn and is never shared; outside it everything is frozen.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from msgspec.structs import replace

from engine.account import Came
from engine.archive import Archived, archived, others, tallied
from engine.book import Book
from engine.conversation import Conversation, Loose, Waiting
from engine.delegation import Work
from engine.elapsed import elapsed
from engine.exposure import Exposing
from engine.extraction import Advice
from engine.flow import SlotDef
from engine.frame import Ended, Frame, over
from engine.machine import Compiled
from engine.memory import Learned, Memory
from engine.message import NO_LIMITS, Address, Limits
from engine.ports import ActionRequest, Quote
from engine.question import Choice, Pending, PendingKind, Question
from engine.runs import Runs
from engine.satisfaction import Rating
from engine.signals import Heeded
from engine.speech import Speech
from engine.views import Person
from engine.walk import Walk
from engine.wanted import Wanted
from engine.window import CUSTOMER, kept, labelled, window_of, words_of

YES_NO = (Choice(label="yes", value=True), Choice(label="no", value=False))


class Draft(Runs):
    """One turn in the making."""

    walk: Walk | None = None
    call: ActionRequest | None = None
    actions = 0
    failed = ""
    """The look-up that failed in this turn and has no edge for it (R59)."""
    overrun = False
    """More actions than a turn may take (R10)."""
    stopped = False
    """The walk must not go on in this turn."""
    heeded: Heeded | None = None
    """What the customer's words say by themselves; None where no customer began the turn."""
    topic = ""
    """The knowledge heading that answered in this turn (S27)."""
    work: Work | None = None
    """How the plan was carried out whose result this is (S36)."""
    rating: Rating | None = None
    """How it went, as the customer says in this turn (S39)."""
    begun = ""
    """The run that this message began."""
    alert = ""
    """What an operator must know of this turn."""
    wanted: Wanted | None = None
    """A person is to take over: the turn says no more of its own (R60)."""
    done = False
    """The event is used up: no later rule needs to look."""
    silent = False
    """This event asks for no reply at all."""
    explained = False
    """Something of the message was understood."""
    texts = 1
    """Plain texts that waited when the turn began."""
    joined = 1
    """How many waiting events this turn takes (R2)."""
    memory: Memory | None = None
    """What is remembered of the customer; None while nobody had to know."""
    again = False
    """A rule took back what a call would rest on: the walk goes on from there."""
    follow_up = ""
    """Words of this message that are to be heard next, by themselves (R53)."""

    def __init__(
        self, conversation: Conversation, book: Book, *, turn_id: str, now: datetime, limits: Limits = NO_LIMITS
    ) -> None:
        super().__init__(book, conversation.stack, conversation.scopes)
        self.before = conversation
        self.turn_id, self.now, self.limits = turn_id, now, limits
        self.turn, self.address = conversation.turn + 1, conversation.address
        self.base = conversation.stack
        """Where the turn began: the runs as stored, with the result it brought."""
        self.question: Question | None = conversation.question
        self.committed: Question | None = conversation.question
        """The question that was committed before this turn: only it can be confirmed (R14)."""
        self.pending: Pending | None = conversation.pending
        self.waiting: Waiting | None = conversation.waiting
        self.ended: Ended | None = conversation.ended
        self.loose: dict[str, Loose] = dict(conversation.loose)
        self.lost, self.unread, self.astray = conversation.lost, conversation.unread, 0
        self.opted_out = conversation.opted_out
        self.window = list(conversation.window)
        self.discussed = conversation.discussed
        """What was told from our own texts, with what this turn tells (S33)."""
        self.quotes: list[Quote] = []
        """What the open look into them found, best first."""
        self.meant: dict[str, tuple[Quote, ...]] = {}
        """Question -> what answers it by its meaning, looked up before anything was decided (S34)."""
        self.told: list[str] = []
        """How that is told."""
        self.time = elapsed(conversation)
        self.archived: list[Archived] = []
        """Runs that ended in this turn (S38)."""
        self.course = conversation.course
        """What is counted of the conversation; after the turn, with it."""
        self.survey = conversation.survey
        self.speech = Speech()
        self.fired: list[str] = []
        self.changed: set[str] = set()
        """Slots whose settled value was corrected in this turn."""
        self.unseen: set[str] = set()
        self.advice = Advice()
        self.calls: list[tuple[str, str]] = []
        """Look-ups made in this turn, with their outcomes."""
        self.came: list[Came] = []
        """What they, and the call whose result this is, came to."""
        self.walked: list[str] = []
        """States that were entered, as `flow.state`."""
        self.reading = book.reading(now)
        """How texts are read here: now, in the desk's zone and locale, with its region's phones and money."""
        self.learned: list[Learned] = []
        """What runs that were done in this turn leave to be remembered (S11)."""
        self.exposing = Exposing(self, book.trials, conversation, lambda: self.address) if book.trials else None
        """What is tried out on the customer; None where nothing is."""
        self._met: tuple[Address | None, dict[str, Any], Person] | None = None

    # what a rule may look at

    @property
    def asked(self) -> SlotDef | None:
        """The slot of the open question, if it is a run's."""
        question = self.question
        if question is None or not self.stack or question.run != self.stack[-1].run:
            return None
        return self.book.of(self.stack[-1]).definition.slots.get(question.slot)

    @property
    def person(self) -> Person:
        """The customer, as templates see them."""
        known = self.stack[-1].person if self.stack else {}
        if self._met is None or self._met[0] is not self.address or self._met[1] != known:
            self._met = self.address, known, Person(self.address, self.book.desk.locale, known)
        return self._met[2]

    @property
    def halted(self) -> bool:
        """Does no walk go on: is a person wanted, or something of ours asked?"""
        return self.stopped or self.wanted is not None

    def line(self, key: str, flow: Compiled | None = None, /, **values: object) -> str:
        """One of our lines, as `flow`, else the active one, or the desk words it."""
        flow = flow or (self.flow if self.stack else None)
        if self.exposing is not None:
            return self.exposing.line(key, flow, values)
        return self.book.line(key, flow, **values)

    # what a rule may change

    def end(self, reason: str, outcome: str = "") -> Frame:
        """Take the active run off the stack, for one of S9's reasons."""
        frame = self.stack.pop()
        self.archive(frame, reason, outcome)
        self.question = None
        self.walk = None
        return frame

    def archive(self, frame: Frame, reason: str, outcome: str) -> None:
        """A run that was taken off the stack is over."""
        self.ended = over(frame, reason, outcome)
        if frame.ways:
            self.archived += others(frame, self.book, now=self.now)
        self.archived.append(archived(self._tallied(frame), self.book, self.ended, now=self.now))

    def _tallied(self, frame: Frame) -> Frame:
        heard = self.time.heard is not None and not self.silent
        return tallied(frame, self.before, heard=heard, corrections=len(self.changed))

    def back_to_before(self) -> None:
        """R10: the runs as they stood before the turn; what was decided and committed, and what came of it, stays."""
        self.stack = list(self.base)
        self.question = self.before.question
        self.archived, self.learned = [], []
        self.scopes, self.loose = dict(self.before.scopes), dict(self.before.loose)
        self.pending = None
        self.walk = None
        self.stopped = True
        self.ended = self.before.ended

    def want_person(self, wanted: Wanted) -> None:
        """Hand the conversation out as it stands: no walk goes on, nothing is asked."""
        self.wanted = wanted
        self.pending = None
        self.stopped = True

    def ask_system(
        self,
        kind: PendingKind,
        text: str,
        choices: tuple[Choice, ...] = YES_NO,
        *,
        kept: str = "",
        about: dict[str, Any] | None = None,
    ) -> None:
        """Put a system question; it is the one question of this reply."""
        put = self.pending.put + 1 if self.pending and self.pending.kind is kind else 1
        mark = blake2b(f"{kind}:{self.turn}".encode(), digest_size=4).hexdigest()
        self.pending = Pending(
            kind=kind, mark=mark, question=text, choices=choices, kept=kept, about=about or {}, put=put
        )
        self.speech.question = text
        self.speech.choices = choices
        self.speech.mark = mark

    def count_question(self) -> None:
        """A question that was not put before this turn was put: once more for its slot. An offer of memory stands in
        its place, and is none (S12)."""
        question, frame = self.question, self.top
        if question is None or frame is None or proposing(self.pending):
            return
        if question != self.before.question or proposing(self.before.pending):
            asked = frame.asked | {question.slot: frame.asked.get(question.slot, 0) + 1}
            self.stack[-1] = replace(frame, asked=asked)

    def heard_words(self, text: str) -> None:
        """Keep the customer's words in the window."""
        self.window.append(words_of(CUSTOMER, text))

    def said_words(self, text: str) -> None:
        """Keep our words in the window."""
        self.window.append(words_of("bot", text))

    def tally(self) -> None:
        """Count the turn for the run that it went on with."""
        if self.stack and self.ended is self.before.ended and self.wanted is None:
            self.stack[-1] = self._tallied(self.stack[-1])

    def finish(self) -> Conversation:
        """The new conversation."""
        return replace(
            self.before,
            **self.time.after(self.before, opted_out=self.opted_out, silent=self.silent, now=self.now),
            address=self.address,
            turn=self.turn,
            stack=tuple(self.stack),
            question=self.question,
            pending=self.pending,
            waiting=self.waiting,
            course=self.course,
            survey=self.survey,
            ended=self.ended,
            scopes=self.scopes,
            loose=self.loose,
            window=kept(labelled(self.window, self.before, self.stack), window_of(self.book, self.top)),
            lost=self.lost,
            astray=self.astray,
            unread=self.unread,
            discussed=self.discussed,
            variants=self.exposing.kept if self.exposing is not None else self.before.variants,
            opted_out=self.opted_out,
            acquainted=self.before.acquainted or bool(self.learned),
        )


def proposing(pending: Pending | None) -> bool:
    """Is an offer of memory open? Behind it stands the question of a run, which may be answered instead."""
    return pending is not None and pending.kind is PendingKind.MEMORY
