"""A kept conversation as a conversation file: what was said and done, with other people's data in it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import msgspec

from engine.account import EMPTY, Took
from engine.flow import FlowDef
from engine.model import Purpose
from engine.views import HIDDEN
from gateway.facts import answer_with
from gateway.past import Past
from gateway.rehearsal.disguise import Disguise
from gateway.rehearsal.exchange import Exchange, exchanges, fate
from gateway.rehearsal.script import CHANNEL, MEDIA, NOW, in_units
from gateway.rehearsal.state import shown
from gateway.rehearsal.trying import tried
from handoff.case import reference_of
from handoff.sitting import case_in

SHORTEST_S = 60
"""A pause that counts: shorter ones change nothing."""
_CHOICES_LIKE = re.compile(r"\s*\[[^\]\[]*\]$")
_STALE = re.compile(r"\[[0-9a-f]+:\d+\]")
_SIGNS = re.compile(r"[;\n\\]")


def promoted(past: Past, flows: Mapping[str, FlowDef]) -> str:
    """The file's text. `flows` are today's, by name: they say which values are whose."""
    kept = exchanges(past.turns)
    took = [one for exchange in kept for one in exchange.took]
    disguise = Disguise(took, flows, past.conversation.address)
    return "\n".join(_Promotion(past, flows, disguise).lines(kept)) + "\n"


class _Promotion:
    def __init__(self, past: Past, flows: Mapping[str, FlowDef], disguise: Disguise) -> None:
        self._flows = flows
        self._disguise = disguise
        self._variants = tried(past)
        self._channel = past.conversation.address.channel if past.conversation.address else ""
        case = case_in(past.conversation)
        self._reference = re.compile(re.escape(reference_of(case.id)) if case else r"(?!)")

    def lines(self, kept: Sequence[Exchange]) -> Iterator[str]:
        yield self._title(kept)
        if not kept:
            return
        now = kept[0].at.replace(microsecond=0)
        if now != NOW:
            yield f"% now {now:%Y-%m-%dT%H:%M:%SZ}"
        if self._channel not in ("", CHANNEL):
            yield f"% channel {self._channel}"
        yield from (f"% variant {label} {variant}" for label, variant in self._variants.items())
        for one in kept:
            passed_s = (one.at - now).total_seconds()
            gap_s = math.ceil(passed_s) if one.by_clock else math.floor(passed_s)  # what was due must be due again
            if gap_s >= SHORTEST_S or (one.by_clock and gap_s > 0):
                yield f"@ {in_units(gap_s)}"
                now += timedelta(seconds=gap_s)
            yield from self._exchange(one)

    def _title(self, kept: Sequence[Exchange]) -> str:
        ended = [run for one in kept for run in one.archived]
        named = [notes.flow for one in kept for notes in one.turns if notes.flow]
        flow = ended[-1].flow if ended else named[-1] if named else ""
        title = self._flows[flow].title if flow in self._flows else flow or "A conversation"
        how = f", {ended[-1].outcome or ended[-1].reason}" if ended else ""
        return f"# {title}{how}: say here what this one promises."

    def _exchange(self, one: Exchange) -> Iterator[str]:
        if not one.acts and not (one.by_clock and one.said):
            return
        for asked in one.consulted:
            if asked.purpose == Purpose.PHRASING:
                yield from [f"~ say {self._disguise.text(' '.join(asked.said.split()))}"] if asked.said else []
                continue
            if asked.purpose != Purpose.EXTRACTION:
                continue
            answer = msgspec.json.encode(self._disguise.value(msgspec.to_builtins(asked.answer)))
            yield f"~ {answer.decode()}" if asked.answer else "~ timeout"
        yield from self._stubs(one)
        if any(took.value == HIDDEN for took in one.took):
            yield "# A sensitive answer stood here: write one of your own."
            yield "> (hidden)"
        else:
            yield from self._acts(one)
        yield from self._said(one)
        if held := self._held(one):
            yield f"= {'; '.join(held)}"

    def _stubs(self, one: Exchange) -> Iterator[str]:
        for came in one.came:
            found = (flow.actions[came.action] for flow in self._flows.values() if came.action in flow.actions)
            action = next(found, None)
            body = answer_with(action, self._disguise.value(came.facts)) if action else None
            yield f"! {came.action} {fate(came)}" + (f" {json.dumps(body, ensure_ascii=False)}" if body else "")

    def _acts(self, one: Exchange) -> Iterator[str]:
        """What was done, each thing a line; words are the only part that can hold anybody's data."""
        first = one.first
        if not one.customers:
            yield from (f">> {self._disguise.text(line)}" for line in filter(None, first.answered.splitlines()))
            yield from [f">> [{one.button}]"] if one.button else ()
            return
        words = [self._disguise.text(" ".join(text.split())) for text in first.heard]
        if not first.pressed:
            yield from (f"> {text}" for text in words)
            return
        act = first.pressed[0]
        if act.startswith("{"):
            act = act if act[1:-1] in MEDIA else "{photo}"  # a file cannot name the others, and nobody reads either
        elif _STALE.fullmatch(act):
            yield "# A choice of an earlier question was pressed here: name it, as in `> [yes]^2`."
        yield " ".join(("> " + act, *words))

    def _said(self, one: Exchange) -> Iterator[str]:
        if not one.said:
            yield "< -"
        for line in filter(None, map(str.strip, one.said.splitlines())):
            text = self._disguise.text(self._reference.sub("...", line))
            plain = _CHOICES_LIKE.sub("", text).strip()
            if plain:
                yield f"< {plain.removesuffix(chr(92))}"

    def _held(self, one: Exchange) -> list[str]:
        """What must stand in the committed state: only what a file can say."""
        last = one.last
        terms = [f"state={last.state}"] if last.state and not last.desk else []
        settled = {took.slot: took for took in one.took if took.flow == last.flow}
        terms += [term for took in settled.values() if (term := self._slot(took))]
        terms += [f"archived={one.archived[-1].reason}"] if one.archived else []
        trigger, _, state = one.first.desk.partition(": ")
        return [*terms, *([f"case.trigger={trigger}"] if state else [])]

    def _slot(self, took: Took) -> str:
        if took.value == HIDDEN or took.state == "refused":
            return ""
        if took.state == EMPTY:
            return f"slots.{took.slot}=-"
        if took.state:
            return f"slot_state.{took.slot}={took.state}"
        value = shown(self._disguise.value(took.value))
        return "" if _SIGNS.search(value) else f"slots.{took.slot}={value}"
