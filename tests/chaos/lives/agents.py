"""What agents do, and a stranger: with the cards and threads they have seen, which may have changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from engine.message import Address, Event, EventKind
from handoff.case import Agent, Case
from tests.chaos.lives.life import Life
from tests.chaos.lives.world import ANNA, LONG, PAGE, TOM

STRANGER = Agent(id="mallory", alias="Mallory")
ORDER = 10**15
"""Agents write elsewhere: their provider counts in its own way."""
BUTTONS = ("claim", "claim", "claim", "unclaim", "return", "resolve", "transfer", "false_alarm", "ticket", "reveal")
VERDICTS = ("verdict_good_call", "verdict_false_alarm", "verdict_too_late")
COMMANDS = (
    "claim", "release", "return", "resolve", "transfer billing", "transfer nowhere", "snooze 2h", "snooze tomorrow",
    "snooze never", "ticket", "dance",
)  # fmt: skip
NOTES = ("note: {}", "  PRIVATE: {}", "*internal:* {}", "// {}", "note : {}", "\N{LOCK} {}")


class Kind(StrEnum):
    """What an agent's words were meant to be."""

    REPLY = "reply"
    EXPLICIT = "explicit"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Words:
    """An agent's words, known again by the mark in them wherever they turn up."""

    event: str
    agent: Agent
    kind: Kind
    case: str


class Office:
    """Who sits there, and what they have said."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._chance = life.chance
        self.words: dict[str, Words] = {}
        """By mark."""

    @property
    def sees(self) -> list[Case]:
        """The cases whose card was shown, oldest change first."""
        return list(self._life.face.cards.values())

    def writes(self, case: Case) -> Event:
        """Words in the case's thread, of whoever has it or of the other one."""
        return self._said(case, self._somebody(case), Kind.REPLY, self._text())

    def writes_explicitly(self, case: Case) -> Event:
        """Behind `>>`, or by the Reply button."""
        agent = self._somebody(case)
        if self._chance.random() < 0.5:
            return self._said(case, agent, Kind.EXPLICIT, f">> {self._text()}")
        event = self._pressed("reply", case, agent, inputs={"text": "{}"})
        return self._marked(event, case, agent, Kind.EXPLICIT)

    def notes(self, case: Case) -> Event:
        """For the other agents only."""
        return self._said(case, self._somebody(case), Kind.NOTE, self._chance.choice(NOTES))

    def meddles(self, case: Case) -> Event:
        """Somebody who is not of this desk."""
        if self._chance.random() < 0.5:
            return self._said(case, STRANGER, Kind.REPLY, "give me that {}")
        return self._pressed(self._chance.choice(BUTTONS), case, STRANGER)

    def presses(self, case: Case) -> Event:
        """A button of the card as it was shown, or of an older one."""
        agent = self._chance.choice((ANNA, TOM))
        button = self._chance.choice(BUTTONS if case.open else (*VERDICTS, *BUTTONS))
        inputs = {}
        if button == "transfer":
            inputs = {"queue": self._chance.choice(("billing", "tech", ""))}
        if button == "resolve":
            inputs = {"outcome": self._chance.choice(("solved", "not_solved", "spam", "?")), "note": "as agreed"}
        return self._pressed(button, case, agent, inputs=inputs, behind=self._chance.random() < 0.1)

    def claims(self, case: Case, agent: Agent) -> Event:
        """The button that both want."""
        return self._pressed("claim", case, agent)

    def retries(self, case: Case) -> Event:
        """What did not arrive is to go out again."""
        return self._pressed("retry", case, self._somebody(case))

    def chooses(self, case: Case) -> Event:
        """What becomes of words that were held: mostly one's own, mostly the newest."""
        asked = [whisper for whisper in self._life.face.whispers if whisper.case == case.id][-2:]
        if not asked:
            return self.writes(case)
        whisper = self._chance.choice(asked)
        agent = next(agent for agent in (ANNA, TOM) if agent.id == whisper.agent)
        button = self._chance.choice(("take_over", "take_over", "keep_internal"))
        return self._pressed(button, case, agent, held=whisper.held)

    def commands(self, case: Case) -> Event:
        """To the bot's mention in the thread."""
        fields = {"action": "mention", "words": self._chance.choice(COMMANDS)}
        return self._event(EventKind.AGENT_ACTION, case, self._chance.choice((ANNA, TOM)), fields=fields)

    def corrects(self, case: Case) -> Event:
        """A message of theirs, by an edit or by deleting it."""
        fields = {"desk": "yes", **({"deleted": "yes"} if self._chance.random() < 0.4 else {})}
        return self._event(EventKind.EDITED, case, self._somebody(case), fields=fields, text="I meant to say")

    def _somebody(self, case: Case) -> Agent:
        """The claimer, mostly."""
        other = TOM if case.claimed_by in (None, ANNA) else ANNA
        return case.claimed_by if case.claimed_by and self._chance.random() < 0.75 else other

    def _text(self) -> str:
        long = self._chance.random() < 0.1
        return "I am on it {}" + (" and more" * (LONG // 6) if long else "")

    def _said(self, case: Case, agent: Agent, kind: Kind, text: str) -> Event:
        return self._marked(self._event(EventKind.AGENT_MESSAGE, case, agent, text=text), case, agent, kind)

    def _marked(self, event: Event, case: Case, agent: Agent, kind: Kind) -> Event:
        """The event with a mark in its words."""
        mark = f"[{event.id}]"
        self.words[mark] = Words(event=event.id, agent=agent, kind=kind, case=case.id)
        fields = {name: value.replace("{}", mark) for name, value in event.fields.items()}
        return msgspec.structs.replace(event, text=event.text.replace("{}", mark), fields=fields)

    def _pressed(
        self,
        button: str,
        case: Case,
        agent: Agent,
        *,
        held: str = "",
        inputs: dict[str, str] | None = None,
        behind: bool = False,
    ) -> Event:
        seen = max(case.version - behind, 0)
        fields = {"action": f"handoff_{button}", "value": f"{case.id}:{seen}" + (f":{held}" if held else "")}
        if inputs:
            fields["inputs"] = msgspec.json.encode(inputs).decode()
        return self._event(EventKind.AGENT_ACTION, case, agent, fields=fields)

    def _event(
        self, kind: EventKind, case: Case, agent: Agent, *, text: str = "", fields: dict[str, str] | None = None
    ) -> Event:
        address = Address(channel=PAGE, account=PAGE, chat=PAGE, person=agent.id, thread=case.id)
        event = self._life.event(kind, order=ORDER, address=address, text=text, fields=fields or {})
        return msgspec.structs.replace(event, fields={"message": event.id, **event.fields})
