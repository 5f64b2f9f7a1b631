"""Lints about patterns and the promises made beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.flow import FlowDef, SlotDef, SlotType, StateKind
from engine.lints.finding import Finding
from engine.patterns import fault, nested_quantifier, text_without_digits

_DIGITS = re.compile(r"\b(?:digits?|numbers|numeric|numerals?|(?:a|whole|plain) number)\b", re.IGNORECASE)
_LETTERS = re.compile(r"\b(?:letters?|characters?|alphanumeric)\b", re.IGNORECASE)
_OPTIONS = re.compile(r"\b(?:options?|choices)\s*(?:are\s*)?:\s*(?P<list>[^.?!\n]+,[^.?!\n]+)", re.IGNORECASE)


def broken_pattern(flow: FlowDef) -> Iterator[Finding]:
    """Every pattern is a regular expression."""
    for slot in _patterned(flow, sound=False):
        wrong = fault(slot.pattern or "")
        if wrong is not None:
            yield Finding(
                key=f"slots.{slot.name}.pattern",
                what=f"this is no regular expression: {wrong}",
                remedy="mend it; to mean a character such as ( or + itself, write a backslash before it",
            )


def runaway_pattern(flow: FlowDef) -> Iterator[Finding]:
    """No pattern repeats a repetition: a hostile text could keep it busy for ever (X32)."""
    for slot in _patterned(flow):
        if nested_quantifier(slot.pattern or ""):
            yield Finding(
                key=f"slots.{slot.name}.pattern",
                what="a quantifier repeats a part that has one itself, so a hostile text can keep it busy for ever",
                remedy="repeat a part of fixed length, as in `(?:\\d{3}-)+`, or write the repetition once, `[\\d-]+`",
            )


def letters_for_digits(flow: FlowDef) -> Iterator[Finding]:
    """A pattern keeps the promise of its `error_msg`: one that speaks of digits takes no text of letters."""
    for slot in _patterned(flow):
        promise = _DIGITS.search(slot.error_msg)
        if promise is None or _LETTERS.search(slot.error_msg) or slot.normalize == "digits":
            continue
        letters = text_without_digits(slot.pattern or "")
        if letters is not None:
            yield Finding(
                key=f"slots.{slot.name}.pattern",
                what=(
                    f"it accepts `{letters}`, though `error_msg` promises {promise[0].lower()}: "
                    "such an answer would be taken without a word"
                ),
                remedy=f"say `\\d` in the pattern where digits belong{_with_digits(slot.pattern or '')}",
            )


def _with_digits(pattern: str) -> str:
    mended = re.sub(r"\\[SwW]|(?<!\\)\.", lambda _: r"\d", pattern)
    if mended == pattern or fault(mended) or text_without_digits(mended) is not None:
        return ""
    return f": `{mended}`"


def _patterned(flow: FlowDef, *, sound: bool = True) -> Iterator[SlotDef]:
    """The slots with a pattern, those that compile when `sound`."""
    for slot in flow.slots.values():
        if slot.pattern is not None and not (sound and fault(slot.pattern)):
            yield slot


def options_for_any_text(flow: FlowDef) -> Iterator[Finding]:
    """A question that lists its options does not take just any text."""
    for name, state in flow.states.items():
        slot = flow.slots.get(state.slot or "")
        if state.kind is not StateKind.ASK or slot is None or slot.type is not SlotType.TEXT:
            continue
        found = next((m for words in state.prompts.values() for one in words if (m := _OPTIONS.search(one))), None)
        if found and slot.pattern is None and not slot.values:
            keys = [_key(option) for option in re.split(r",|\bor\b", found["list"]) if option.strip()]
            yield Finding(
                key=f"states.{name}.prompt",
                what=f"the question lists options, but slot `{slot.name}` takes any text: nothing offers them",
                remedy=f"give it `type: enum` with `values: {{{', '.join(f'{key}: []' for key in keys)}}}`",
            )


def _key(option: str) -> str:
    return re.sub(r"\W+", "_", option.strip().lower()).strip("_")
