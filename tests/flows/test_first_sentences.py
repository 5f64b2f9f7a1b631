"""Fifty ways to begin with each flow that ships: every reply goes on, names what can be done, or offers a person."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import flows
from engine.flow import FlowDef
from engine.flowfile import read_flow
from engine.readers.sentences import sentences
from tests.engine.talk import Talk

SHIPPED = sorted(Path(flows.__file__).parent.glob("*/flow.yaml"))
SAID = Path(__file__).parent / "first_sentences"


@cache
def shipped() -> tuple[FlowDef, ...]:
    read = [read_flow(file.read_text(encoding="utf-8"), str(file)).flow for file in SHIPPED]
    return tuple(flow for flow in read if flow is not None)


def first_sentences(flow: str) -> list[str]:
    return (SAID / f"{flow}.txt").read_text(encoding="utf-8").splitlines()


@cache
def begun(said: str) -> Talk:
    """A talk after its first sentence."""
    talk = Talk(*shipped(), people=True)
    talk.say(said)
    return talk


EVERY = [(flow.name, said) for flow in shipped() for said in first_sentences(flow.name)]


@pytest.mark.parametrize("flow", [file.parent.name for file in SHIPPED])
def test_each_flow_has_fifty_beginnings(flow: str) -> None:
    assert len(set(first_sentences(flow))) >= 50


@pytest.mark.parametrize(("flow", "said"), EVERY)
def test_every_beginning_gets_somewhere(flow: str, said: str) -> None:
    talk = begun(said)
    titles = [one.title for one in shipped()]
    goes_on = bool(talk.conversation.stack) or talk.conversation.pending is not None
    wanted = talk.turns[-1].wanted is not None
    assert goes_on or wanted or any(title in talk.replies[-1].text for title in titles)


@pytest.mark.parametrize(("flow", "said"), EVERY)
def test_no_reply_says_the_same_twice(flow: str, said: str) -> None:
    for reply in begun(said).replies:
        parts = [reply.text[start:end].strip() for start, end in sentences(reply.text)]
        assert len(parts) == len(set(parts))


@pytest.mark.parametrize("flow", shipped(), ids=lambda flow: flow.name)
def test_most_beginnings_that_ask_for_it_begin_it_or_ask_whether_it_is_meant(flow: FlowDef) -> None:
    meant = sum(flow.name in meant_by(said) for said in first_sentences(flow.name))
    assert meant >= len(first_sentences(flow.name)) // 2


def meant_by(said: str) -> set[object]:
    """The flows that are under way after these words, or that the customer may choose from."""
    conversation = begun(said).conversation
    offered = conversation.pending.choices if conversation.pending else ()
    return {frame.flow for frame in conversation.stack} | {choice.value for choice in offered}
