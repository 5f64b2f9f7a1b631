"""The keys of a flow."""

from __future__ import annotations

from engine.flowfile.atoms import Figure, Flag, OneOf, Span
from engine.flowfile.compounds import Anything, ByName, Each, Fields, Key
from engine.flowfile.vocabulary.actions import ACTION
from engine.flowfile.vocabulary.experiments import FLOW_EXPERIMENTS
from engine.flowfile.vocabulary.names import LINES, NAME, TEXT, VALUE_NAME, WORD
from engine.flowfile.vocabulary.settings import (
    CSAT,
    FAST_TRACK_AFTER,
    RESUME_AFTER,
    RESUME_OFFER_TTL,
    RETRIES,
    SUMMARY_EVERY,
    WINDOW,
)
from engine.flowfile.vocabulary.slots import SLOT
from engine.flowfile.vocabulary.states import STATE

_MIGRATIONS = Fields(
    what="migrations",
    keys={
        "states": Key(shape=ByName(value=NAME, key=NAME), about="Old state -> new state."),
        "slots": Key(shape=ByName(value=VALUE_NAME, key=NAME), about="Old slot -> new slot."),
    },
)

FLOW = Fields(
    what="a flow",
    keys={
        "frontdesk": Key(shape=OneOf(words=("1",)), about="Version of this vocabulary.", needed="add `frontdesk: 1`"),
        "flow": Key(shape=NAME, field="name", about="Its name.", needed="add `flow: its_name`"),
        "title": Key(
            shape=TEXT, about="What customers see in menus.", needed="add `title:` as customers should read it"
        ),
        "description": Key(shape=TEXT, about="What routers and models see."),
        "triggers": Key(shape=Each(item=WORD), about="Words that start it."),
        "resume": Key(shape=TEXT, about="The phrase of a resume offer (S7)."),
        "expires_after": Key(
            shape=Span(least="24h", most="72h"), field="expires_after_s", about="Silence that ends a run (S9)."
        ),
        "slots": Key(shape=ByName(value=SLOT, key=VALUE_NAME, keep=True), about="What is asked for."),
        "actions": Key(shape=ByName(value=ACTION, key=NAME, keep=True), about="What is looked up or done."),
        "states": Key(
            shape=ByName(value=STATE, key=NAME, keep=True, empty=False),
            about="Its states; a run begins at the first.",
            needed="add `states:` with at least one state",
        ),
        "goal": Key(shape=TEXT, about="What the customer wants to reach (S29)."),
        "max_turns": Key(shape=Figure(least=3, most=50), about="Past it a person is offered (S32)."),
        "retries": RETRIES,
        "resume_after": RESUME_AFTER,
        "resume_offer_ttl": RESUME_OFFER_TTL,
        "fast_track_after": FAST_TRACK_AFTER,
        "summary_every": SUMMARY_EVERY,
        "confirm_corrections": Key(shape=Flag(), about="Ask before a correction is applied (R40)."),
        "csat": CSAT,
        "window": WINDOW,
        "migrations": Key(shape=_MIGRATIONS, about="Old name -> new name, for runs under way (R58)."),
        "lines": Key(shape=LINES, about="This flow's wording of our own lines."),
        "experiments": FLOW_EXPERIMENTS,
        "escalation": Key(shape=Anything(table=True), about="This flow's escalation policy."),
    },
)
