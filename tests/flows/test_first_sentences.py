"""Fifty ways to begin with each flow that ships: every reply goes on, names what can be done, or offers a person."""

from __future__ import annotations

from pathlib import Path

import pytest

import flows
from engine.flow import FlowDef
from engine.flowfile import read_flow
from engine.readers.sentences import sentences
from tests.engine.talk import Talk

SHIPPED = sorted(Path(flows.__file__).parent.glob("*/flow.yaml"))
SAID = Path(__file__).parent / "first_sentences"


def shipped() -> list[FlowDef]:
    read = [read_flow(file.read_text(encoding="utf-8"), str(file)).flow for file in SHIPPED]
    return [flow for flow in read if flow is not None]


def first_sentences(flow: str) -> list[str]:
    return (SAID / f"{flow}.txt").read_text(encoding="utf-8").splitlines()


EVERY = [(flow.name, said) for flow in shipped() for said in first_sentences(flow.name)]


@pytest.mark.parametrize("flow", [file.parent.name for file in SHIPPED])
def test_each_flow_has_fifty_beginnings(flow: str) -> None:
    assert len(set(first_sentences(flow))) >= 50


@pytest.mark.parametrize(("flow", "said"), EVERY)
def test_every_beginning_gets_somewhere(flow: str, said: str) -> None:
    talk = Talk(*shipped(), people=True)
    reply = talk.say(said)
    titles = [one.title for one in shipped()]
    goes_on = bool(talk.conversation.stack) or talk.conversation.pending is not None
    assert goes_on or any(title in reply for title in titles) or talk.turns[-1].wanted is not None


@pytest.mark.parametrize(("flow", "said"), EVERY)
def test_no_reply_says_the_same_twice(flow: str, said: str) -> None:
    reply = Talk(*shipped(), people=True).say(said)
    parts = [reply[start:end].strip() for start, end in sentences(reply)]
    assert len(parts) == len(set(parts))


@pytest.mark.parametrize("flow", shipped(), ids=lambda flow: flow.name)
def test_most_beginnings_that_ask_for_it_begin_it_or_ask_whether_it_is_meant(flow: FlowDef) -> None:
    begun = sum(begins(flow, said) for said in first_sentences(flow.name))
    assert begun >= len(first_sentences(flow.name)) // 2


def begins(flow: FlowDef, said: str) -> bool:
    """Is the flow under way after these words, or its title among what the customer may choose from?"""
    talk = Talk(*shipped(), people=True)
    talk.say(said)
    offered = talk.conversation.pending.choices if talk.conversation.pending else ()
    return any(frame.flow == flow.name for frame in talk.conversation.stack) or any(
        choice.value == flow.name for choice in offered
    )
