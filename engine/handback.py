"""Between the bot and the desk: what the desk says in a turn, and how a run comes back from a person (R60, R46)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as with_

from msgspec.structs import replace

from engine.act import act
from engine.archive import Archived, counting, missing
from engine.book import Book
from engine.conversation import Conversation
from engine.draft import Draft
from engine.encounter import with_met
from engine.flow import StateKind
from engine.frame import Frame, FrameKind, over
from engine.heard import Hearing
from engine.message import Notice, Option, Reply, Voice
from engine.rules.ambiguity import menu
from engine.rules.registry import Stage
from engine.say import Composed, say
from engine.turn import Turn, World
from engine.window import LEAST, words_of

HANDED_OFF = "handed_off"
"""Why a run ended that a person brought to its end (S9)."""


def speaking(turn: Turn, text: str, options: Sequence[Option] = (), *, notice: Notice = Notice.REQUIRED) -> Turn:
    """The turn with what the desk says in it: as a reply in front of all else, in the window, in the notes.

    "" says nothing, and nothing is said to a person who has opted out.
    """
    conversation = turn.conversation
    if not text or conversation.address is None or conversation.opted_out:
        return turn
    reply = Reply(
        id=f"{turn.id}:reply",
        address=conversation.address,
        text=text,
        options=tuple(options),
        voice=Voice.DESK,
        notice=notice,
    )
    notes = replace(turn.notes, said=text)
    after = remembering(conversation, "bot", text)
    return with_(turn, conversation=after, outbox=(reply, *turn.outbox), notes=notes)


def remembering(conversation: Conversation, who: str, text: str) -> Conversation:
    """The conversation with these words in its window: of the customer, the bot, an agent, or `system` (H145)."""
    most = max(len(conversation.window), LEAST)
    return replace(conversation, window=(*conversation.window, words_of(who, text))[-most:])


def archiving(turn: Turn, runs: Sequence[Archived]) -> Turn:
    """The turn with runs that ended in it, in its notes and counts."""
    if not runs:
        return turn
    notes = replace(turn.notes, archived=(*turn.notes.archived, *runs))
    course = counting(turn.conversation.course, runs)
    return with_(turn, conversation=replace(turn.conversation, course=course), notes=notes)


def left_to_people(conversation: Conversation, book: Book) -> Conversation:
    """The conversation once a person is done: a run that stood at its handoff is over, the others stand as they were,
    tries and clarifications at 0 (R60)."""
    stack, ended = list(conversation.stack), conversation.ended
    while stack and _stands_at_a_person(stack[-1], book):
        frame = stack.pop()
        while frame.kind is FrameKind.CALL and stack:
            frame = stack.pop()
        ended = over(frame, HANDED_OFF, HANDED_OFF)
    fresh = tuple(replace(frame, tries=0, clarify=0, offers=0) for frame in stack)
    question = conversation.question if len(stack) == len(conversation.stack) else None
    return replace(conversation, stack=fresh, question=question, ended=ended, lost=0, unread=0)


def unowned(conversation: Conversation, book: Book) -> Conversation:
    """The conversation where no desk stands behind the bot any more: nobody stays with a person who cannot come."""
    if conversation.owner == "bot":
        stands = conversation.paused_at is None or conversation.opted_out
        return conversation if stands else replace(conversation, paused_at=None)
    return replace(left_to_people(conversation, book), owner="bot", paused_at=None)


def ended_by_people(conversation: Conversation) -> Conversation:
    """The conversation once a person has solved it: no run goes on."""
    top = conversation.top
    ended = over(top, HANDED_OFF, HANDED_OFF) if top else conversation.ended
    return replace(conversation, stack=(), question=None, pending=None, ended=ended, lost=0, unread=0)


async def hand_back(turn: Turn, world: World, lead: str) -> tuple[Turn, Composed | None]:
    """The bot goes on: the run that was frozen walks from where it stood, and its question is put again behind `lead`
    (H147). With no run left, the menu.

    Gives the turn with the conversation as it then is, and what is to be said: None while a call's result is awaited,
    which brings `lead` with it.
    """
    back = left_to_people(turn.conversation, world.book)
    draft = Draft(back, world.book, turn_id=turn.id, now=turn.notes.at, limits=world.limits(back.address))
    draft.turn = back.turn
    draft.pending = None
    draft.archived = missing(turn.conversation, back, world.book, reason=HANDED_OFF, now=draft.now)
    draft.speech.acks.append(lead)
    draft.touched = {frame.run: set(frame.slots) for frame in back.stack}
    nothing = Hearing()
    world.rules.run(Stage.LOAD, draft, nothing)
    if len(back.stack) < len(turn.conversation.stack):
        world.rules.run(Stage.END, draft, nothing)
    await act(draft, nothing, world.rules, world.actions, world.memories)
    if not draft.stack and draft.wanted is None:
        draft.speech.acks.append(menu(draft))
    draft.course = counting(back.course, draft.archived)
    composed = say(draft)
    draft.count_question()
    calls = (draft.call,) if draft.call else ()
    turn = with_(turn, notes=with_met(turn.notes, draft, None if calls else composed))
    turn = archiving(turn, draft.archived)
    after = with_(turn, conversation=draft.finish(), outbox=(*calls, *draft.learned, *turn.outbox), wanted=draft.wanted)
    return after, None if calls else composed


def _stands_at_a_person(frame: Frame, book: Book) -> bool:
    version = book.version(frame.version)
    if version is None:
        return False
    kind = version.state(frame.state).kind
    return kind is StateKind.HANDOFF or (kind is StateKind.ACTION and frame.uncertain)
