"""S35: who is given which variant, what it changes, and who has met it."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from engine.book import Book
from engine.conversation import Conversation
from engine.experiments import CONTROL
from engine.exposure import Exposing, Exposure
from engine.flow import FlowDef, content_hash
from engine.flowfile import read_flow
from engine.ports import ActionOutcome
from engine.prompts import Prompts
from engine.runs import Runs
from engine.trials import given, labels, steered, stopping
from engine.variants import definitions
from gateway.promptfolder import OURS as OUR_PROMPTS
from tests.engine.adviser import Adviser
from tests.engine.flows_for_experiments import GREETING, PIZZA, TONE, always, desk, pizza
from tests.engine.talk import Talk

PEOPLE = [f"web::{number}" for number in range(10_000)]
OURS = {file.stem: file.read_text("utf-8") for file in OUR_PROMPTS.glob("*.md")}
DONE = {"bake": ActionOutcome(outcome="done")}
ORDER = ("pizza", "small", "Mill Lane 3", "yes")


def exposures(talk: Talk) -> list[tuple[int, Exposure]]:
    """What was noted as met, with the turn's number."""
    return [(turn.notes.turn, one) for turn in talk.turns for one in turn.notes.exposed]


def ordering(*texts: str, **variants: str) -> Talk:
    """A talk about a pizza by somebody in these variants."""
    talk = Talk(always(pizza(TONE), **variants), answers=DONE)
    for text in texts:
        talk.say(text)
    return talk


def test_a_variant_words_states_and_lines_as_it_says() -> None:
    friendly, control = ordering(*ORDER, tone="friendly"), ordering(*ORDER, tone=CONTROL)
    said = [reply.text for reply in friendly.replies]
    assert "And where may we bring it?" in said[1]
    assert "Enjoy! It is in the oven." in said[-1]
    assert "Which street?" in control.replies[1].text
    assert "Enjoy" not in control.replies[-1].text
    stopped = ordering("pizza", "never mind", tone="friendly")
    assert "No worries, order a pizza is off." in stopped.replies[-1].text
    assert "No worries" not in ordering("pizza", "never mind", tone=CONTROL).replies[-1].text


@pytest.mark.parametrize("variant", ["friendly", CONTROL])
def test_an_exposure_is_noted_once_where_the_experiment_first_shows_for_control_alike(variant: str) -> None:
    talk = ordering(*ORDER, tone=variant)
    run = talk.turns[0].conversation.stack[0].run
    assert exposures(talk) == [(2, Exposure(experiment="pizza.tone", variant=variant, run=run))]
    assert talk.turns[1].notes.variants == {"pizza.tone": variant}
    assert talk.conversation.variants == {"pizza.tone": variant}


def test_who_never_comes_to_what_differs_has_not_taken_part() -> None:
    talk = ordering("pizza", "what time is it?", tone="friendly")
    assert exposures(talk) == []
    assert talk.conversation.variants == {}


def test_a_question_that_is_answered_before_it_is_put_shows_nothing() -> None:
    talk = ordering("pizza", tone="friendly")
    index = talk.conversation.stack[0]
    assert index.exposed == ()
    talk.say("small")
    assert talk.top.exposed == ("pizza.tone",)


def test_each_run_notes_its_own_exposure() -> None:
    talk = ordering(*ORDER, *ORDER, tone="friendly")
    found = [one for _, one in exposures(talk)]
    assert len(found) == 2
    assert len({one.run for one in found}) == 2


def test_other_weights_re_roll_no_run_under_way() -> None:
    talk = ordering("pizza", tone="friendly")
    talk.world.book = Book([always(pizza(TONE), tone=CONTROL)])
    assert "And where may we bring it?" in talk.say("small")


def test_who_has_met_a_variant_keeps_it_when_weights_change() -> None:
    talk = ordering(*ORDER, tone="friendly")
    talk.world.book = Book([always(pizza(TONE), tone=CONTROL)])
    talk.say("pizza")
    assert "And where may we bring it?" in talk.say("small")


def test_a_line_that_is_not_said_after_all_shows_nothing() -> None:
    book = Book([pizza()], desk(GREETING.replace("control: 50", "control: 0")))
    for said, met in (("Hello!\nAlways a pleasure!", 1), ("Hello!", 0)):
        exposing = Exposing(Runs(book, (), {}), book.trials, Conversation(id="c"), lambda: None)
        assert exposing.line("welcome", None, {}) == "Always a pleasure!"
        exposing.close(said, None, ())
        assert len(exposing.exposed) == len(exposing.kept) == met


def test_other_weights_make_no_other_version() -> None:
    assert content_hash(pizza(TONE)) == content_hash(always(pizza(TONE), tone="friendly")) == content_hash(pizza())


def test_a_run_whose_version_is_gone_goes_on_in_its_variant() -> None:
    talk = ordering("pizza", tone="friendly")
    newer = PIZZA.replace("Which size?", "What size?")
    talk.world.book = Book([always(read(newer + TONE), tone=CONTROL)])
    assert "And where may we bring it?" in talk.say("small")


def test_a_stopped_experiment_sends_new_runs_to_control_and_lets_the_others_end() -> None:
    """The kill switch."""
    talk = ordering("pizza", tone="friendly")
    flows, its_desk = steered(
        [always(pizza(TONE), tone="friendly")], talk.world.book.desk, stopping(["pizza.tone"], CONTROL)
    )
    talk.world.book = Book(flows, its_desk)
    assert "And where may we bring it?" in talk.say("small")
    talk.say("Mill Lane 3")
    talk.say("yes")
    talk.say("pizza")
    assert "Which street?" in talk.say("small")
    assert [one.variant for _, one in exposures(talk)] == ["friendly"]


def test_a_stopped_experiment_may_leave_its_winner_to_all() -> None:
    text = TONE.replace("    changes:", "    stopped: friendly\n    changes:")
    talk = Talk(pizza(text))
    talk.say("pizza")
    assert "And where may we bring it?" in talk.say("small")
    assert exposures(talk) == []


def test_a_desk_words_its_lines_outside_of_runs_too() -> None:
    warm = desk(GREETING.replace("control: 50", "control: 0"))
    talk = Talk(pizza(), desk=warm)
    assert "Always a pleasure!" in talk.say("thank you")
    assert exposures(talk) == [(1, Exposure(experiment="greeting", variant="warm"))]
    talk.say("thank you")
    assert len(exposures(talk)) == 1
    assert talk.conversation.variants == {"greeting": "warm"}


def test_a_desk_s_variant_stays_with_the_run_that_met_it() -> None:
    talk = Talk(pizza(), desk=desk(GREETING.replace("control: 50", "control: 0")))
    talk.say("pizza")
    assert "Always a pleasure!" in talk.say("thanks")
    stopped = desk(GREETING.replace("    changes", "    stopped: true\n    changes"))
    talk.world.book = Book([pizza()], stopped)
    assert "Always a pleasure!" in talk.say("thanks")
    talk.say("never mind")
    assert "Always a pleasure!" not in talk.say("thanks")


def test_without_experiments_nothing_is_kept_or_noted() -> None:
    talk = Talk(pizza(), answers=DONE)
    for text in ORDER:
        talk.say(text)
    assert b"variants" not in talk.stored
    assert b"exposed" not in talk.left


def test_every_choice_of_variants_is_a_version_that_can_be_kept() -> None:
    two = pizza(TONE + "  sizes: {variants: {control: 1, big: 1}, changes: {big: {states: {start: 'How big?'}}}}\n")
    assert len({content_hash(one) for one in definitions(two)}) == 4
    talk = Talk(always(two, tone="friendly", sizes="big"))
    assert "How big?" in talk.say("pizza")
    assert "And where may we bring it?" in talk.say("small")
    assert [one.experiment for _, one in exposures(talk)] == ["pizza.sizes", "pizza.tone"]


def test_experiments_can_be_given_for_a_rehearsal() -> None:
    flows, its_desk = steered([pizza(TONE)], desk(GREETING), given({"pizza.tone": "friendly"}, CONTROL))
    assert labels(flows, its_desk) == ("greeting", "pizza.tone")
    assert flows[0].experiments["tone"].variants == {"control": 0, "friendly": 1}
    assert its_desk.experiments["greeting"].variants == {"control": 1, "warm": 0}


def read(text: str) -> FlowDef:
    found = read_flow(text, "flow.yaml").flow
    assert found is not None
    return found


@pytest.mark.parametrize("variant", ["brief", CONTROL])
def test_another_way_is_met_by_whoever_takes_it_or_would_have(variant: str) -> None:
    text = PIZZA + "experiments: {short: {variants: {control: 1, brief: 1}, changes: {brief: {file: short.yaml}}}}\n"
    other = PIZZA.replace("slot: size, next: where}", "slot: size, branches: {small: gone}, next: where}")
    talk = Talk(always(replace(read(text), files={"short.yaml": read(other)}), short=variant))
    talk.say("pizza")
    assert exposures(talk) == []
    assert ("No pizza then." in talk.say("small")) == (variant == "brief")
    assert [(turn, one.variant) for turn, one in exposures(talk)] == [(2, variant)]


def test_a_file_of_a_variant_is_met_where_the_way_parts() -> None:
    text = PIZZA + "experiments: {short: {variants: {control: 0, brief: 1}, changes: {brief: {file: short.yaml}}}}\n"
    other = PIZZA.replace("slot: size, next: where}", "slot: size, next: hint}")
    other += "  hint: {prompt: 'We deliver in town.', next: where}\n"
    talk = Talk(replace(read(text), files={"short.yaml": read(other)}))
    talk.say("pizza")
    assert exposures(talk) == []
    assert "We deliver in town." in talk.say("small")
    assert [turn for turn, _ in exposures(talk)] == [2]
    kept = msgspec.json.decode(talk.stored)["stack"][0]
    assert kept["version"] == content_hash(read(other))


@pytest.mark.parametrize("variant", ["brief", CONTROL])
def test_a_desk_s_variant_puts_another_part_into_every_prompt(variant: str) -> None:
    parts = {"persona": "You are Ada.", "persona.brief": "You are terse."}
    adviser = Adviser([{"slots": {"size": "small"}}], prompts=Prompts({**OURS, **parts}))
    tried = desk(
        f"experiments: {{voice: {{variants: {{control: {int(variant == CONTROL)}, brief: {int(variant != CONTROL)}}}, "
        "changes: {brief: {prompts: {persona: persona.brief}}}}}\n"
    )
    talk = Talk(pizza(), desk=tried, model=adviser)
    talk.say("pizza")
    talk.say("the one for a hungry child please")
    assert ("terse" in adviser.requests[-1].system) == (variant == "brief")
    assert ("Ada" in adviser.requests[-1].system) == (variant == CONTROL)
    assert [one.experiment for _, one in exposures(talk)] == ["voice"]


def test_a_part_that_is_there_no_more_leaves_ours() -> None:
    adviser = Adviser([{"slots": {"size": "small"}}])
    gone = "experiments: {voice: {variants: {control: 0, b: 1}, changes: {b: {prompts: {persona: persona.gone}}}}}\n"
    talk = Talk(pizza(gone), model=adviser)
    talk.say("pizza")
    talk.say("the one for a hungry child please")
    assert len(adviser.requests) == 1
    assert talk.turns[-1].notes.consulted[0].parts.keys() & {"persona", "extraction"}
