"""Flows that are come back to, and what is remembered of their customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.memory import DoneRun, Learned, person_key
from engine.ports import ActionOutcome
from engine.remembering import remembered
from tests.engine.flows_for_tests import REFUND, SHOP
from tests.engine.talk import ANN, START, Talk, flow

TABLE = flow("""
frontdesk: 1
flow: table
title: Book a table
description: The customer wants a table at the restaurant.
triggers: [a table, book a table]
slots:
  name: {type: name, label: name, remember: true}
  dish: {type: text, label: dish, remember: true, cues: [eat the]}
  guests: {type: integer, label: guests, min: 1, max: 12, remember: true, cues: [guests, people]}
  place: {type: enum, label: place, values: {inside: [], terrace: [outside]}}
  voucher: {type: text, pattern: 'V-\\d+', label: voucher, remember: true, once: true, optional: true}
  pin: {type: text, pattern: '\\d{4}', label: pin, remember: true, sensitive: true, optional: true}
  agreed: {type: boolean, ask_only: true}
actions:
  reserve: {http: {method: POST, url: "https://table.example/tables", json: {name: "{{ name }}", place: "{{ place }}"}},
            irreversible: true, outcomes: {201: done}}
states:
  who: {prompt: "What is your name?", slot: name, next: what}
  what: {prompt: "What will you eat?", slot: dish, next: many}
  many: {prompt: "How many guests?", slot: guests, next: where}
  where: {prompt: "Where would you like to sit?", slot: place, next: extra}
  extra: {prompt: "Any voucher?", slot: voucher, next: secret}
  secret: {prompt: "Your pin?", slot: pin, next: sure}
  sure: {prompt: "{{ guests }} guests, {{ name }}. Shall I book it?", slot: agreed,
         branches: {yes: reserve, no: dropped}}
  reserve: {action: reserve, branches: {done: booked}, on_error: handoff}
  booked: {prompt: "Your table is booked.", terminal: true, outcome: resolved}
  dropped: {prompt: "No table was booked.", terminal: true, outcome: cancelled}
""")

WEATHER = flow("""
frontdesk: 1
flow: weather
title: Hear the weather
description: The customer asks for the weather report.
triggers: [weather report]
slots:
  town: {type: enum, label: town, values: {north: [], south: []}}
  day: {type: enum, label: day, values: {today: [], tomorrow: []}}
states:
  where: {prompt: "Which town?", slot: town, next: whence}
  whence: {prompt: "Which day?", slot: day, next: told}
  told: {prompt: "It will be sunny.", terminal: true}
""")

ALL = {"name": "Ann Field", "dish": "soup", "guests": 4, "place": "terrace"}
ANSWERS = SHOP | {"reserve": ActionOutcome(outcome="done")}


def guest(without: tuple[str, ...] = (), *, desk: DeskDef | None = None) -> Talk:
    """Somebody at a restaurant's desk."""
    return Talk(TABLE, WEATHER, REFUND, answers=ANSWERS, without=without, desk=desk)


def was_here(
    talk: Talk, values: Mapping[str, Any], *, days: float = 5, of: FlowDef = TABLE, acted: bool = True
) -> None:
    """A run that was done so many days ago."""
    at = START - timedelta(days=days)
    desk = talk.world.book.desk
    until = at + timedelta(seconds=desk.remember_for_s)
    run = DoneRun(run=f"{of.name}:{days}", flow=of.name, at=at, until=until, values=dict(values), acted=acted)
    kept = {name: remembered(run, of.slots[name], desk) for name in values if of.slots[name].remember}
    talk.world.memories.learn(Learned(id=run.run, person=person_key(ANN), run=run, values=kept), now=START)


def as_always(talk: Talk, place: str = "terrace", **besides: Any) -> None:
    """Three runs that gave one place."""
    for days in (30, 20, 10):
        was_here(talk, {"place": place, "dish": f"dish {days}", **besides}, days=days)
