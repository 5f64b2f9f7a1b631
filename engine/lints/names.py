"""Lints about what templates and conditions read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.desk import DeskDef
from engine.flow import FlowDef, StateDef, StateKind
from engine.flowfile.nearest import listed, meant
from engine.lines import LINES, placeholders
from engine.lints.finding import Finding
from engine.lints.paths import before, edges
from engine.lints.reading import PERSON, Source, sources
from engine.templates import TemplateFault


def broken_template(flow: FlowDef) -> Iterator[Finding]:
    """Every template and every condition compiles (X30)."""
    for source in sources(flow):
        try:
            source.names()
        except (TemplateFault, RecursionError) as error:
            kind = "condition" if source.condition else "template"
            remedy = "compare names with constants, as in `amount > 200 and tier == 'gold'`"
            yield Finding(
                key=source.key,
                what=f"this {kind} does not compile: {because(error)}",
                remedy=remedy if source.condition else "write `{{ name }}`, with both braces, for a value",
            )


def because(error: Exception) -> str:
    """The first line of what a template's compiler says."""
    return str(error).splitlines()[0] if str(error) else "it is nested too deep"


def unknown_name(flow: FlowDef) -> Iterator[Finding]:
    """What a text or a `when` reads is a slot, a fact that an action saves, or `person` (S2)."""
    known = [*flow.slots, *_facts(flow), PERSON]
    for source in sources(flow):
        for name in sorted(source.readable_names() - set(known)):
            effect = "is always false" if source.condition else "shows nothing"
            yield Finding(
                key=source.key,
                what=f"`{name}` is no slot and no fact that an action saves, so this {effect}",
                remedy=meant(name, known, f"declare slot `{name}`, or `save` it in an action"),
            )


def name_clash(flow: FlowDef) -> Iterator[Finding]:
    """A fact and a slot never share a name: nobody could tell which of them a text reads."""
    for name, action in flow.actions.items():
        for fact in action.save:
            if fact in flow.slots:
                yield Finding(
                    key=f"actions.{name}.save.{fact}",
                    what=f"`{fact}` is also a slot, and its fact would hide what the customer said",
                    remedy=f"save it under another name, such as `found_{fact}`",
                )


def read_before_asked(flow: FlowDef) -> Iterator[Finding]:
    """What a state reads was asked for, or looked up, on some path before it (P1).

    A warning: it may still be volunteered, and then the flow depends on the order of what is said.
    """
    graph = edges(flow)
    for source in sources(flow):
        for state in _readers(flow, source):
            earlier = [flow.states[name] for name in before(graph, state)]
            for missing, remedy in _too_early(flow, source.readable_names(), earlier):
                what = f"{missing} before `{state}`, which reads it"
                yield Finding(key=source.key, what=what, remedy=remedy, warning=True)


def _readers(flow: FlowDef, source: Source) -> list[str]:
    """The states in which a text or condition is read."""
    if source.state:
        return [source.state]
    return [name for name, state in flow.states.items() if source.action and state.action == source.action]


def _too_early(flow: FlowDef, names: frozenset[str], earlier: Sequence[StateDef]) -> Iterator[tuple[str, str]]:
    """Which of these names no earlier state can have given a value: what is missing, and what to do."""
    facts = _facts(flow)
    for name in sorted(names):
        slot = flow.slots.get(name)
        if slot is not None:
            missing = not (slot.optional or slot.default is not None or slot.scope is not None)
            if missing and not any(state.slot == name for state in earlier):
                yield f"no path asks for `{name}`", "ask for it earlier, or make it optional"
        elif name in facts and not any(state.action in facts[name] for state in earlier):
            yield f"no path looks `{name}` up", "lead a path through its action first"


def _facts(flow: FlowDef) -> dict[str, set[str]]:
    """Each saved fact with the actions that save it."""
    found: dict[str, set[str]] = {}
    for name, action in flow.actions.items():
        for fact in action.save:
            found.setdefault(fact, set()).add(name)
    return found


def unknown_line(owner: FlowDef | DeskDef) -> Iterator[Finding]:
    """A flow, or the desk, rewords only lines that exist."""
    for key in owner.lines:
        line = key.partition(".")[0]
        if line not in LINES:
            yield Finding(
                key=f"lines.{key}",
                what=f"we never say a line `{line}`",
                remedy=meant(line, LINES, "take its key from the list in engine/lines.py"),
            )


def unknown_placeholder(owner: FlowDef | DeskDef) -> Iterator[Finding]:
    """A reworded line names only what the line is given: anything else would be read as it stands, braces and all."""
    for key, wording in owner.lines.items():
        line = key.partition(".")[0]
        given = placeholders(LINES.get(line, ""))
        for name in sorted(placeholders(wording) - given) if line in LINES else ():
            otherwise = f"this line knows {listed(f'{{{one}}}' for one in sorted(given))}" if given else "remove it"
            yield Finding(
                key=f"lines.{key}",
                what=f"the line `{line}` is given no `{{{name}}}`, so customers would read just that",
                remedy=meant(name, given, otherwise),
            )


def ask_without_prompt(flow: FlowDef) -> Iterator[Finding]:
    """A state that asks says its question."""
    for name, state in flow.states.items():
        if state.kind is StateKind.ASK and not state.prompts:
            yield Finding(
                key=f"states.{name}",
                what=f"it asks for `{state.slot}` without a question",
                remedy='add `prompt: "..."`',
            )
