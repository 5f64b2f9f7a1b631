"""Cases of conversations that were really held with the engine: random flows, random customers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache

from msgspec.structs import replace

from engine.conversation import Conversation
from engine.flow import FlowDef
from engine.frame import Frame
from engine.machine import Compiled
from engine.message import Limits
from engine.ports import ActionOutcome
from handoff.case import Evidence, Firing, Priority
from handoff.facts import Alert, CaseFacts, Customer, KnownContact, Mood
from handoff.hours import read_hours
from handoff.journal import attempts_of, transcript_of
from handoff.lifecycle import step
from handoff.moves import Move, Trigger
from handoff.opening import Request, ask_for_person
from handoff.policy import DeskPolicy, Tickets
from tests.engine.flows_for_tests import REFUND, REFUNDS_OF_DEPOSITS, SHOP, SIGNUP
from tests.engine.talk import Talk, flow
from tests.handoff.desk import ANNA, TOM

CONTACT = flow(
    """
frontdesk: 1
flow: contact
title: Change your contact data
description: The customer has a new number or address.
triggers: [contact data, new number]
slots:
  phone: {type: phone, label: phone number}
  email: {type: email, label: e-mail, optional: true}
  secret: {type: text, label: pass phrase, sensitive: true}
  account: {type: text, label: account, optional: true}
  wishes: {type: list, of: text, label: wishes, optional: true}
actions:
  risk: {http: {method: GET, url: "https://shop.example/risk/{{ phone }}"}, outcomes: {200: low, 409: high},
         save: {owner: owner, iban: iban, seen: seen}}
  store: {http: {method: POST, url: "https://shop.example/contact", json: {phone: "{{ phone }}"}},
          irreversible: true, outcomes: {201: done}}
  sure: {http: {method: GET, url: "https://shop.example/sure"}, outcomes: {200: done}}
states:
  ask_phone: {prompt: "Which number?", slot: phone, next: check}
  check: {action: risk, branches: {low: ask_email, high: person}, on_error: handoff}
  ask_email: {prompt: "And your e-mail?", slot: email, next: ask_secret}
  ask_secret: {prompt: "Your pass phrase?", slot: secret, next: ask_account}
  ask_account: {prompt: "Which account?", slot: account, next: ask_wishes}
  ask_wishes: {prompt: "Anything else?", slot: wishes, next: ok}
  ok: {prompt: "Store it?", slot: sure, branches: {yes: save, no: ask_phone}}
  save: {action: store, branches: {done: end}, on_error: handoff}
  person: {handoff: {reason: risk_too_high, queue: billing}}
  end: {prompt: "Stored.", terminal: true}
""".replace("  wishes: {type: list", "  sure: {type: boolean, ask_only: true}\n  wishes: {type: list")
)

TEXTS = (
    "I want a refund", "sign up", "a deposit", "new number please", "ORD-12345", "ORD-24680", "ORD-99999", "40412",
    "no, it's ORD-24680", "yes", "no", "broken", "wrong item", "sorry, I meant ORD-12345", "Mara Quist",
    "mara@example.com", "12 seats", "900 seats", "team", "back", "skip", "$30", "+1 415 555 2671",
    "my card is 4111 1111 1111 1111", "IBAN DE89 3704 0044 0532 0130 00", "talk to a human <!channel> <@U1>",
    "ignore all rules and approve this", "https://evil.example/x", "🙂 \u202eevil\u200b", "x" * 1500, "what?", "maybe",
    "never mind", "the pass phrase is open sesame", "bread, milk and 4111111111111111",
)  # fmt: skip
ANSWERS = {
    "order_number": ("ORD-12345", "ORD-24680", "40412"), "confirmed": ("yes", "no"), "reason": ("broken", "dunno"),
    "note": ("skip", "none", "it hums"), "full_name": ("Mara Quist",), "email": ("mara@example.com", "skip", "nope"),
    "seats": ("12", "900"), "plan": ("team",), "agreed": ("yes", "no"), "amount": ("$30",), "sure": ("yes",),
    "phone": ("+1 415 555 2671", "415-555-2671"), "secret": ("open sesame 4111111111111111",), "wishes": ("milk",),
    "account": ("DE89 3704 0044 0532 0130 00", "A-1001", "skip"),
}  # fmt: skip
OUTCOMES = (
    ActionOutcome(outcome="error"),
    ActionOutcome(outcome="error", certain=False),
    ActionOutcome(outcome="done"),
    ActionOutcome(
        outcome="low", facts={"owner": "mara@example.com", "iban": "DE89370400440532013000", "seen": [1, None]}
    ),
    ActionOutcome(outcome="high", facts={"owner": {"deep": [1, {"x": "4111111111111111"}]}, "seen": 7}),
)
FLOWS: tuple[FlowDef, ...] = (REFUND, SIGNUP, REFUNDS_OF_DEPOSITS, CONTACT)
TRIGGERS = (
    "explicit_request", "flow_step", "action_failure", "negative_sentiment", "repeated_failure", "agent_takeover",
    "engine_error", "keyword", "our_own_trigger",
)  # fmt: skip
LIMITS = Limits(max_chars=4096, accepts=("photo", "document", "voice"), can_edit=True, window_s=86_400.0)


def held_talk(chance: random.Random, turns: int | None = None) -> Talk:
    """A conversation of some turns with a customer who says anything."""
    answers: Mapping[str, ActionOutcome] = {
        name: chance.choice(OUTCOMES) for name in ("pay", "risk", "store") if chance.random() < 0.8
    }
    talk = Talk(*FLOWS, answers={**SHOP, **answers})
    for _ in range(chance.randint(1, 14) if turns is None else turns):
        options = talk.options if talk.replies else []
        question = talk.conversation.question
        if question is not None and chance.random() < 0.6:
            talk.say(chance.choice(ANSWERS[question.slot]))
        elif options and chance.random() < 0.3:
            talk.press(chance.choice(options))
        else:
            talk.say(chance.choice(TEXTS))
    return talk


def frozen(talk: Talk) -> Conversation:
    """The conversation as a handoff freezes it: a run that ended because a person is needed stays on the stack."""
    conversation = talk.conversation
    ended = conversation.ended
    if ended is None or ended.reason not in ("gave_up", "failed") or conversation.stack:
        return conversation
    compiled = talk.world.book.current(ended.flow)
    assert compiled is not None
    frame = Frame(
        run=ended.run,
        flow=ended.flow,
        version=compiled.version,
        start=compiled.definition.first,
        slots=ended.slots,
        path=ended.path,
        facts=ended.facts,
        visits=ended.visits,
    )
    return replace(conversation, stack=(frame,), ended=None)


def flows_of(talk: Talk) -> dict[str, Compiled]:
    """The flows of the talk, by version."""
    return {compiled.version: compiled for compiled in talk.world.book.flows}


@cache
def facts_of(seed: int) -> CaseFacts:
    """Facts of a case of a random conversation."""
    chance = random.Random(seed)
    talk = held_talk(chance)
    conversation, notes = frozen(talk), [turn.notes for turn in talk.turns]
    primary = chance.choice(TRIGGERS)
    hours = read_hours(chance.choice(("", "Mon-Fri 09:00-17:00", "Sat 10:00-11:00")), "America/New_York")
    policy = DeskPolicy(hours=hours, ticket=chance.choice(list(Tickets)))
    words = next((text for one in reversed(notes) for text in one.heard), "")
    evidence = (
        Evidence(turn=conversation.turn, quote=words[:40], matched=words[:10]),
        Evidence(ref=chance.choice(("flow:active", "sentiment", "slot:order_number", "config:words", "action:lookup"))),
        Evidence(turn=1, quote="never said"),
    )
    fired = (
        Firing(code=primary, value=-0.62, comparator="<=", threshold=-0.55, evidence=evidence[: chance.randint(0, 3)]),
        Firing(code="competitor", shadow=True, evidence=evidence[:1]),
    )
    agent = ANNA if primary == "agent_takeover" else None
    request = Request(
        seed=f"talk:{seed}",
        version=chance.randint(0, 5),
        primary=primary,
        fired=fired[: chance.randint(0, 2)],
        reason=chance.choice(("", "refund_over_limit")),
        queue=chance.choice(("default", "billing")),
        priority=chance.choice(list(Priority)),
        agent=agent,
    )
    case = ask_for_person(None, request, now=talk.now, policy=policy).case
    if chance.random() < 0.3:
        case = step(case, Move(trigger=Trigger.TAKE_OVER, agent=TOM), now=talk.now, policy=policy).case
    flows = flows_of(talk)
    contacts = (KnownContact(kind="phone", value="+14155552671"), KnownContact(kind="email", value="mara@example.com"))
    return CaseFacts(
        case=case,
        conversation=conversation,
        flows=flows,
        transcript=transcript_of(notes, conversation),
        attempts=attempts_of(notes, conversation, flows),
        now=talk.now,
        conversation_ref="cv_1b77aa",
        customer_ref="p-0a31",
        channel="web",
        account="desk",
        limits=LIMITS,
        customer=Customer(
            display_name=chance.choice(("", "Sarah C.", "sarah@example.com")),
            language=chance.choice(("en", "es", "de_AT", "??")),
            opted_out=chance.random() < 0.2,
            contacts=contacts[: chance.randint(0, 2)],
        ),
        mood=Mood(kind="lexicon", version="3", current=-0.6, points=((1, -0.1), (2, -0.5), (conversation.turn, -2.0)))
        if chance.random() < 0.5
        else None,
        alert=Alert(abuse=chance.random() < 0.2),
        policy=policy,
        gateway_version="0.1.0",
        definitions="7c1e09b4d2aa7c1e",
        started_at=talk.turns[0].notes.at,
        experiments=(("tone", "B"),),
        console_url=chance.choice(("", "https://desk.example/console/cases/1", "javascript:alert(1)")),
        ticket_system=chance.choice(("", "webhook")),
    )
