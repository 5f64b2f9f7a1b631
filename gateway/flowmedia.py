"""What a flow says, held against what channels carry: a provider's own words, costly signs, length (C76, C78)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from channels import slack, sms, telegram, web
from channels.base import Kind
from channels.sms_segments import cost, plainest, segments
from engine.errors import Problem
from engine.flow import FlowDef, SlotDef, SlotType
from engine.flowfile import FlowFile
from engine.flowfile.nearest import listed, meant
from engine.lints.finding import Finding, problem
from engine.lints.reading import Source, sources

KINDS: tuple[Kind, ...] = (web.KIND, telegram.KIND, sms.KIND, slack.KIND)
"""Every channel a flow may be asked on, whichever are on today."""

_LOCALE = re.compile(r"[a-z]{2}([-_][A-Z]{2})?")
_VALUE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_FEW = 0.1
"""Share of signs outside an alphabet up to which they are slips; a text with more is written in another script."""


def media_problems(file: FlowFile, kinds: Sequence[Kind] = KINDS) -> Iterator[Problem]:
    """What a flow's questions and options become on these channels."""
    if file.flow is None:
        return
    for finding, lint in (*_reserved(file.flow, kinds), *_written(file.flow, kinds)):
        yield problem(finding, lint, file.lines)


def _reserved(flow: FlowDef, kinds: Sequence[Kind]) -> Iterator[tuple[Finding, str]]:
    """No option, and no example in a question, is a word that the provider takes for itself (C76)."""
    for kind in kinds:
        words = {word.casefold() for word in kind.limits.reserved_words}
        for key, label in _options(flow) if words else ():
            if label.casefold().strip() in words:
                what = f"on {kind.name} `{label}` never arrives as an answer: it opts out or in, or asks for help (C76)"
                yield Finding(key=key, what=what, remedy="give it another label under `choices`"), "reserved-word"
        offered = _offers(words) if words else None
        for source in _prompts(flow, kind):
            found = offered and offered.search(source.text)
            if found:
                word = found["any"] or found["upper"]
                what = f"on {kind.name} a customer who writes `{word}` opts out or in, or asks for help (C76)"
                remedy = f"offer another word, such as NEVERMIND or AGENT, or give {kind.name} a wording of its own"
                yield Finding(key=source.key, what=what, remedy=remedy), "reserved-word"


def _offers(words: set[str]) -> re.Pattern[str]:
    """A text that offers one of the words: in capitals, in quotes, or behind "reply" and the like."""
    lower, upper = "|".join(sorted(words)), "|".join(sorted(word.upper() for word in words))
    before = r"(?i:\b(?:reply|answer|write|type|send|text|press)\s+(?:with\s+)?)[\"“'‘]?|[\"“‘]"
    return re.compile(rf"(?:(?:{before})(?P<any>(?i:{lower}))|\b(?P<upper>{upper}))(?!\w)")


def _options(flow: FlowDef) -> Iterator[tuple[str, str]]:
    """Every option a question offers, with the key its label stands at."""
    asked = {state.slot for state in flow.states.values() if state.slot}
    for slot in (flow.slots[name] for name in flow.slots if name in asked):
        for value, label in _labels(slot):
            yield f"slots.{slot.name}.{'choices' if value in slot.choices else 'values'}.{value}", label


def _labels(slot: SlotDef) -> Iterator[tuple[str, str]]:
    keys = {SlotType.ENUM: tuple(slot.choices or slot.values), SlotType.BOOLEAN: ("yes", "no")}.get(slot.type, ())
    for key in keys:
        yield key, slot.choices.get(key, key.replace("_", " "))


def _prompts(flow: FlowDef, kind: Kind) -> Iterator[Source]:
    """The wordings this channel's customers read: its own, else all that are not another channel's."""
    for source in sources(flow):
        state = flow.states.get(source.state or "")
        if state is None or source.condition:
            continue
        own = source.key.removeprefix(f"states.{state.name}.prompt").lstrip(".").partition(".")[0]
        if own == kind.name or (kind.name not in state.prompts and own not in {other.name for other in KINDS}):
            yield source


def _written(flow: FlowDef, kinds: Sequence[Kind]) -> Iterator[tuple[Finding, str]]:
    names = tuple(kind.name for kind in kinds)
    for name, state in flow.states.items():
        for key in state.prompts:
            if key and key not in names and not _LOCALE.fullmatch(key):
                what = f"`{key}` is no channel and no locale, so nobody ever reads this wording"
                remedy = meant(key, names, f"use {listed(names)}, or a locale such as `de`")
                yield (
                    Finding(key=f"states.{name}.prompt.{key}", what=what, remedy=remedy, warning=True),
                    "unknown-medium",
                )
    for kind in (one for one in kinds if one.limits.unit == "segments"):
        for source in _prompts(flow, kind):
            yield from _costly(source, kind)


def _costly(source: Source, kind: Kind) -> Iterator[tuple[Finding, str]]:
    """A sign outside GSM-7 costs every segment half its room; a long text comes in parts (C78, C79)."""
    said = _VALUE.sub("", source.text)
    odd = [sign for sign in dict.fromkeys(plainest(said)) if segments(sign * 71) > segments("x" * 71)]
    if odd and sum(said.count(sign) for sign in odd) <= max(1, _FEW * len(said)):
        what = f"{listed(odd, 'and')} left GSM-7, so as {kind.name} every segment holds 70 characters instead of 160"
        remedy = f"write it with plain letters and signs, or give {kind.name} a wording of its own"
        yield Finding(key=source.key, what=what, remedy=remedy, warning=True), "outside-gsm-7"
    if cost(said) > kind.limits.max_chars:
        most = kind.limits.max_chars
        what = f"as {kind.name} this takes {cost(said)} segments and comes in parts, {most} in one at most"
        remedy = f"say less, or give {kind.name} a shorter wording of its own"
        yield Finding(key=source.key, what=what, remedy=remedy, warning=True), "long-for-sms"
