"""The desk: what all flows share, as `desk.yaml` declares it."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.experiments import ExperimentDef
from engine.flow import ActionDef, Window


class Persona(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the desk sounds (S23). It changes wording only."""

    name: str = ""
    tone: str = ""
    languages: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class DeskDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole desk; `DeskDef()` is one without a `desk.yaml`.

    The settings are those of spec/conversation.md section 1 with their defaults; durations end in `_s` and are
    seconds. What a flow or slot sets itself wins. Their ranges stand in `engine/flowfile/vocabulary.py`.
    """

    persona: Persona = Persona()
    guardrails: tuple[str, ...] = ()
    lines: dict[str, str] = {}
    """Line key -> wording; `key.de` and `key.sms` are its wordings by locale and channel kind."""
    timezone: str = "UTC"
    locale: str = "en"
    hours: str = ""
    """Opening hours such as `Mon-Fri 09:00-17:00`; empty: always open."""
    escalation: dict[str, Any] = {}
    experiments: dict[str, ExperimentDef] = {}
    profile: ActionDef | None = None
    """Fetches what templates see as `person.*`."""

    retries: int = 3
    clarify_attempts: int = 2
    clarify_options: int = 3
    fuzzy_accept: float = 0.92
    fuzzy_ask: float = 0.78
    stack_depth: int = 3
    resume_after_s: float = 1800.0
    resume_offer_ttl_s: float = 3600.0
    max_steps_per_turn: int = 50
    max_actions_per_turn: int = 5
    max_input: int = 4000
    """Characters."""
    join_waiting: int = 5
    """Texts; 0 joins none."""
    window: Window = Window(messages=5)
    summary_every: int = 3
    """Customer turns."""
    prompt_budget: int = 3000
    """Tokens, as `reply_budget`."""
    reply_budget: int = 300
    remember_for_s: float = 365 * 86_400.0
    ask_again_after_s: float = 90 * 86_400.0
    fast_track_after: int = 3
    """Equal runs; 0: never."""
    csat: str = "off"
