"""The lints: what a flow file can say and still be wrong. One small function each, listed here with its name."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import Problem
from engine.flowfile import DeskFile, FlowFile
from engine.lints import across, branches, effects, names, patterns, plans, reach, slots, targets
from engine.lints.finding import Finding, Lint, problem

__all__ = ["LINTS", "Finding", "Lint", "check_desk", "check_flow", "check_flows"]

LINTS: tuple[Lint, ...] = (
    Lint(name="dangling-target", find=targets.dangling_target),
    Lint(name="unknown-slot", find=targets.unknown_slot),
    Lint(name="unknown-action", find=targets.unknown_action),
    Lint(name="no-terminal", find=reach.no_terminal, whole=True),
    Lint(name="unreachable-state", find=reach.unreachable_state, whole=True),
    Lint(name="inescapable-state", find=reach.inescapable_state, whole=True),
    Lint(name="choice-without-else", find=branches.choice_without_else),
    Lint(name="impossible-label", find=branches.impossible_label),
    Lint(name="value-without-branch", find=branches.value_without_branch),
    Lint(name="outcome-without-edge", find=branches.outcome_without_edge),
    Lint(name="unconfirmed-effect", find=effects.unconfirmed_effect, whole=True),
    Lint(name="effect-again", find=effects.effect_again, whole=True),
    Lint(name="back-without-ask-only", find=effects.back_without_ask_only, whole=True),
    Lint(name="broken-template", find=names.broken_template),
    Lint(name="unknown-name", find=names.unknown_name),
    Lint(name="name-clash", find=names.name_clash),
    Lint(name="read-before-asked", find=names.read_before_asked, whole=True),
    Lint(name="unknown-line", find=names.unknown_line),
    Lint(name="ask-without-prompt", find=names.ask_without_prompt),
    Lint(name="broken-pattern", find=patterns.broken_pattern),
    Lint(name="runaway-pattern", find=patterns.runaway_pattern),
    Lint(name="letters-for-digits", find=patterns.letters_for_digits),
    Lint(name="options-for-any-text", find=patterns.options_for_any_text),
    Lint(name="ask-only-elsewhere", find=slots.ask_only_elsewhere),
    Lint(name="enum-without-values", find=slots.enum_without_values),
    Lint(name="values-without-enum", find=slots.values_without_enum),
    Lint(name="wrong-choice", find=slots.wrong_choice),
    Lint(name="wrong-default", find=slots.wrong_default),
    Lint(name="empty-range", find=slots.empty_range),
    Lint(name="action-without-outcomes", find=slots.action_without_outcomes),
    Lint(name="unsound-plan", find=plans.unsound_plan),
    Lint(name="task-twice", find=plans.task_twice),
    Lint(name="plan-again", find=plans.plan_again, whole=True),
)


def check_flow(file: FlowFile) -> tuple[Problem, ...]:
    """All lints over one flow, by line. What `file.problems` already says of its form is not repeated.

    A slot, action or state that could not be read, and the states that use it, are left alone; so are all paths then.
    """
    if file.flow is None:
        return ()
    unread = {owner(one.key) for one in file.problems}
    blind = any(key.startswith(("slots", "actions", "states")) for key in unread)
    unread |= {
        f"states.{name}"
        for name, state in file.flow.states.items()
        if unread & {f"slots.{state.slot}", f"actions.{state.action}"}
    }
    found = [
        one
        for lint in LINTS
        if not (blind and lint.whole)
        for one in lint(file.flow, file.lines)
        if owner(one.key) not in unread
    ]
    return tuple(sorted(found, key=lambda one: one.line))


def check_flows(files: Sequence[FlowFile]) -> tuple[Problem, ...]:
    """What only shows when the flows of a desk are seen together: names taken twice, `call:` of no flow."""
    return (*across.duplicate_flows(files), *across.unknown_calls(files))


def check_desk(file: DeskFile) -> tuple[Problem, ...]:
    """The lints over a desk.yaml."""
    return tuple(problem(finding, "unknown-line", file.lines) for finding in names.unknown_line(file.desk))


def owner(key: str) -> str:
    """The slot, action or state a dotted key belongs to: `states.start` of `states.start.prompt`."""
    return ".".join(key.split(".")[:2])
