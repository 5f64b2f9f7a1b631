"""A run's values as a summary shows them: status, provenance, validation, masks (H71)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec import UNSET

from engine.flow import SlotDef, SlotType, StateKind
from engine.forgetting import dormant
from engine.frame import Frame, Slot, SlotState, Source
from engine.machine import Compiled
from handoff.evidence import Provenance, SlotPart, Validation
from handoff.facts import CaseFacts
from handoff.redaction import Hook
from handoff.shown import PERSONAL, Shown, slug
from handoff.transcript import Tail, cut, sound

MAX_ROWS = 60
_STATUS = {
    SlotState.FILLED: "filled",
    SlotState.NONE: "declined",
    SlotState.SKIPPED: "skipped",
    SlotState.REFUSED: "invalid",
    SlotState.OFFERED: "missing",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """What a summary is written from and with: the facts, the messages kept, and how free text is masked."""

    facts: CaseFacts
    tail: Tail
    hook: Hook


def slot_parts(sheet: Sheet) -> tuple[SlotPart, ...]:
    """Every slot of the active flow that can still matter, in the file's order; then what other tasks of this
    conversation know. Dormant ones are left out, and so are those of branches that were not taken."""
    facts = sheet.facts
    frame = facts.conversation.top
    rows: dict[str, SlotPart] = {}
    if frame is not None and (flow := facts.flows.get(frame.version)):
        asleep, ahead = dormant(flow, frame), _reachable(flow, frame)
        confirmed = _confirmed(flow, frame)
        for name, definition in flow.definition.slots.items():
            held = frame.slots.get(name)
            if name in asleep or (held is None and not set(flow.asks(name)) & ahead):
                continue
            rows[slug(name)] = _slot(sheet, definition, held, confirmed=name in confirmed)
    for flow, slots, elsewhere in _other_runs(facts):
        for name, held in slots.items():
            shown = slug(name) if slug(name) not in rows else slug(f"{elsewhere}_{name}") if elsewhere else ""
            if held.state is SlotState.FILLED and shown and shown not in rows and name in flow.definition.slots:
                rows[shown] = _of_other_task(sheet, flow, name, held, shown=shown)
    return tuple(rows.values())[:MAX_ROWS]


def _other_runs(facts: CaseFacts) -> Iterator[tuple[Compiled, Mapping[str, Slot], str]]:
    """Interrupted runs, nearest first; what flows of one scope share, as it was said last and the task's at hand before
    others'; then the run that ended last. Of another scope than the task's at hand with its name: the same word may
    mean something else there."""
    for frame in reversed(facts.conversation.stack[:-1]):
        if flow := facts.flows.get(frame.version):
            yield flow, frame.slots, ""
    near = _scopes_at_hand(facts)
    for scope, shared in sorted(facts.conversation.scopes.items(), key=lambda one: one[0] not in near):
        for flow in facts.flows.values():
            known = {name: held for name, held in shared.items() if _scope_of(flow, name) == scope}
            yield flow, known, "" if scope in near else scope
    if ended := facts.conversation.ended:
        for flow in facts.flows.values():
            if flow.name == ended.flow:
                yield flow, ended.slots, ""
                return


def _scopes_at_hand(facts: CaseFacts) -> set[str | None]:
    run = facts.conversation.top or facts.conversation.ended
    flows = [flow for flow in facts.flows.values() if run is not None and flow.name == run.flow]
    return {slot.scope for flow in flows for slot in flow.definition.slots.values() if slot.scope}


def _scope_of(flow: Compiled, slot: str) -> str | None:
    declared = flow.definition.slots.get(slot)
    return declared.scope if declared is not None else None


def _reachable(flow: Compiled, frame: Frame) -> set[str]:
    """The states of the walk, and those that could still come: seen from before it handed over, if it did."""
    entered = [*frame.trail, *frame.path] or [frame.start]
    standing = [state for state in entered if flow.state(state).kind is not StateKind.HANDOFF]
    waiting, seen = standing[-1:], set[str]()
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += flow.state(state).targets()
    return seen | set(entered)


def _confirmed(flow: Compiled, frame: Frame) -> frozenset[str]:
    """The slots a bound confirmation showed when the customer said yes to it (W7)."""
    given = [name for name, slot in frame.slots.items() if flow.slot(name).ask_only and slot.value is True]
    return frozenset(shown for name in given for state in flow.asks(name) for shown in flow.shown.get(state, ()))


def _slot(sheet: Sheet, definition: SlotDef, held: Slot | None, *, confirmed: bool) -> SlotPart:
    status = _STATUS[held.state] if held else "missing"
    shown = Shown(held.value, definition, sheet.hook) if held and held.state is SlotState.FILLED else None
    refused = held if held and held.state is SlotState.REFUSED else None
    return SlotPart(
        name=slug(definition.name),
        type=definition.type,
        of=(definition.of or SlotType.TEXT) if definition.type is SlotType.LIST else UNSET,
        label=cut(definition.called, 80),
        required=not definition.optional,
        status=status,  # type: ignore[arg-type]  # one of the table
        pii_class=shown.pii_class if shown else PERSONAL.get(definition.type),
        value=shown.value if shown else UNSET,
        value_masked=shown.masked if shown else UNSET,
        confirmed_by_customer=confirmed if shown else UNSET,
        provenance=_provenance(sheet, held) if held and shown else UNSET,
        validation=_validation(definition, refused, sheet.hook) if shown or refused else UNSET,
    )


def _of_other_task(sheet: Sheet, flow: Compiled, name: str, held: Slot, *, shown: str) -> SlotPart:
    made = _slot(sheet, flow.slot(name), held, confirmed=False)
    label = cut(f"{flow.definition.title}: {flow.slot(name).called}", 80)
    return SlotPart(
        **{field: getattr(made, field) for field in made.__struct_fields__}
        | {"name": shown, "label": label, "required": False}
    )


def _provenance(sheet: Sheet, held: Slot) -> Provenance:
    facts, tail = sheet.facts, sheet.tail
    at = next((said.at for said in facts.transcript if said.turn == held.turn), facts.started_at)
    match held.source:
        case Source.MEMORY | Source.HABIT:
            return Provenance(source="memory", extractor="none", at=at)
        case Source.DEFAULT:
            return Provenance(source="default", extractor="none", at=at)
        case Source.AGENT:
            return Provenance(source="agent", extractor="person", at=at)
        case Source.ASKED | Source.VOLUNTEERED | Source.MODEL:
            ref = tail.of_turn(held.turn, held.words)
            pressed = ref is not None and ref in tail.pressed
            extractor = "button" if pressed else "model" if held.source is Source.MODEL else "reader"
            return Provenance(
                source="customer_button" if pressed else "customer_message",
                extractor=extractor,  # type: ignore[arg-type]  # one of three
                ref=ref or elsewhere(facts),
                at=at,
            )


def elsewhere(facts: CaseFacts) -> str:
    """What stands for a message that is no longer in the document: the run it was said in, else the history."""
    top = facts.conversation.top
    return "flow:active" if top is not None and top.version in facts.flows else "customer:history"


def _validation(definition: SlotDef, refused: Slot | None, hook: Hook) -> Validation:
    rule = cut(definition.pattern or definition.validate or definition.type, 80)
    if refused is None:
        return Validation(status="passed", rule=rule)
    return Validation(status="failed", rule=rule, error=cut(hook(sound(refused.fault)).text, 120))
