"""A desk.yaml read into a DeskDef."""

from __future__ import annotations

import pytest

from engine.desk import DeskDef, Persona
from engine.flow import Window
from engine.flowfile import read_desk


def test_a_desk_without_a_file_has_the_defaults_of_the_table() -> None:
    desk = DeskDef()
    assert (desk.retries, desk.clarify_attempts, desk.clarify_options, desk.stack_depth) == (3, 2, 3, 3)
    assert (desk.fuzzy_accept, desk.fuzzy_ask, desk.join_waiting, desk.max_input) == (0.92, 0.78, 5, 4000)
    assert (desk.resume_after_s, desk.resume_offer_ttl_s, desk.timezone, desk.locale) == (1800, 3600, "UTC", "en")
    assert read_desk("{}", "desk.yaml").desk == desk


def test_a_desk_is_read_with_its_defaults() -> None:
    file = read_desk(
        """\
persona: {name: Robin, tone: short and kind, never: [jokes]}
guardrails: Never promise a date.
timezone: Europe/Berlin
locale: de
hours: Mon-Fri 09:00-17:00
defaults: {retries: 2, resume_after: 45m, window: {turns: 4}, join_waiting: 0}
lines: {welcome: Gern geschehen., goodbye: {sms: Bye.}}
profile: {http: {method: GET, url: "${CRM_URL}/people"}, outcomes: {200: found}, save: {tier: tier}}
escalation: {keywords: [lawyer]}
""",
        "desk.yaml",
    )
    assert file.problems == ()
    desk = file.desk
    assert desk.persona == Persona(name="Robin", tone="short and kind", never=("jokes",))
    assert (desk.guardrails, desk.hours) == (("Never promise a date.",), "Mon-Fri 09:00-17:00")
    assert (desk.timezone, desk.locale, desk.retries, desk.resume_after_s) == ("Europe/Berlin", "de", 2, 2700.0)
    assert (desk.window, desk.join_waiting, desk.stack_depth) == (Window(turns=4), 0, 3)
    assert desk.lines == {"welcome": "Gern geschehen.", "goodbye.sms": "Bye."}
    assert desk.profile is not None
    assert desk.profile.outcomes == ("found",)
    assert desk.escalation == {"keywords": ["lawyer"]}


def test_S23_a_persona_of_one_sentence_is_its_tone() -> None:
    assert read_desk("persona: short and kind\n", "desk.yaml").desk.persona == Persona(tone="short and kind")


@pytest.mark.parametrize(
    ("text", "key", "lint"),
    [
        ("defaults: {stack_depth: 9}\n", "defaults.stack_depth", "out-of-range"),
        ("defaults: {clarify_options: 1}\n", "defaults.clarify_options", "out-of-range"),
        ("defaults: {resume_after: 4m}\n", "defaults.resume_after", "out-of-range"),
        ("defaults: {max_turns: 5}\n", "defaults.max_turns", "unknown-key"),
        ("defaults: {window: {}}\n", "defaults.window", "wrong-window"),
        ("locale: German\n", "locale", "wrong-type"),
        ("states: {}\n", "states", "unknown-key"),
        ("- a\n", "(file)", "wrong-type"),
        ("a: [\n", "(file)", "unreadable"),
    ],
)
def test_what_is_wrong_in_a_desk_is_told_and_has_its_default(text: str, key: str, lint: str) -> None:
    file = read_desk(text, "desk.yaml")
    assert [(problem.key, problem.lint) for problem in file.problems] == [(key, lint)]
    assert file.desk == DeskDef()
