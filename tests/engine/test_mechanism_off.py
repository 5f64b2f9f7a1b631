"""Rules that no function of their own makes, with what makes them taken away: then their tests fail (rule ablation)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.rules.ordered import Rules
from engine.say import Composed
from engine.speech import Speech
from tests.engine import test_mechanism as shown
from tests.engine import test_outcomes as outcomes
from tests.engine import test_rolling_summary as summaries
from tests.engine import test_signals as signals
from tests.engine import test_window as windows
from tests.engine.readers import test_values as shown_by_readers

Test = Callable[[], None]
Absence = tuple[str, str, Callable[..., Any], Test]
"""The rule, what makes it, what is there instead, and the rule's test."""


class Forgetful(dict[Any, Any]):
    """Does not know what it holds when it is asked for it."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Never heard of it."""
        return default


def forgets_what_was_changed() -> Speech:
    """Speech that takes each of two changes for the first."""
    return Speech(changed=Forgetful())


def without_dropping_what_was_said(self: Composed, *notices: str, asks: bool = True) -> str:
    """The parts of a reply with the question twice: before what is told, and behind it."""
    return "\n".join(filter(None, (self.question, *self.told, *notices, self.question if asks else "")))


def nobody(*_: object, **__: object) -> bool:
    """Never."""
    return False


def anybody(*_: object, **__: object) -> bool:
    """Always."""
    return True


ABSENCES: tuple[Absence, ...] = (
    (
        "R5",
        "engine.readers.control.asks_for_person",
        nobody,
        lambda: shown.test_R5_of_several_control_words_one_survives("talk to a person, or start over", "R60"),
    ),
    ("R8", "engine.readers.values.took_back", nobody, shown_by_readers.test_R8_the_last_of_a_self_correction_wins),
    (
        "R9",
        "engine.say.Composed.text",
        without_dropping_what_was_said,
        shown.test_R9_an_error_is_never_followed_by_the_same_sentence_again,
    ),
    ("R24", "engine.position.Position._judged", anybody, shown.test_R24_a_value_is_judged_from_outside_once),
    (
        "R24",
        "engine.position.accepts",
        anybody,
        shown.test_R24_a_refused_value_is_a_failed_try_and_judged_once,
    ),
    (
        "R31",
        "engine.position.digest",
        lambda *_: "the same",
        shown.test_R31_a_look_up_runs_again_only_if_its_inputs_changed,
    ),
    (
        "R32",
        "engine.forgetting.asleep",
        lambda *_, **__: frozenset(),
        shown.test_R32_a_dormant_value_reaches_no_prompt_and_no_action_and_returns,
    ),
    (
        "R32",
        "engine.position.asleep",
        lambda *_, **__: frozenset(),
        shown.test_R32_a_condition_does_not_see_a_dormant_value,
    ),
    (
        "S17",
        "engine.draft.kept",
        lambda spoken, _: tuple(spoken),
        windows.test_S17_the_desk_keeps_five_messages_and_a_flow_its_own_turns,
    ),
    ("S19", "engine.measuring.due", nobody, summaries.test_S19_every_third_turn_of_the_customer_by_default),
    (
        "S19",
        "engine.rolling.newer",
        lambda old, new: old or new,
        summaries.test_S19_every_third_turn_of_the_customer_by_default,
    ),
    (
        "S27",
        "engine.measuring.topic_of",
        lambda _: "other",
        signals.test_S27_a_turn_is_about_a_heading_a_flow_or_neither,
    ),
    (
        "S38",
        "engine.draft.tallied",
        lambda frame, *_, **__: frame,
        outcomes.test_S38_a_run_ends_with_turns_tries_corrections_and_duration,
    ),
    (
        "S38",
        "engine.rules.intake.Draft.archive",
        nobody,
        outcomes.test_S38_a_flow_that_is_offered_no_more_ends_its_runs_as_failed,
    ),
    ("S40", "engine.notes.signals_of", lambda _: None, signals.test_S40_asked_for_a_person),
    ("S40", "engine.book.watched", lambda *_: None, signals.test_S40_keywords_are_whole_words_that_are_not_denied),
    (
        "S40",
        "engine.measuring.read_mood",
        lambda _: 0.0,
        signals.test_S40_sentiment_is_that_of_the_turn_and_its_moving_average,
    ),
    (
        "S40",
        "engine.measuring._still",
        lambda *_: 0,
        signals.test_S40_same_state_turns_settled_nothing_and_answered_nothing,
    ),
    ("S40", "engine.measuring.failures_after", lambda *_: {}, signals.test_S40_failures_of_an_action_in_a_row),
    ("S40", "engine.measuring._complexity", lambda *_: 0, signals.test_S40_complexity_is_what_the_rule_says_it_is),
    (
        "R37",
        "engine.draft.Speech",
        forgets_what_was_changed,
        shown.test_R37_of_two_corrections_in_waiting_texts_the_last_is_acknowledged,
    ),
)
AT_THE_DOOR = {"R1"}
"""Made by the store, before anything is a turn: tests/gateway/test_promises_of_delivery.py."""


@pytest.mark.parametrize(("rule", "maker", "instead", "test"), ABSENCES, ids=[f"{a[0]}-{a[1]}" for a in ABSENCES])
def test_without_what_makes_the_rule_its_test_fails(
    rule: str, maker: str, instead: Callable[..., Any], test: Test, monkeypatch: pytest.MonkeyPatch
) -> None:
    test()
    monkeypatch.setattr(maker, instead)
    with pytest.raises((AssertionError, LookupError)):
        test()


def test_every_rule_of_repair_can_be_taken_away() -> None:
    registered = {id.split(".", 1)[0] for id in Rules().ids}
    absent = {rule for rule, *_ in ABSENCES}
    assert {f"R{number}" for number in range(1, 61)} <= registered | absent | AT_THE_DOOR
    assert not registered & (absent | AT_THE_DOOR)
