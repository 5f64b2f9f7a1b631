"""What the page's agent does: a post read, checked against what the case offers, and made an event (H44, H57)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.exceptions import HTTPException

from channels.plaintext import storable, visible
from engine.message import Address, Event, EventKind
from handoff.buttons import PREFIX, TRIGGERS, press_of
from handoff.case import MAX_NOTE_CHARS, Case
from handoff.page import AGENT
from handoff.pageforms import Asked, Team, fields_of

MAX_TEXT_CHARS = 4000
_WITHOUT_MOVE = ("reply", "reveal", "retry")

_Words = Annotated[str, Meta(max_length=MAX_TEXT_CHARS)]
_Name = Annotated[str, Meta(max_length=200)]


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A post: the page's own UUID, and either words or a button with what was filled in."""

    id: UUID
    text: _Words | None = None
    action: _Name | None = None
    value: _Name = ""
    inputs: Annotated[dict[_Name, _Words], Meta(max_length=10)] = {}

    @property
    def words(self) -> str:
        """What stands in the thread as the agent's own."""
        return self.text or (self.inputs.get("text", "") if self.action == PREFIX + "reply" else "")


def read_act(body: bytes, case: Case, team: Team) -> Act:
    """Read a post about `case`. Raises HTTPException 400, which says what is wrong and repeats nothing of it."""
    try:
        act = msgspec.json.decode(body, type=Act)
    except msgspec.ValidationError as error:
        raise HTTPException(400, f"the post is not understood: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise HTTPException(400, "the body is not valid JSON") from None
    if (act.text is None) == (act.action is None):
        raise HTTPException(400, "send either `text` or `action`")
    if act.text is not None:
        return msgspec.structs.replace(act, text=_readable("text", act.text))
    return msgspec.structs.replace(act, inputs=_filled(act, _button(act, case), case, team))


def event_of(act: Act, conversation: str, case: Case, *, now: datetime) -> Event:
    """The act as an event of the conversation; the same act is the same event."""
    fields = {"message": str(act.id), "case": case.id}
    if act.action is not None:
        inputs = msgspec.json.encode(act.inputs).decode()
        fields |= {"action": act.action, "value": act.value, "inputs": inputs}
    return Event(
        id=f"{AGENT}:{case.id}:{act.id}",
        conversation=conversation,
        kind=EventKind.AGENT_MESSAGE if act.action is None else EventKind.AGENT_ACTION,
        at=now,
        order=int(now.timestamp() * 1_000_000),
        address=Address(channel=AGENT, account=AGENT, chat=AGENT, person=AGENT, thread=case.id),
        text=act.text or "",
        addressed=False,
        fields=fields,
    )


def _button(act: Act, case: Case) -> str:
    press = press_of(act.action or "", act.value)
    if press is None or press.button not in (*TRIGGERS, *_WITHOUT_MOVE):
        raise HTTPException(
            400, "`action` is no button of a case, or `value` is missing: send both as the button has them"
        )
    if press.case != case.id:
        raise HTTPException(400, "`value` belongs to another case: send the button's own")
    return press.button


def _filled(act: Act, button: str, case: Case, team: Team) -> dict[str, str]:
    """What the button asks, each within what was offered; anything else is refused, lest it is thought to count."""
    asked = {field.name: field for field in fields_of(button, case, team)}
    if not act.inputs.keys() <= asked.keys():
        raise HTTPException(400, f"`inputs` may hold {_list(asked) or 'nothing'} for this button")
    return {name: _input(field, act.inputs.get(name, "")) for name, field in asked.items()}


def _input(field: Asked, given: str) -> str:
    if field.optional and not given.strip():
        return ""
    if field.choices is None:
        return _readable(f"inputs.{field.name}", given[:MAX_NOTE_CHARS] if field.optional else given)
    values = [choice.value for choice in field.choices]
    if given not in values:
        raise HTTPException(400, f"`inputs.{field.name}` must be one of these: {_list(values) or 'there is none here'}")
    return given


def _readable(name: str, text: str) -> str:
    if not visible(text):
        raise HTTPException(400, f"`{name}` has nothing to read in it: write something")
    return storable(text)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
