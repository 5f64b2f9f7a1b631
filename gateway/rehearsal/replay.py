"""A kept conversation once more, on today's flows: what was kept of the world answers, and nothing is sent (I13)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.account import EMPTY, Came, Took
from engine.message import Event
from engine.model import Purpose
from gateway.past import Past
from gateway.rehearsal.conversations import Repertoire
from gateway.rehearsal.exchange import Exchange, exchanges, fate
from gateway.rehearsal.props import Stub
from gateway.rehearsal.stage import Setting, Stage
from gateway.rehearsal.trying import tried


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Something of an exchange that is not as it was; "" where there was, or is, nothing."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """An exchange as it was kept, and what is different today."""

    exchange: Exchange
    differences: tuple[Difference, ...]


async def replay(past: Past, played: Repertoire, *, environ: Mapping[str, str], people: bool) -> tuple[Compared, ...]:
    """Every exchange beside what comes of it today; `people` says whether a desk of persons stands behind it."""
    kept = exchanges(past.turns)
    if not kept:
        return ()
    setting = Setting(
        now=kept[0].at,
        address=past.conversation.address,
        conversation=past.conversation.id,
        environ=environ,
        sealed=True,
        root=played.root,
        people=people,
        variants=tried(past),
    )
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        async with Stage(played.homes, played.desk, Path(folder), setting=setting, knowledge=played.knowledge) as stage:
            undone = {one.first.id for one in kept if not await _again(one, stage)}
            anew = await stage.past()
    today = {one.first.events[0]: one for one in exchanges(anew.turns if anew else ())}
    return tuple(_compared(one, today.get(one.first.events[0]), undone=one.first.id in undone) for one in kept)


async def _again(kept: Exchange, stage: Stage) -> bool:
    """Let it happen once more; False where it cannot."""
    gap_s = (kept.at - stage.clock.now()).total_seconds()
    if gap_s > 0:
        stage.clock.advance(gap_s)
        await stage.hear([])
    stage.meant |= kept.meant
    stage.stubs[:] = [_stub(one) for one in kept.came]
    asked = [one for one in kept.consulted if one.purpose == Purpose.EXTRACTION]
    stage.model.answers[:] = [msgspec.json.encode(one.answer).decode() if one.answer else None for one in asked]
    stage.model.lines[:] = [one.said or None for one in kept.consulted if one.purpose == Purpose.PHRASING]
    events = await _events(kept, stage)
    if events:
        await stage.hear(events)
    stage.model.forget()
    return bool(events) or not kept.acts


def _stub(came: Came) -> Stub:
    return Stub(action=came.action, outcome=fate(came), body=None, line=0, facts=came.facts)


async def _events(kept: Exchange, stage: Stage) -> list[Event]:
    """Under their own ids: what follows from an id, as a case's reference does, is as it was (P6)."""
    made = await _agents(kept, stage) if kept.first.answered or kept.button else _customers(kept, stage)
    return [msgspec.structs.replace(event, id=id) for event, id in zip(made, kept.first.events, strict=False)]


def _customers(kept: Exchange, stage: Stage) -> list[Event]:
    first, customer = kept.first, stage.customer
    if not first.pressed:
        return [customer.text(text) for text in first.heard]
    act = first.pressed[0]
    if act.startswith("{"):
        return [customer.media(act[1:-1], "\n".join(first.heard))]
    label = act[1:-1]
    tokens = [option.token for reply in reversed(stage.channel.sent) for option in reply.options]
    stale = next((token for token in tokens if token.endswith(f":{label}")), None)
    event = customer.choose(stale) if stale else customer.press(label, 1, stage.channel.sent)
    return [event] if event else []


async def _agents(kept: Exchange, stage: Stage) -> list[Event]:
    case = await stage.case()
    if case is None:
        return []
    if kept.first.answered:
        return [stage.agent.writes(kept.first.answered, case)]
    event = stage.agent.presses(kept.button, case)
    return [event] if event else []


def _compared(kept: Exchange, today: Exchange | None, *, undone: bool) -> Compared:
    if today is None:
        what = "it cannot be done there" if undone else "it does not come about"
        return Compared(exchange=kept, differences=(Difference(what="turn", was="it happened", now=what),))
    pairs = ((what, was, now) for (what, was), (_, now) in zip(_aspects(kept), _aspects(today), strict=True))
    found = tuple(Difference(what=what, was=was, now=now) for what, was, now in pairs if was != now)
    return Compared(exchange=kept, differences=found)


def _aspects(one: Exchange) -> Iterator[tuple[str, str]]:
    """What makes a turn what it is, in words."""
    yield "reply", one.said
    yield "read", _list([_took(took) for took in one.took])
    yield "walk", " > ".join(one.walked)
    yield "answered", _list([f"{came.action} came to {came.outcome}" for came in one.came])
    yield "ended", _list([f"{run.flow}: {run.reason}, {run.outcome}" for run in one.archived])
    yield "desk", one.first.desk
    yield "rules", " ".join(one.rules)


def _took(took: Took) -> str:
    value = EMPTY if took.state == EMPTY else took.state if took.value is None else str(took.value)
    return f"{took.flow}.{took.slot} = {value}"


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
