"""The keys of a state, and which of them each kind of state may have."""

from __future__ import annotations

from collections.abc import Mapping

from engine.flow import StateKind
from engine.flowfile.atoms import Flag
from engine.flowfile.compounds import ByName, Each, Either, Fields, Key
from engine.flowfile.vocabulary.names import NAME, TEXT, VALUE_NAME, WORD

_WORDINGS = Either(shapes=(TEXT, Each(item=TEXT, empty=False)))
PROMPT = Either(shapes=(*_WORDINGS.shapes, ByName(value=_WORDINGS, empty=False)))

_BRANCH = Fields(
    what="a branch",
    keys={
        "when": Key(shape=WORD, about="A condition; left out on the last branch, which is else (S2)."),
        "next": Key(shape=NAME, about="The state it leads to.", needed="add `next: a_state`"),
    },
)

_HANDOFF = Fields(
    what="a handoff",
    keys={
        "reason": Key(shape=NAME, about="Why a person is needed.", needed="add `reason: a_word_for_it`"),
        "queue": Key(shape=WORD, about="Which desk takes it; unknown or left out: the default one."),
    },
)

STATE = Fields(
    what="a state",
    keys={
        "prompt": Key(
            shape=PROMPT,
            about="What is said: a text, one wording per retry, or a map by channel kind or locale (first: default).",
        ),
        "title": Key(shape=TEXT, about="What models see for its name."),
        "slot": Key(shape=VALUE_NAME, about="The slot it asks for."),
        "action": Key(shape=NAME, about="The action it runs."),
        "call": Key(shape=NAME, about="The flow it calls."),
        "handoff": Key(shape=_HANDOFF, about="Why and where to a person takes over."),
        "terminal": Key(shape=Flag(), about="The run ends here."),
        "next": Key(shape=NAME, about="The state that follows; beside `branches`: for every value they do not name."),
        "branches": Key(
            shape=Either(shapes=(ByName(value=NAME), Each(item=_BRANCH, empty=False))),
            about="Value or outcome -> state (`else`: any other; `none`: an open question left without an answer), "
            "or a choice's list of conditions.",
        ),
        "on_error": Key(shape=NAME, about="Where a failed action leads: a state, or `handoff`."),
        "outcome": Key(shape=NAME, about="How the run ended: resolved, failed, cancelled or your own word."),
        "loop": Key(shape=Flag(), about="Meant to be asked again and again (W3)."),
    },
)

MARKS: Mapping[str, StateKind] = {
    "slot": StateKind.ASK,
    "action": StateKind.ACTION,
    "call": StateKind.CALL,
    "handoff": StateKind.HANDOFF,
    "terminal": StateKind.TERMINAL,
}
"""The key that makes a state its kind; without one, `branches` makes a choice and `prompt` a say state."""

ALLOWED: Mapping[StateKind, tuple[str, ...]] = {
    StateKind.ASK: ("prompt", "title", "slot", "next", "branches", "loop"),
    StateKind.ACTION: ("title", "action", "next", "branches", "on_error"),
    StateKind.CHOICE: ("title", "branches"),
    StateKind.SAY: ("prompt", "title", "next"),
    StateKind.CALL: ("title", "call", "next", "branches", "on_error"),
    StateKind.HANDOFF: ("prompt", "title", "handoff"),
    StateKind.TERMINAL: ("prompt", "title", "terminal", "outcome"),
}
