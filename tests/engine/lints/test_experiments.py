"""S35: which experiments could tell nothing, and which variants move what guards an irreversible action."""

from __future__ import annotations

from dataclasses import replace as with_

import pytest
from msgspec.structs import replace

from engine.flow import FlowDef
from engine.flowfile import read_flow
from engine.lints import check_flow
from tests.engine.flows_for_experiments import PIZZA, TONE


def read(text: str) -> FlowDef:
    found = read_flow(text, "flow.yaml").flow
    assert found is not None
    return found


def variant_file(changed: str) -> list[str]:
    """What is said of the pizza flow whose variant runs this file."""
    text = PIZZA + "experiments: {short: {variants: {control: 1, brief: 1}, changes: {brief: {file: short.yaml}}}}\n"
    file = read_flow(text, "flow.yaml")
    assert file.flow is not None
    whole = replace(file.flow, files={"short.yaml": read(changed)})
    return [problem.what for problem in check_flow(with_(file, flow=whole)) if problem.lint == "moved-guard"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A {{ size }} pizza to {{ street }}?", "Shall I?", "not what `control` has confirmed"),
        ("slot: sure, branches: {yes: bake, no: gone}", "slot: sure, branches: {no: bake, yes: gone}", "confirmed"),
        ("sure: {type: boolean, ask_only: true}", "sure: {type: boolean, ask_only: true, optional: true}", "confirmed"),
        ("branches: {yes: bake,", "branches: {yes: rest,", "other conditions"),
        ("outcomes: [done]", "outcomes: [done], timeout: 9s", "another action"),
    ],
)
def test_no_variant_moves_what_stands_before_an_irreversible_action(old: str, new: str, said: str) -> None:
    changed = PIZZA.replace(old, new)
    changed += "  rest: {branches: [{when: \"size == 'small'\", next: bake}, {next: gone}]}\n" if "rest" in new else ""
    assert changed != PIZZA
    [found] = variant_file(changed)
    assert said in found


def test_a_variant_may_say_a_confirmation_in_other_words_and_ask_less_before_it() -> None:
    shorter = PIZZA.replace("A {{ size }} pizza to {{ street }}?", "So {{ street }} gets a {{ size }} one?")
    shorter = shorter.replace('prompt: "Which size?"', 'prompt: "How big?"')
    assert variant_file(shorter) == []


@pytest.mark.parametrize(
    ("experiments", "said"),
    [
        ("{a: {variants: {b: 1, c: 1}, changes: {b: {lines: {got: Ok}}}}}", "there is no variant `control`"),
        ("{a: {variants: {control: 1}, changes: {control: {}}}}", "everybody is in `control`"),
        ("{a: {variants: {control: 0, b: 0}, changes: {b: {lines: {got: Ok}}}}}", "no variant has a weight"),
        ("{a: {variants: {control: 1, b: 1}, stopped: c, changes: {b: {lines: {got: Ok}}}}}", "`c` is no variant"),
        ("{a: {variants: {control: 1, b: 1}, changes: {control: {lines: {got: Ok}}}}}", "so it changes nothing"),
        ("{a: {variants: {control: 1, b: 1}, changes: {c: {lines: {got: Ok}}}}}", "`c` is no variant of it"),
        ("{a: {variants: {control: 1, b: 1}, changes: {b: {}}}}", "no variant changes anything"),
        ("{a: {variants: {control: 1, b: 1}, changes: {b: {states: {were: Hm}}}}}", "`were` is no state of this flow"),
        ("{a: {variants: {control: 1, b: 1}, changes: {b: {states: {bake: Hm}}}}}", "state `bake` says nothing"),
        ("{a: {variants: {control: 1, b: 1}, changes: {b: {file: x.yaml, lines: {got: Ok}}}}}", "says the whole flow"),
        (
            "{a: {variants: {control: 1, b: 1}, changes: {b: {states: {where: Hm}}}},"
            " d: {variants: {control: 1, b: 1}, changes: {b: {states: {where: Ha}}}}}",
            "experiment `a` changes the state `where` too",
        ),
        (
            "{a: {variants: {control: 1, b: 1}, changes: {b: {file: x.yaml}}},"
            " d: {variants: {control: 1, b: 1}, changes: {b: {lines: {got: Ok}}}}}",
            "experiment `a` changes what a flow file says too",
        ),
        (
            "{"
            + ", ".join(
                f"{n}: {{variants: {{control: 1, b: 1}}, changes: {{b: {{prompts: {{{n}: x}}}}}}}}" for n in "abcde"
            )
            + "}",
            "make 32 versions of this flow",
        ),
    ],
)
def test_an_experiment_that_could_tell_nothing_is_refused(experiments: str, said: str) -> None:
    file = read_flow(f"{PIZZA}experiments: {experiments}\n", "flow.yaml")
    assert file.problems == ()
    found = [problem for problem in check_flow(file) if problem.lint == "unsound-experiment"]
    assert any(said in problem.what for problem in found), found
    assert all(problem.line > 1 and problem.remedy for problem in found)


def test_two_experiments_that_touch_different_things_are_sound() -> None:
    two = TONE + "  sizes: {variants: {control: 1, big: 1}, changes: {big: {states: {start: 'How big?'}}}}\n"
    assert not [one for one in check_flow(read_flow(PIZZA + two, "flow.yaml")) if "experiment" in one.key]
