"""Settings that several levels share, with their ranges. Source: spec/conversation.md section 1."""

from __future__ import annotations

from engine.flowfile.atoms import Figure, Span
from engine.flowfile.compounds import Fields, Key
from engine.flowfile.vocabulary.names import FRACTION, SWITCH

RETRIES = Key(shape=Figure(least=1, most=10), about="Failed tries before alternatives are offered (R19-R22).")
FUZZY_ACCEPT = Key(shape=FRACTION, about="From this score on a near match counts (R26).")
FUZZY_ASK = Key(shape=FRACTION, about="From this score on a near match is asked about (R26).")
RESUME_AFTER = Key(
    shape=Span(least="5m", most="24h"), field="resume_after_s", about="A gap after which resuming is offered (R57)."
)
RESUME_OFFER_TTL = Key(
    shape=Span(least="5m", most="24h"), field="resume_offer_ttl_s", about="How long a resume offer stands (S8)."
)
SUMMARY_EVERY = Key(shape=Figure(least=1, most=10), about="Customer turns between rolling summaries (S19).")
FAST_TRACK_AFTER = Key(shape=Figure(least=0, most=10), about="Equal runs that make a habit; 0: never (S14).")
REMEMBER_FOR = Key(
    shape=Span(least="1h", most="3650d"), field="remember_for_s", about="How long a value is remembered (S11)."
)
ASK_AGAIN_AFTER = Key(
    shape=Span(least="1h", most="3650d"),
    field="ask_again_after_s",
    about="Age from which an offer names its date (S12).",
)
CSAT = Key(shape=SWITCH, about="Ask how it went at the end of a resolved run (S39).")
WINDOW = Key(
    shape=Fields(
        what="a window",
        keys={
            "messages": Key(shape=Figure(least=3, most=5), about="Messages a model sees."),
            "turns": Key(shape=Figure(least=3, most=10), about="Turns a model sees."),
        },
    ),
    about="How much of the talk a model sees, in messages or in turns (S17).",
)

_COUNT = Figure(least=1, most=10_000)

DEFAULTS: dict[str, Key] = {
    "retries": RETRIES,
    "clarify_attempts": Key(shape=Figure(least=1, most=5), about="Clarifications in a row (R25, R29)."),
    "clarify_options": Key(shape=Figure(least=2, most=9), about="Choices one clarification names (R27)."),
    "fuzzy_accept": FUZZY_ACCEPT,
    "fuzzy_ask": FUZZY_ASK,
    "stack_depth": Key(shape=Figure(least=1, most=8), about="Tasks that may be open at once (R50)."),
    "resume_after": RESUME_AFTER,
    "resume_offer_ttl": RESUME_OFFER_TTL,
    "max_steps_per_turn": Key(shape=_COUNT, about="Steps of one walk (R10)."),
    "max_actions_per_turn": Key(shape=_COUNT, about="Actions of one turn (R10)."),
    "max_input": Key(shape=Figure(least=1, most=100_000), about="Characters of one message that are read (R3)."),
    "join_waiting": Key(shape=Figure(least=0, most=20), about="Waiting texts read as one; 0: none (R2)."),
    "window": WINDOW,
    "summary_every": SUMMARY_EVERY,
    "prompt_budget": Key(shape=Figure(least=100, most=1_000_000), about="Tokens of one model call (S20)."),
    "reply_budget": Key(shape=_COUNT, about="Tokens of one model reply (S20)."),
    "remember_for": REMEMBER_FOR,
    "ask_again_after": ASK_AGAIN_AFTER,
    "fast_track_after": FAST_TRACK_AFTER,
    "csat": CSAT,
}
"""The keys of `defaults:` in desk.yaml."""
