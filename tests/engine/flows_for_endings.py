"""Flows with a goal, an end that is promised, work for several agents, and an effect behind a choice."""

from __future__ import annotations

from engine.delegation import Contribution
from engine.ports import ERROR, ActionOutcome
from tests.engine.talk import flow

TRIP = flow("""
frontdesk: 1
flow: trip
title: Plan a trip
description: The customer wants a trip planned.
triggers: [trip]
goal: a plan for your trip
slots:
  place: {type: enum, values: {coast: [sea], hills: []}, label: place}
  nights: {type: integer, min: 1, max: 30, label: nights, cues: [nights]}
  email: {type: email, label: email}
states:
  place: {prompt: "Where to?", slot: place, next: nights}
  nights: {prompt: "How many nights?", slot: nights, next: email}
  email: {prompt: "Which address shall it go to?", slot: email, next: sent}
  sent: {prompt: "{{ nights }} nights at the {{ place }}: sent.", terminal: true}
""")

SURVEY = flow("""
frontdesk: 1
flow: survey
title: Answer a survey
description: The customer answers a survey.
triggers: [survey]
goal: a filled form
max_turns: 4
slots:
  age: {type: integer, min: 1, max: 120, label: age, cues: [age]}
  town: {type: enum, values: {york: [], leeds: []}, label: town}
  remark: {type: text, optional: true, label: remark}
states:
  age: {prompt: "How old are you?", slot: age, next: town}
  town: {prompt: "Which town?", slot: town, next: remark}
  remark: {prompt: "Anything else?", slot: remark, next: over}
  over: {prompt: "Thank you, it is filled.", terminal: true}
""")

STUDY = flow("""
frontdesk: 1
flow: study
title: Look into it
description: The customer wants something looked into.
triggers: [look into]
slots:
  subject: {type: enum, values: {tea: [], salt: [], rice: []}, label: subject}
  more: {type: enum, values: {again: [], finish: []}, optional: true, label: wish}
actions:
  plan:
    delegate:
      - {id: first, agent: researcher, input: "{{ subject }} one"}
      - {id: second, agent: researcher, input: "{{ subject }} two"}
      - {id: writing, agent: synthesiser, input: "{{ subject }}"}
    save: {text: text}
states:
  subject: {prompt: "What?", slot: subject, next: plan}
  plan: {action: plan, branches: {done: told, partial: told}}
  told: {prompt: "{{ text }}", next: more}
  more: {prompt: "Anything else about {{ subject }}?", slot: more, loop: true, branches: {again: once_more, else: over}}
  once_more: {prompt: "Once more: {{ text }}", next: more}
  over: {prompt: "That was {{ subject }}.", terminal: true}
""")

ORDER = flow("""
frontdesk: 1
flow: order
title: Order a pizza
description: The customer wants a pizza.
triggers: [pizza]
slots:
  kind: {type: enum, values: {plain: [], hot: [], green: []}, label: kind}
  sure: {type: boolean, ask_only: true}
  tip: {type: enum, values: {big: [], small: []}, label: tip}
actions:
  bake: {python: bake, irreversible: true, outcomes: [done]}
states:
  kind: {prompt: "Which one?", slot: kind, next: sure}
  sure: {prompt: "One {{ kind }} pizza. Shall I order it?", slot: sure, branches: {yes: bake, no: kind}}
  bake: {action: bake, branches: {done: tip}, on_error: handoff}
  tip: {prompt: "Ordered. Which tip?", slot: tip, next: over}
  over: {prompt: "Enjoy it.", terminal: true}
""")


def worked(text: str) -> ActionOutcome:
    """What a plan came to, all of whose tasks gave something."""
    given = {id: Contribution(text=f"{text} {id}") for id in ("first", "second", "writing")}
    return ActionOutcome(outcome="done", facts={"text": text}, given=given)


NOBODY = ActionOutcome(outcome=ERROR)
BAKED = ActionOutcome(outcome="done")
