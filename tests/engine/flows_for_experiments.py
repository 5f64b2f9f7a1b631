"""A flow and a desk with something to try out, for the tests of experiments."""

from __future__ import annotations

from msgspec.structs import replace

from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.flowfile import read_desk
from tests.engine.talk import flow

PIZZA = """
frontdesk: 1
flow: pizza
title: Order a pizza
triggers: [pizza]
slots:
  size: {type: enum, values: {small: [], large: []}}
  street: {type: text}
  sure: {type: boolean, ask_only: true}
actions:
  bake: {python: bake, irreversible: true, outcomes: [done]}
states:
  start: {prompt: "Which size?", slot: size, next: where}
  where: {prompt: "Which street?", slot: street, next: confirm}
  confirm: {prompt: "A {{ size }} pizza to {{ street }}?", slot: sure, branches: {yes: bake, no: gone}}
  bake: {action: bake, branches: {done: ready}, on_error: handoff}
  ready: {prompt: "It is in the oven.", terminal: true}
  gone: {prompt: "No pizza then.", terminal: true, outcome: declined}
"""
TONE = """
experiments:
  tone:
    variants: {control: 50, friendly: 50}
    changes:
      friendly:
        states: {where: "And where may we bring it?", ready: "Enjoy! It is in the oven."}
        lines: {stopped: "No worries, {task} is off. {done}"}
"""
GREETING = """
experiments:
  greeting:
    variants: {control: 50, warm: 50}
    changes: {warm: {lines: {welcome: "Always a pleasure!"}}}
"""


def always(flow_: FlowDef, **variants: str) -> FlowDef:
    """The flow with everybody in these variants of its experiments."""

    tried = {
        name: replace(one, variants={each: int(each == variants[name]) for each in one.variants})
        for name, one in flow_.experiments.items()
    }
    return replace(flow_, experiments=tried)


def pizza(more: str = "") -> FlowDef:
    """The flow with these experiments."""
    return flow(PIZZA + more)


def desk(text: str) -> DeskDef:
    """A desk from YAML; fails on any problem."""
    read = read_desk(text, "desk.yaml")
    assert not read.problems, read.problems
    return read.desk
