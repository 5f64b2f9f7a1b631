"""Variants in rehearsed conversations: wordings, lines, prompt parts and whole files, as they are declared (S35)."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from engine.flow import content_hash
from engine.notes import Notes
from gateway.flowfolder import read_folder
from gateway.rehearsal.conversations import Repertoire, Verdict, rehearse, repertoire
from gateway.rehearsal.play import play
from gateway.rehearsal.promotion import promoted
from gateway.rehearsal.replay import replay
from gateway.rehearsal.script import read_script
from gateway.rehearsal.stage import Setting, Stage
from gateway.rehearsal.trying import chosen

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).parents[3] / "docs" / "experiments.md"
SHORT = "experiments: {steps: {variants: {control: 1, brief: 1}, changes: {brief: {file: flow.short.yaml}}}}\n"
LONG = """
frontdesk: 1
flow: lease
title: Rent a bike
triggers: [bike]
slots: {days: {type: integer}, name: {type: name}}
states:
  start: {prompt: "For how many days?", slot: days, next: who}
  who: {prompt: "And your name?", slot: name, next: ready}
  ready: {prompt: "The bike is yours.", terminal: true}
"""
BRIEF = (
    LONG.replace("days, next: who}", "days, next: price}")
    .replace(
        '  who: {prompt: "And your name?", slot: name, next: ready}\n',
        "  price: {action: price, next: ready, on_error: handoff}\n",
    )
    .replace(", name: {type: name}}", "}\nactions: {price: {python: price, outcomes: [known], save: {euros: euros}}}")
    .replace("The bike is yours.", "That is {{ euros }} euros, and the bike is yours.")
)
ACTIONS = """
from engine.actions import ActionCall, ActionResult


async def price(call: ActionCall) -> ActionResult:
    return ActionResult(outcome="known", facts={"euros": 5 * call.slots["days"]})
"""


def block(kind: str) -> str:
    """The page's first example of a kind."""
    found = re.search(rf"```{kind}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def pizza(tmp_path: Path) -> Repertoire:
    """The page's own flow."""
    folder = tmp_path / "flows" / "pizza"
    (folder / "prompts").mkdir(parents=True)
    (folder / "flow.yaml").write_text(block("yaml"), "utf-8")
    (folder / "prompts" / "persona.brief.md").write_text("Be brief.\n", "utf-8")
    return repertoire(tmp_path / "flows")


@pytest.fixture
def bikes(tmp_path: Path) -> Repertoire:
    """A flow with a file for one of its variants, and a function that only this one calls."""
    folder = tmp_path / "flows" / "lease"
    folder.mkdir(parents=True)
    (folder / "flow.yaml").write_text(LONG + SHORT, "utf-8")
    (folder / "flow.short.yaml").write_text(BRIEF, "utf-8")
    (folder / "actions.py").write_text(ACTIONS, "utf-8")
    return repertoire(tmp_path / "flows")


async def rehearsed(played: Repertoire, text: str, folder: Path) -> Verdict:
    file = folder / "talk.txt"
    file.write_text(dedent(text).strip("\n"), "utf-8")
    return await rehearse(file, played)


async def test_the_page_s_example_compiles_and_goes_as_it_says(pizza: Repertoire, tmp_path: Path) -> None:
    assert (await rehearsed(pizza, block("text"), tmp_path)).passed
    wrong = await rehearsed(pizza, block("text").replace("% variant pizza.tone friendly\n", ""), tmp_path)
    assert wrong.failure is not None
    assert "Which street?" in wrong.failure.got


async def test_a_file_that_names_no_variant_plays_control_for_everybody(pizza: Repertoire, tmp_path: Path) -> None:
    for person in ("ann", "ben", "cleo", "dan", "eve", "fay", "gil", "hal"):
        talk = f"# T\n% person {person}\n> pizza\n> small\n< Which street?\n= state=where"
        assert (await rehearsed(pizza, talk, tmp_path)).passed


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("% variant pizza.tne friendly", "did you mean `pizza.tone`"),
        ("% variant pizza.tone loud", "there are `control` and `friendly`"),
        ("% variant pizza.tone", "is not `% variant EXPERIMENT VARIANT`"),
    ],
)
async def test_a_variant_that_is_not_there_is_named(pizza: Repertoire, tmp_path: Path, line: str, said: str) -> None:
    verdict = await rehearsed(pizza, f"# T\n{line}\n> pizza", tmp_path)
    assert verdict.fault is not None
    assert (verdict.fault.line, said in verdict.fault.what) == (2, True), verdict.fault.what


async def test_a_variant_s_file_runs_with_what_only_it_calls(bikes: Repertoire, tmp_path: Path) -> None:
    brief = """
        # The short way
        % variant lease.steps brief
        > bike
        < For how many days?
        > 3
        < That is 15 euros, and the bike is yours.
        = outcome=resolved
    """
    assert (await rehearsed(bikes, brief, tmp_path)).passed
    assert (await rehearsed(bikes, "# T\n> bike\n> 3\n< And your name?", tmp_path)).passed


async def test_a_killed_process_goes_on_in_the_variant_s_version(bikes: Repertoire, tmp_path: Path) -> None:
    text = "# T\n% variant lease.steps brief\n> bike\n@ restart\n> 3\n< That is 15 euros"
    assert (await rehearsed(bikes, text, tmp_path)).passed


async def test_a_model_is_asked_with_the_variant_s_part_and_the_notes_name_it(
    pizza: Repertoire, tmp_path: Path
) -> None:
    """S21: notes store part names, hashes, experiment variant and the exact payload."""
    text = '# T\n% variant pizza.steps fewer\n> pizza\n~ {"slots": {"size": "small"}}\n> one for my child I guess\n'
    for script, part in ((text, "persona.brief"), (text.replace("fewer", "control"), "persona")):
        notes = (await turns(pizza, script, tmp_path))[-1]
        [asked] = notes.consulted
        assert part in asked.parts
        assert ("persona.brief" in asked.parts) == ("Be brief." in asked.payload) == (part == "persona.brief")
        assert notes.variants["pizza.steps"] == ("fewer" if part == "persona.brief" else "control")
        assert "pizza.steps" in [one.experiment for one in notes.exposed]


async def test_without_a_model_nobody_meets_another_prompt(pizza: Repertoire, tmp_path: Path) -> None:
    script = "# T\n% variant pizza.steps fewer\n> pizza\n< size\n> small\n< street\n> Mill Lane\n< Mill\n> yes\n"
    met = [one.experiment for notes in await turns(pizza, script, tmp_path) for one in notes.exposed]
    assert met == ["pizza.tone"]


async def test_who_answers_before_the_question_is_put_has_not_met_its_words(pizza: Repertoire, tmp_path: Path) -> None:
    script = "# T\n% variant pizza.tone friendly\n> pizza\n> small\n> Mill Lane\n< A small pizza to Mill Lane?\n"
    assert [notes.exposed for notes in await turns(pizza, script, tmp_path)] == [()]


async def turns(played: Repertoire, text: str, folder: Path) -> tuple[Notes, ...]:
    """The notes of a script's turns."""
    return (await stage_of(played, text, folder))[0]


async def stage_of(played: Repertoire, text: str, folder: Path) -> tuple[tuple[Notes, ...], str]:
    """A script's turns, and the conversation file that is made of it; replayed, nothing differs."""
    script = read_script(text)
    flows = tuple(home.flow for home in played.homes)
    setting = Setting(now=script.now, root=played.root, variants=chosen(script.variants, flows, played.desk))
    place = folder / f"stage{len(list(folder.iterdir()))}"
    place.mkdir()
    async with Stage(played.homes, played.desk, place, setting=setting, knowledge=played.knowledge) as stage:
        assert await play(script, stage) is None
        past = await stage.past()
    assert past is not None
    compared = await replay(past, played, environ={}, people=True)
    assert [one.differences for one in compared if one.differences] == []
    return past.turns, promoted(past, {flow.name: flow for flow in flows})


async def test_replayed_and_promoted_it_has_the_variant_it_had(pizza: Repertoire, tmp_path: Path) -> None:
    script = "# T\n% variant pizza.tone friendly\n> pizza\n> small\n< And where may we bring it?\n"
    _, text = await stage_of(pizza, script, tmp_path)
    assert "% variant pizza.tone friendly\n" in text
    assert (await rehearsed(pizza, text, tmp_path)).passed


def problems(folder: Path) -> list[str]:
    return [f"{Path(one.file).name}:{one.line}: {one.key}: {one.lint}" for one in read_folder(folder, {}).problems]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ("{file: flow.gone.yaml}", "file: variant-file"),
        ("{prompts: {persona: loud}}", "prompts.persona: variant-file"),
        ("{prompts: {perona: loud}}", "prompts.perona: variant-file"),
        ("{states: {who: 'So, {{ nam }}?'}}", "states.who: unknown-name"),
        ("{lines: {gott: 'Ok'}}", "lines.gott: unknown-line"),
        ("{states: {who: {sms: 'Reply STOP or a name'}}}", "states.who.sms: reserved-word"),
    ],
)
def test_what_is_wrong_with_a_variant_stands_where_it_is_written(
    bikes: Repertoire, tmp_path: Path, changes: str, found: str
) -> None:
    file = tmp_path / "flows" / "lease" / "flow.yaml"
    file.write_text(file.read_text("utf-8").replace("{file: flow.short.yaml}", changes), "utf-8")
    assert f"flow.yaml:11: experiments.steps.changes.brief.{found}" in problems(tmp_path / "flows"), problems(
        tmp_path / "flows"
    )


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("flow: lease", "flow: loan", "flow.short.yaml:3: flow: variant-file"),
        ("states:", SHORT + "states:", "flow.short.yaml:8: experiments: variant-file"),
        ("euros, and", "euro{{ s }}, and", "flow.short.yaml:11: states.ready.prompt: unknown-name"),
    ],
)
def test_a_variant_s_file_is_compiled_like_any_flow(
    bikes: Repertoire, tmp_path: Path, old: str, new: str, found: str
) -> None:
    file = tmp_path / "flows" / "lease" / "flow.short.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    assert found in problems(tmp_path / "flows"), problems(tmp_path / "flows")


def test_the_examples_are_sound(pizza: Repertoire, bikes: Repertoire, tmp_path: Path) -> None:
    assert problems(tmp_path / "flows") == []
    [lease] = [home.flow for home in bikes.homes if home.flow.name == "lease"]
    assert content_hash(lease) != content_hash(lease.files["flow.short.yaml"])
