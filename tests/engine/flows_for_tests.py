"""Small flows that rules are shown on."""

from __future__ import annotations

from engine.ports import ActionOutcome
from tests.engine.talk import flow

REFUND = flow("""
frontdesk: 1
flow: refund
title: Refund an order
description: The customer wants money back for an order.
triggers: [refund, money back]
slots:
  order_number: {type: text, pattern: 'ORD-\\d{5}', normalize: upper, label: order number,
                 error_msg: "An order number is ORD- and five digits.", why: "It tells us what you bought."}
  confirmed: {type: boolean, ask_only: true}
  reason: {type: enum, values: {defective: [broken], wrong_item: [wrong item], changed_mind: [changed my mind]}}
  note: {type: text, label: note, optional: true, cues: [note]}
actions:
  lookup: {http: {method: GET, url: "https://shop.example/orders/{{ order_number }}"},
           outcomes: {200: found, 404: not_found}, save: {item: item, amount: amount}}
  pay: {http: {method: POST, url: "https://shop.example/refunds", json: {order: "{{ order_number }}"}},
        irreversible: true, outcomes: {201: done}}
states:
  start: {prompt: "Which order number is it?", slot: order_number, next: find}
  find: {action: lookup, branches: {found: confirm, not_found: missing}}
  confirm: {prompt: "{{ order_number }}: {{ item }}. Is that the one?", slot: confirmed,
            branches: {yes: why, no: start}}
  why: {prompt: "Why are you sending it back?", slot: reason, next: more}
  more: {prompt: "Anything to add?", slot: note, next: pay}
  pay: {action: pay, branches: {done: done}, on_error: handoff}
  done: {prompt: "Your money is on its way.", terminal: true, outcome: resolved}
  missing: {prompt: "I cannot find {{ order_number }}.", next: start}
""")

SIGNUP = flow("""
frontdesk: 1
flow: signup
title: Open an account
description: The customer wants to sign up for a new account.
triggers: [sign up, open an account]
slots:
  full_name: {type: name, label: name}
  email: {type: email, label: email}
  seats: {type: integer, min: 1, max: 500, label: seats, cues: [seats], error_msg: "Seats are a number from 1 to 500."}
  plan: {type: enum, values: {basic: [], team: []}, depends_on: seats}
  agreed: {type: boolean, ask_only: true}
states:
  ask_name: {prompt: "What is your full name?", slot: full_name, next: ask_email}
  ask_email: {prompt: "What is your email address?", slot: email, next: ask_seats}
  ask_seats: {prompt: "How many seats?", slot: seats, next: ask_plan}
  ask_plan: {prompt: "Which plan?", slot: plan, next: recap}
  recap: {prompt: "{{ full_name }}, {{ email }}, {{ seats }} {{ plan }}. Open it?", slot: agreed,
          branches: {yes: opened, no: dropped}}
  opened: {prompt: "Your account is open.", terminal: true, outcome: resolved}
  dropped: {prompt: "No account was opened.", terminal: true, outcome: resolved}
""")

REFUNDS_OF_DEPOSITS = flow("""
frontdesk: 1
flow: deposit
title: Get a deposit back
description: The customer wants a deposit back.
triggers: [refund, deposit]
slots:
  amount: {type: amount}
states:
  ask: {prompt: "How much was the deposit?", slot: amount, next: done}
  done: {prompt: "We will look into {{ amount }}.", terminal: true}
""")

FOUND = ActionOutcome(outcome="found", facts={"item": "Wireless headphones", "amount": 79.99})
LAMP = ActionOutcome(outcome="found", facts={"item": "Desk lamp", "amount": 34.5})
SHOP = {
    "lookup:ORD-12345": FOUND,
    "lookup:ORD-24680": LAMP,
    "pay": ActionOutcome(outcome="done"),
}
