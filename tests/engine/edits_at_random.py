"""What an author may do to a flow while runs of it are under way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from hypothesis import strategies as st
from msgspec.structs import replace

from engine.flow import FlowDef, Migrations, SlotDef, SlotType, StateDef, StateKind
from engine.lints import LINTS

T = TypeVar("T")


class Draw(Protocol):
    """One of hypothesis' choices; each shows in the report of a failure."""

    def __call__(self, strategy: st.SearchStrategy[T]) -> T: ...


Edit = Callable[[Draw, FlowDef, Sequence[str]], FlowDef]
"""An edit is told where a run has been: what happens there is what may go wrong."""


def drop_a_question(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """What led to it leads on."""
    plain = [one for one in _asks(flow) if one.next]
    if not plain or len(flow.states) < 4:
        return flow
    gone = draw(st.sampled_from(plain))
    kept = replace(flow, states={name: one for name, one in flow.states.items() if name != gone.name})
    return _led(kept, {gone.name: gone.next or ""})


def ask_more(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """A question of a new slot in front of another state."""
    before = draw(st.sampled_from([one.name for one in flow.states.values() if one.kind is not StateKind.ACTION]))
    name = f"more_{len(flow.states)}"
    asks = StateDef(
        name=f"ask_{name}", kind=StateKind.ASK, prompts={"": (f"[ask:{name}] And {name}?",)}, slot=name, next=before
    )
    states: dict[str, StateDef] = {}
    for one in _led(flow, {before: asks.name}).states.values():
        states |= {asks.name: asks, one.name: one} if one.name == before else {one.name: one}
    slots = flow.slots | {name: SlotDef(name=name, type=SlotType.INTEGER, cues=(name,))}
    return replace(flow, slots=slots, states=states)


def rename_a_state(draw: Draw, flow: FlowDef, walked: Sequence[str], *, told: bool = False) -> FlowDef:
    """Another name for the same; `told`: with a migration that says so."""
    old = draw(st.sampled_from([one for one in walked if one in flow.states] or list(flow.states)))
    new = f"{old}_{len(old)}"
    renamed = {
        (new if name == old else name): replace(one, name=new if name == old else name)
        for name, one in flow.states.items()
    }
    migrations = replace(flow.migrations, states=_chained(flow.migrations.states, old, new)) if told else Migrations()
    return _led(replace(flow, states=renamed, migrations=migrations), {old: new})


def rename_and_tell(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """The same with its migration."""
    return rename_a_state(draw, flow, walked, told=True)


def ask_for_less(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """What one slot took is too much now."""
    numbers = [one for one in flow.slots.values() if one.type is SlotType.INTEGER and one.max is not None]
    if not numbers:
        return flow
    slot = draw(st.sampled_from(numbers))
    return replace(flow, slots=flow.slots | {slot.name: replace(slot, max=100)})


def offer_less(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """One of the options is there no more."""
    branched = {one.slot for one in flow.states.values() if one.branches}
    choices = [one for one in flow.slots.values() if len(one.values) > 2 and one.name not in branched]
    if not choices:
        return flow
    slot = draw(st.sampled_from(choices))
    gone = draw(st.sampled_from(list(slot.values)))
    values = {name: words for name, words in slot.values.items() if name != gone}
    return replace(flow, slots=flow.slots | {slot.name: replace(slot, values=values)})


def word_otherwise(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """The same question in other words."""
    state = draw(st.sampled_from([one for one in flow.states.values() if one.prompts]))
    prompts = {"": tuple(f"Please. {one}" for one in state.prompts[""])}
    return replace(flow, states=flow.states | {state.name: replace(state, prompts=prompts)})


def ask_in_another_order(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """Two questions that follow one another change places."""
    after = [(one, two) for one in _asks(flow) for two in _asks(flow) if one.next == two.name and two.next]
    if not after:
        return flow
    one, two = draw(st.sampled_from(after))
    swapped = {
        one.name: replace(one, slot=two.slot, prompts=two.prompts),
        two.name: replace(two, slot=one.slot, prompts=one.prompts),
    }
    return replace(flow, states=flow.states | swapped)


EDITS: tuple[Edit, ...] = (
    ask_more,
    drop_a_question,
    rename_a_state,
    rename_and_tell,
    ask_for_less,
    offer_less,
    word_otherwise,
    ask_in_another_order,
)


def edited(draw: Draw, flow: FlowDef, walked: Sequence[str]) -> FlowDef:
    """The flow behind one to three edits."""
    flow = replace(flow, migrations=Migrations())
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=3)):
        after = edit(draw, flow, walked)
        flow = after if _may_be_deployed(after) else flow
    return flow


def _asks(flow: FlowDef) -> list[StateDef]:
    return [one for one in flow.states.values() if one.slot and not flow.slots[one.slot].ask_only]


def _may_be_deployed(flow: FlowDef) -> bool:
    """`frontdesk check` has nothing to say about it."""
    return not any(True for lint in LINTS for _ in lint.find(flow))


def _led(flow: FlowDef, renamed: Mapping[str, str]) -> FlowDef:
    """The flow with its edges led to other states."""

    def to(name: str | None) -> str | None:
        return renamed.get(name, name) if name else name

    states = {}
    for name, one in flow.states.items():
        branches = tuple(replace(branch, next=to(branch.next) or "") for branch in one.branches)
        states[name] = replace(one, next=to(one.next), branches=branches, on_error=to(one.on_error))
    return replace(flow, states=states)


def _chained(known: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """Old -> new, and what was renamed to `old` before leads to `new` as well."""
    return {before: (new if after == old else after) for before, after in known.items()} | {old: new}
