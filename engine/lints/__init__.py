"""The lints: what a flow file can say and still be wrong. One small function each, listed here with its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.errors import Problem
from engine.flowfile import DeskFile, FlowFile
from engine.lints import (
    across,
    branches,
    comparing,
    contradictions,
    effects,
    experiments,
    names,
    patterns,
    plans,
    reach,
    rounds,
    slots,
    targets,
    unused,
)
from engine.lints.desks import desk_findings
from engine.lints.finding import Finding, Lint, problem
from engine.lints.rewording import only_theirs, rewordings

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
    Lint(name="impossible-comparison", find=comparing.impossible_comparison),
    Lint(name="endless-circle", find=rounds.endless_circle, whole=True),
    Lint(name="back-to-no-question", find=rounds.back_to_no_question, whole=True),
    Lint(name="unconfirmed-effect", find=effects.unconfirmed_effect, whole=True),
    Lint(name="effect-again", find=effects.effect_again, whole=True),
    Lint(name="back-without-ask-only", find=effects.back_without_ask_only, whole=True),
    Lint(name="broken-template", find=names.broken_template),
    Lint(name="unknown-name", find=names.unknown_name),
    Lint(name="name-clash", find=names.name_clash),
    Lint(name="read-before-asked", find=names.read_before_asked, whole=True),
    Lint(name="unknown-line", find=names.unknown_line),
    Lint(name="unknown-placeholder", find=names.unknown_placeholder),
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
    Lint(name="sensitive-kept", find=contradictions.sensitive_kept),
    Lint(name="sensitive-shown", find=contradictions.sensitive_shown),
    Lint(name="once-without-effect", find=contradictions.once_without_effect),
    Lint(name="question-for-no-text", find=contradictions.question_for_no_text),
    Lint(name="pattern-for-no-text", find=contradictions.pattern_for_no_text),
    Lint(name="bound-of-another-kind", find=contradictions.bound_of_another_kind),
    Lint(name="shared-words", find=contradictions.shared_words),
    Lint(name="idle-key", find=contradictions.idle_key),
    Lint(name="irreversible-judge", find=contradictions.irreversible_judge),
    Lint(name="depends-on-circle", find=contradictions.depends_on_circle),
    Lint(name="unused-slot", find=unused.unused_slot, whole=True),
    Lint(name="unused-action", find=unused.unused_action, whole=True),
    Lint(name="idle-loop", find=unused.idle_loop, whole=True),
    Lint(name="migration-of-the-living", find=unused.migration_of_the_living),
    Lint(name="state-named-handoff", find=unused.state_named_handoff),
    Lint(name="unsound-experiment", find=experiments.unsound_experiment),
    Lint(name="moved-guard", find=experiments.moved_guard, whole=True),
)

ACROSS: tuple[Callable[[Sequence[FlowFile]], Iterable[Problem]], ...] = (
    across.duplicate_flows,
    across.unknown_calls,
    across.call_circles,
    across.shared_triggers,
    across.scope_clashes,
)


def check_flow(file: FlowFile) -> tuple[Problem, ...]:
    """All lints over one flow, by line. What `file.problems` already says of its form is not repeated.

    A slot, action or state that could not be read, and the states that use it, are left alone; so are all paths then.
    """
    own = _checked(file)
    return (*own, *only_theirs(own, ((one, _checked(one)) for one in rewordings(file))))


def _checked(file: FlowFile) -> tuple[Problem, ...]:
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
    return tuple(sorted(found, key=lambda one: (one.line, one.column)))


def check_flows(files: Sequence[FlowFile]) -> tuple[Problem, ...]:
    """What only shows when the flows of a desk are seen together."""
    return tuple(one for lint in ACROSS for one in lint(files))


def check_desk(file: DeskFile) -> tuple[Problem, ...]:
    """The lints over a desk.yaml."""
    return tuple(problem(finding, lint, file.lines) for finding, lint in desk_findings(file.desk))


def owner(key: str) -> str:
    """The slot, action or state a dotted key belongs to: `states.start` of `states.start.prompt`."""
    return ".".join(key.split(".")[:2])
