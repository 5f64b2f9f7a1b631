"""What the customer does: answers and nonsense, asking for a person and going back, opting out, old buttons."""

from __future__ import annotations

from engine.message import Attachment, Event, EventKind, Reply
from handoff.wording import WAY_BACK
from tests.chaos.lives.life import Life
from tests.chaos.lives.world import ADA

ANSWERS = {
    "order_number": ("ORD-12345", "ORD-24680", "ORD-99999", "ORD-00000", "it is ord-12345", "twelve"),
    "confirmed": ("yes", "yes", "no", "maybe"),
    "reason": ("broken", "wrong item", "I changed my mind", "dunno"),
    "full_name": ("My name is Ada Long", "??"),
    "email": ("ada@example.com", "no mail"),
    "seats": ("12", "none at all"),
    "plan": ("team", "basic"),
    "agreed": ("yes", "no"),
}
OPENERS = ("I want a refund", "refund for ORD-12345", "money back for ORD-99999", "sign up", "hello")
ASKS = ("I want to talk to a human", "a human please", "get me a person, my order is ORD-24680")
ODD = ("hmm", "what time is it?", "never mind", "back", "why do you need that?", "thanks", "start over", "the lamp?")


def answers(life: Life, slot: str) -> Event:
    """An answer to the open question, right or wrong; without a question, something to begin with."""
    return _says(life, life.chance.choice(ANSWERS.get(slot, OPENERS)))


def rambles(life: Life) -> Event:
    """Something that answers nothing."""
    return _says(life, life.chance.choice((*ODD, f"so I said to them {life.chance.random()}")))


def asks(life: Life) -> Event:
    """For a person."""
    return _says(life, life.chance.choice(ASKS))


def goes_back(life: Life) -> Event:
    """To the bot: by the word, or by a button that was put to them once, perhaps in an earlier case."""
    buttons = [token for token in _tokens(life) if token.startswith(WAY_BACK)]
    if buttons and life.chance.random() < 0.5:
        return life.event(EventKind.OPTION, address=ADA, option=life.chance.choice(buttons[-3:]))
    return _says(life, life.chance.choice(("BOT", "bot", "Bot!")))


def presses(life: Life) -> Event:
    """A button of one of the last questions, or of one long ago."""
    tokens = _tokens(life)
    if not tokens:
        return _says(life, "hello?")
    recent = life.chance.random() < 0.7
    return life.event(EventKind.OPTION, address=ADA, option=life.chance.choice(tokens[-3:] if recent else tokens))


def shows(life: Life) -> Event:
    """A photo, perhaps with words to it."""
    photo = Attachment(kind="photo", name="lamp.jpg", size=1000)
    caption = life.chance.choice(("", "look at this", "a human please"))
    return life.event(EventKind.MESSAGE, address=ADA, text=caption, attachments=(photo,))


def edits(life: Life) -> Event:
    """Something said before."""
    return life.event(EventKind.EDITED, address=ADA, text=f"I meant {life.chance.random()}")


def stops(life: Life) -> Event:
    """Opts out, as the channel hears it or in their own words."""
    if life.chance.random() < 0.3:
        return _says(life, "Stop!")
    return life.event(EventKind.OPT_OUT, address=ADA, text="STOP")


def comes_back(life: Life) -> Event:
    """Opts in again."""
    if life.chance.random() < 0.3:
        return _says(life, "start")
    return life.event(EventKind.OPT_IN, address=ADA, text="START")


def _says(life: Life, text: str) -> Event:
    return life.event(EventKind.MESSAGE, address=ADA, text=text)


def _tokens(life: Life) -> list[str]:
    """Of every button that was put to the customer, oldest first."""
    put: list[Reply] = [sending.reply for sending in life.history.sendings if sending.acted]
    return [option.token for reply in put[-12:] for option in reply.options]
