"""Flows with what the refund and the account do not have: lists, open questions, corrections that are asked back."""

from __future__ import annotations

from tests.engine.talk import flow

PIZZA = flow("""
frontdesk: 1
flow: pizza
title: Order a pizza
description: The customer wants something to eat.
triggers: [pizza]
slots:
  size: {type: enum, values: {small: [], medium: [], large: []}}
  toppings: {type: list, of: enum, values: {olives: [], onions: [], ham: [], mushrooms: []}, max: 3}
  address: {type: text, label: address}
  sure: {type: boolean, ask_only: true, label: confirmation}
  tip: {type: amount, label: tip, optional: true}
actions:
  bake: {http: {method: POST, url: "https://oven.example/pizzas",
                json: {size: "{{ size }}", toppings: "{{ toppings }}"}},
         irreversible: true, outcomes: {201: done}}
states:
  size: {prompt: "Which size?", slot: size, next: toppings}
  toppings: {prompt: "Which toppings?", slot: toppings, next: address}
  address: {prompt: "Where to?", slot: address, next: sure}
  sure: {prompt: "{{ size }} with {{ toppings }} to {{ address }}?", slot: sure, branches: {yes: bake, no: size}}
  bake: {action: bake, branches: {done: tip}, on_error: handoff}
  tip: {prompt: "It is in the oven. A tip for the cook?", slot: tip, next: over}
  over: {prompt: "It comes.", terminal: true}
""")

CAREFUL = flow("""
frontdesk: 1
flow: booking
title: Book a table
description: The customer wants a table.
triggers: [table]
confirm_corrections: true
slots:
  guest: {type: name, label: name}
  seats: {type: integer, label: people, cues: [people], min: 1, max: 20}
  sure: {type: boolean, ask_only: true}
states:
  guest: {prompt: "On which name?", slot: guest, next: seats}
  seats: {prompt: "For how many?", slot: seats, next: sure}
  sure: {prompt: "A table for {{ seats }} on {{ guest }}?", slot: sure, branches: {yes: over, no: guest}}
  over: {prompt: "See you.", terminal: true}
""")

LEAD = flow("""
frontdesk: 1
flow: lead
title: Buy for a company
description: The customer wants to buy for a company.
triggers: [buy]
slots:
  company: {type: text, label: company}
  team_size: {type: integer, label: people, cues: [people]}
  sign_on: {type: enum, values: {okta: [], google: []}}
  budget: {type: integer, label: budget, cues: [budget]}
  sure: {type: boolean, ask_only: true}
actions:
  save: {http: {method: POST, url: "https://crm.example/leads",
                json: {company: "{{ company }}", sign_on: "{{ sign_on }}"}},
         irreversible: true, outcomes: {201: done}}
states:
  start: {prompt: "Which company?", slot: company, next: team}
  team: {prompt: "How many people?", slot: team_size, next: size}
  size: {branches: [{when: "team_size > 50", next: sign_on}, {next: budget}]}
  sign_on: {prompt: "Which sign-on?", slot: sign_on, next: budget}
  budget: {prompt: "Which budget?", slot: budget, next: sure}
  sure: {prompt: "{{ company }}, {{ team_size }} people, {{ sign_on }}, {{ budget }}. Save it?", slot: sure,
         branches: {yes: save, no: over}}
  save: {action: save, branches: {done: over}, on_error: handoff}
  over: {prompt: "Thanks.", terminal: true}
""")
