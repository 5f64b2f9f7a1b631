"""The keys of desk.yaml."""

from __future__ import annotations

from engine.flowfile.atoms import Words
from engine.flowfile.compounds import Anything, Each, Either, Fields, Key
from engine.flowfile.vocabulary.actions import ACTION
from engine.flowfile.vocabulary.experiments import DESK_EXPERIMENTS
from engine.flowfile.vocabulary.names import LINES, TEXT, WORD
from engine.flowfile.vocabulary.settings import DEFAULTS

_PERSONA = Fields(
    what="a persona",
    keys={
        "name": Key(shape=TEXT, about="What the assistant is called."),
        "tone": Key(shape=TEXT, about="How it sounds; a persona that is one text is its tone."),
        "languages": Key(shape=Each(item=WORD), about="What it speaks."),
        "never": Key(shape=Each(item=TEXT), about="Things it never does."),
    },
)

DESK = Fields(
    what="a desk",
    keys={
        "frontdesk": Key(shape=Words(said="`1`", pattern="1", loose=True), about="Version of this vocabulary."),
        "persona": Key(shape=Either(shapes=(TEXT, _PERSONA)), about="How the desk sounds (S23)."),
        "guardrails": Key(shape=Either(shapes=(TEXT, Each(item=TEXT))), about="Policy that models are given."),
        "lines": Key(shape=LINES, about="The desk's wording of our own lines."),
        "defaults": Key(shape=Fields(what="`defaults`", keys=DEFAULTS), about="Settings for all flows."),
        "timezone": Key(shape=TEXT, about="Such as Europe/Berlin; a person's own wins (S5)."),
        "locale": Key(
            shape=Words(said="a locale such as `en` or `de-AT`", pattern=r"[a-z]{2,3}([-_][A-Z]{2})?"),
            about="The desk's language; a person's own wins.",
        ),
        "hours": Key(shape=TEXT, about="When people are at the desk, such as Mon-Fri 09:00-17:00."),
        "escalation": Key(shape=Anything(table=True), about="When a person is called."),
        "experiments": DESK_EXPERIMENTS,
        "profile": Key(shape=ACTION, about="An action that fetches what templates see as `person.*`."),
    },
)
