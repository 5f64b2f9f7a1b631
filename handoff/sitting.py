"""The workbench of one turn at the desk: steps of the case, what is told to whom; the gateway makes the turn of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from engine.conversation import Conversation
from handoff.case import Agent, Case, Spot, Thread
from handoff.lifecycle import step
from handoff.moves import CardWork, Effects, Line, Move, Step
from handoff.opening import Request, ask_for_person
from handoff.policy import DeskPolicy
from handoff.posts import DeskPost, Mark, Marking, ThreadPost, Whisper, Window
from handoff.receipts import set_out
from handoff.showing import Shown

WINDOW_S = 2.5
"""A key that opens a window lives three seconds (H58)."""

_CASE = msgspec.json.Decoder(Case)


def case_in(conversation: Conversation) -> Case | None:
    """The conversation's newest case. Raises msgspec.ValidationError when its bytes are none."""
    return _CASE.decode(conversation.case) if bytes(conversation.case) else None


def with_case(conversation: Conversation, case: Case) -> Conversation:
    """The conversation with the case as it stands now, and its owner and version from it (H1)."""
    return replace(
        conversation, case=msgspec.Raw(msgspec.json.encode(case)), owner=case.owner.value, version=case.version
    )


@dataclass(slots=True)
class Sitting:
    """One turn at the desk in the making. Ids of rows follow from `id`, the turn's, so that a repeat gives the same."""

    id: str
    now: datetime
    policy: DeskPolicy
    case: Case | None
    shown: list[Shown] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """For the customer, in order."""
    words: list[tuple[str, str]] = field(default_factory=list)
    """(row id, text): an agent's, to the customer."""
    posts: list[DeskPost] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    way_back: bool = False
    nudging: bool = False
    goes_on: bool = False
    alerts: list[str] = field(default_factory=list)

    def move(self, move: Move) -> Step:
        """Something happens to the case; what follows is kept for the end of the turn."""
        if self.case is None:
            raise ValueError(f"there is no case for {move.trigger}")
        return self._took(step(self.case, move, now=self.now, policy=self.policy), move.trigger)

    def ask(self, request: Request) -> Step:
        """A person is asked for."""
        return self._took(ask_for_person(self.case, request, now=self.now, policy=self.policy), "asked")

    def say(self, text: str, spot: Spot) -> None:
        """An agent's words go to the customer."""
        if self.case is None:
            return
        row = f"{self.id}:agent:{len(self.words)}"
        self.words.append((row, text))
        self.case = set_out(self.case, row, spot, text)
        self.mark(spot, Marking.ACCEPTED)

    def mark(self, spot: Spot, marking: Marking, *, case: str = "") -> None:
        """An agent sees on their message what became of it (H50); it may stand in the thread of an earlier case."""
        if self.case is not None and spot.message:
            case = case or self.case.id
            self.posts.append(Mark(id=f"{self.id}:mark:{len(self.posts)}", case=case, spot=spot, marking=marking))

    def whisper(self, agent: Agent | str, text: str, spot: Spot, *, held: str = "") -> None:
        """One agent alone is told something."""
        if not text:
            return
        whisper = Whisper(
            id=f"{self.id}:whisper:{len(self.posts)}",
            agent=agent if isinstance(agent, str) else agent.id,
            text=text,
            spot=spot,
            case=self.case.id if self.case else "",
            version=self.case.version if self.case else 0,
            held=held,
        )
        self.posts.append(whisper)

    def thread(self, text: str, *, who: str = "", case: str = "") -> None:
        """A line into the case's thread, or into that of an earlier one."""
        if self.case is not None and text:
            case = case or self.case.id
            self.posts.append(ThreadPost(id=f"{self.id}:thread:{len(self.posts)}", case=case, text=text, who=who))

    def window(self, button: str, trigger: str) -> None:
        """An agent is asked something before it is done (H58)."""
        if self.case is None:
            return
        window = Window(
            id=f"{self.id}:window",
            case=self.case.id,
            version=self.case.version,
            button=button,
            trigger=trigger,
            expires_at=self.now + timedelta(seconds=WINDOW_S),
            queues=self.policy.queues,
        )
        self.posts.append(window)

    def knows_thread(self, thread: Thread) -> None:
        """The case's card was posted there."""
        if self.case is not None and thread not in self.case.threads:
            self.case = replace(self.case, threads=(*self.case.threads, thread))

    def knows_ticket(self, ticket: str) -> None:
        """The ticket system took it, and named it, if it did; the card shows that (H142)."""
        if self.case is not None and ticket and ticket != self.case.ticket:
            before, self.case = self.case, replace(self.case, ticket=ticket)
            self.shown.append(Shown(before=before, after=self.case, effects=Effects(card=CardWork.UPDATE)))

    def _took(self, taken: Step, what: str) -> Step:
        before, effects = self.case, taken.effects
        self.case = taken.case
        if taken.refused is None:
            self.did.append(what)
        if effects != Effects():
            self.shown.append(Shown(before=before, after=taken.case, effects=effects))
        self.lines += effects.say
        self.way_back |= effects.way_back
        self.nudging |= effects.nudging
        self.goes_on |= effects.goes_on
        self.alerts += [effects.alert] if effects.alert else []
        return taken
