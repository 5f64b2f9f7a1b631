"""What an event means to a case: a customer's words, an agent's wishes, news of rows that left, a clock that rang."""

from __future__ import annotations

from collections.abc import Iterable

from engine.conversation import Conversation
from engine.message import Attachment, Event, EventKind
from engine.readers.control import whole_message
from handoff.agentlines import for_thread, why_not
from handoff.agentlines import whisper as told
from handoff.asking import ask_of, spot_of
from handoff.case import Agent, Case, Thread
from handoff.moves import Line, Move, Refused, Trigger
from handoff.receipts import came_back, marking_of, move_of
from handoff.sitting import Sitting
from handoff.timers import due
from handoff.wording import WAY_BACK

BACK_WORDS = frozenset({"bot"})
"""The way back to the assistant (H10)."""
OPTED_OUT = "the customer has opted out"
_OLD_BUTTON = "(pressed a button of an earlier question)"
_ABOUT_CONSENT = frozenset({EventKind.OPT_OUT, EventKind.OPT_IN})
_SAID = _ABOUT_CONSENT | {EventKind.MESSAGE, EventKind.OPTION, EventKind.EDITED}


def customer_writes(event: Event, conversation: Conversation, sitting: Sitting) -> None:
    """To people: into the thread (H25); or back to the bot, by word or button (H10)."""
    if sitting.case is None:
        return
    text = read_by_agents(event, conversation)
    if event.kind is EventKind.EDITED:
        sitting.thread(text, who="customer")
        return
    sitting.heard.append(text)
    if _wants_the_bot(event) and sitting.move(Move(trigger=Trigger.BACK_TO_BOT)).refused is None:
        return
    sitting.move(Move(trigger=Trigger.CUSTOMER_WRITES))
    sitting.thread(text, who="customer")


def overheard(events: Iterable[Event], before: Conversation, after: Conversation, sitting: Sitting) -> None:
    """What the assistant heard while a case is open goes to its thread too (H12, H25); also that the customer may no
    longer be written to, or may again (H30)."""
    for event in events:
        sitting.thread(read_by_agents(event, before), who="customer")
    if after.opted_out is not before.opted_out:
        sitting.thread(for_thread(Line(key="desk_opted_out" if after.opted_out else "desk_opted_in")))


def stranger_acts(event: Event, sitting: Sitting) -> None:
    """Somebody who may not act (H56): nothing happens, and they are told."""
    if event.address is not None and event.kind is not EventKind.EDITED:
        sitting.whisper(event.address.person, told("stranger"), spot_of(event))


def agent_acts(event: Event, agent: Agent, conversation: Conversation, sitting: Sitting) -> None:
    """An agent's words, button, window or command. In the thread of an earlier case they are for nobody (H44)."""
    case = sitting.case
    if case is None or event.fields.get("case", case.id) != case.id:
        sitting.whisper(agent, told("closed"), spot_of(event))
        return
    ask = ask_of(event, agent, case, now=sitting.now, policy=sitting.policy)
    if ask.told:
        sitting.whisper(agent, told(ask.told), spot_of(event))
    if ask.window:
        sitting.window(ask.window, event.fields["trigger"])
    if ask.does:
        _does(ask.does, agent, event, conversation, sitting)
    if ask.move is not None:
        _moves(ask.move, agent, event, conversation, sitting)


def row_left(event: Event, sitting: Sitting) -> None:
    """What became of a row: an agent's words, a card, a ticket, the desk's face itself."""
    case, fields = sitting.case, event.fields
    reason = fields.get("reason") if fields.get("outcome") == "failed" else None
    if case is None:
        return
    match fields.get("of"):
        case "agent":
            _words_left(case, fields.get("ref", ""), reason, sitting)
        case "desk":
            down = fields.get("outcome") == "down"
            sitting.move(Move(trigger=Trigger.DESK_DOWN if down else Trigger.DESK_UP))
        case "card" if fields.get("case") == case.id:
            thread = Thread(team=fields["team"], channel=fields["channel"], ts=fields["ts"])
            sitting.knows_thread(thread)
        case "thread" if reason is not None:
            sitting.thread(for_thread(Line(key="desk_not_shown", values={"reason": reason})), case=fields["case"])
        case "ticket" if fields.get("case") == case.id:
            if reason is None:
                sitting.knows_ticket(fields.get("part", ""))
            else:
                sitting.thread(for_thread(Line(key="desk_no_ticket", values={"reason": reason})))
                sitting.alerts.append("a ticket was not taken")


def clock_rings(sitting: Sitting) -> None:
    """Every clock that is due, in order (H28)."""
    while sitting.case is not None and (trigger := due(sitting.case, sitting.now)) is not None:
        if sitting.move(Move(trigger=trigger)).refused is not None:
            return


def _moves(move: Move, agent: Agent, event: Event, conversation: Conversation, sitting: Sitting) -> None:
    case, spot = sitting.case, spot_of(event)
    if case is None:
        return
    if move.trigger is Trigger.REPLY and conversation.opted_out and case.open:
        sitting.move(Move(trigger=Trigger.REPLY_REFUSED, reason=OPTED_OUT))
        return
    step = sitting.move(move)
    if step.refused is None:
        if step.effects.relay and move.trigger is Trigger.REPLY:
            sitting.say(move.text, spot)
        if held := step.effects.send_held:
            sitting.say(held.text, held.spot)
        return
    claimer = case.claimed_by.alias if case.claimed_by else ""
    if step.refused is Refused.NOT_YOURS and case.open:
        id = f"{spot.channel}:{spot.message}"
        sitting.move(Move(trigger=Trigger.HOLD, agent=agent, text=move.text, held=id, spot=spot))
        sitting.whisper(agent, why_not(step.refused, claimer=claimer), spot, held=id)
    elif step.refused is Refused.NOT_NOW and not case.open:
        sitting.whisper(agent, told("closed"), spot)
    else:
        sitting.whisper(agent, why_not(step.refused, claimer=claimer), spot)


def _does(does: str, agent: Agent, event: Event, conversation: Conversation, sitting: Sitting) -> None:
    spot, case = spot_of(event), sitting.case
    if case is None:
        return
    mine = case.claimed_by is not None and case.claimed_by.id == agent.id
    if not mine:
        sitting.whisper(agent, told("not_claimer"), spot)
    elif does == "reveal":
        address = conversation.address
        sitting.whisper(agent, told("contact", contact=address.chat if address else "unknown"), spot)
        sitting.did.append(f"{agent.id} saw the contact")
    elif not case.open:
        sitting.whisper(agent, told("closed"), spot)
    elif (words := case.undelivered) is None or not words.text:
        sitting.whisper(agent, told("nothing_to_retry"), spot)
    else:
        sitting.say(words.text, words.spot)


def _words_left(case: Case, row: str, reason: str | None, sitting: Sitting) -> None:
    """The agent sees it on their message; that they did not arrive, and why, stands in the thread as well (H26)."""
    sitting.case, words = came_back(case, row, reason)
    if words is None:
        return
    told = words.case == case.id and sitting.move(move_of(reason)).refused is None
    if reason is not None and not told:
        sitting.thread(for_thread(Line(key="desk_not_delivered", values={"reason": reason})), case=words.case)
    sitting.mark(words.spot, marking_of(reason), case=words.case)


def _wants_the_bot(event: Event) -> bool:
    return (event.option or "").startswith(WAY_BACK) or whole_message(event.text, BACK_WORDS)


def read_by_agents(event: Event, before: Conversation) -> str:
    """A customer's event as an agent reads it: the text, a choice's label, one line for each thing that hangs on it; ""
    for what is none of their saying. `before` is the conversation they said it in."""
    if event.kind not in _SAID:
        return ""
    lines = [event.text] if event.text.strip() else []
    if event.kind is EventKind.OPTION:
        lines.append(_label(event.option or "", before))
    lines += [_named(attachment) for attachment in event.attachments]
    if event.kind in _ABOUT_CONSENT:
        return "\n".join(lines)
    return ("(edited) " if event.kind is EventKind.EDITED else "") + ("\n".join(lines) or "(nothing readable)")


def _label(token: str, conversation: Conversation) -> str:
    parts = token.split(":", 3)
    for asked in (conversation.pending, conversation.question):
        if len(parts) == 4 and asked is not None and parts[2] == asked.mark and parts[3].isdigit():
            place = int(parts[3])
            if place < len(asked.choices):
                return asked.choices[place].label
    return _OLD_BUTTON


def _named(attachment: Attachment) -> str:
    details = [attachment.kind, attachment.name or "", f"{attachment.size} bytes" if attachment.size else ""]
    return f"[{', '.join(filter(None, details))}]"
