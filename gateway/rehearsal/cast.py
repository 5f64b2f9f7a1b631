"""Who is on the stage: the customer and the desk's agent, each with what they do as events."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from engine.message import Address, Attachment, Event, EventKind, Receipt, Reply
from gateway.playground.act import Act, event_of
from gateway.rehearsal.wording import normal
from handoff.case import Case
from handoff.document import Summary
from handoff.page import AGENT, PageFace
from handoff.pageforms import Asked, Team, buttons_of
from handoff.posts import CardPost, DeskPost, ThreadPost, Whisper

CONVERSATION = "rehearsal"


class Customer:
    """One person at one address, whose clock is the stage's."""

    def __init__(self, address: Address, conversation: str, now: Callable[[], datetime]) -> None:
        self._address = address
        self._conversation = conversation
        self._now = now
        self._numbers = itertools.count(1)

    def text(self, text: str) -> Event:
        """A message."""
        return self._event(EventKind.MESSAGE, text=text)

    def media(self, kind: str, caption: str) -> Event:
        """A message with an attachment; `empty` has nothing at all."""
        attachments = () if kind == "empty" else (Attachment(kind=kind),)
        return replace(self._event(EventKind.MESSAGE, text=caption), attachments=attachments)

    def press(self, label: str, back: int, replies: Sequence[Reply]) -> Event | None:
        """Pressing a label of the `back`-newest of `replies` that offers it; None when so many do not."""
        offers = [o for reply in reversed(replies) for o in reply.options if normal(o.label) == normal(label)]
        return self.choose(offers[back - 1].token) if len(offers) >= back else None

    def choose(self, token: str) -> Event:
        """Pressing the button with this token."""
        return replace(self._event(EventKind.OPTION), option=token)

    def _event(self, kind: EventKind, text: str = "") -> Event:
        number = next(self._numbers)
        return Event(
            id=f"e{number}",
            conversation=self._conversation,
            kind=kind,
            at=self._now(),
            order=number,
            address=self._address,
            text=text,
        )


class Agent:
    """The one agent of the desk, whose thread is read and whose buttons are pressed."""

    def __init__(self, queues: Sequence[str], conversation: str, now: Callable[[], datetime]) -> None:
        self._team = Team(agent=AGENT, queues=tuple(queues))
        self._conversation = conversation
        self._now = now
        self._numbers = itertools.count(1)

    def writes(self, text: str, case: Case) -> Event:
        """Words in the case's thread."""
        return self._acts(Act(id=self._id(), text=text), case)

    def presses(self, button: str, case: Case) -> Event | None:
        """A press of the case's button of this name or label, with the first choice of each thing it asks; None where
        the case has no such button."""
        found = [one for one in buttons_of(case, self._team) if normal(button) in (one.name, normal(one.label))]
        if not found:
            return None
        inputs = {asked.name: _first(asked) for asked in found[0].asks}
        return self._acts(Act(id=self._id(), action=found[0].action, value=found[0].value, inputs=inputs), case)

    def _acts(self, act: Act, case: Case) -> Event:
        return event_of(act, self._conversation, case, now=self._now())

    def _id(self) -> UUID:
        return UUID(int=next(self._numbers))


class RecordingFace:
    """The desk's face: keeps, beside what it shows, the words of it in their order."""

    def __init__(self, face: PageFace, received: list[str]) -> None:
        self._face = face
        self._received = received

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        """Show it, and remember what it says. May raise StoreAway."""
        match post:
            case CardPost():
                self._received.append(_card(post.summary))
            case ThreadPost() | Whisper():
                self._received.append(post.text)
        return await self._face.show(post, done, since=since, again=again)


def _first(asked: Asked) -> str:
    return asked.choices[0].value if asked.choices and not asked.optional else ""


def _card(summary: Summary) -> str:
    """What an agent reads first: the headline, why and for whom, and what was said."""
    said = (f"{message.who}: {message.text}" for message in summary.messages)
    why = ", ".join(filter(None, (summary.trigger.primary, summary.trigger.reason, summary.queue)))
    return "\n".join((summary.narrative.headline.text, why, *said))
