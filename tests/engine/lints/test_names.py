"""What templates and conditions read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import Problem

Found = Callable[[str], dict[str, Problem]]

SAID = """\
slots:
  city: {type: text}
actions:
  look: {http: {method: GET, url: "https://sky.example/{{ city }}"}, outcomes: {200: seen}, save: {sky: sky.now}}
states:
  ask: {prompt: "Which city?", slot: city, next: look}
  look: {action: look, branches: {seen: check}, on_error: handoff}
  check: {branches: [{when: "%s", next: bad}, {next: fine}]}
  bad: {prompt: "%s", terminal: true}
  fine: {prompt: "Fine.", terminal: true}
"""


def test_S2_slots_saved_facts_and_the_person_may_be_read(found: Found) -> None:
    assert found(SAID % ("sky == 'grey' and person.tier == 'gold'", "{{ city }}: {{ sky }}, {{ person.id }}")) == {}


def test_S2_an_unknown_name_is_told_with_the_nearest(found: Found) -> None:
    shown = found(SAID % ("sky == 'grey'", "{{ citty }} is grey."))["unknown-name"]
    assert (shown.key, shown.line) == ("states.bad.prompt", 12)
    assert shown.what == "`citty` is no slot and no fact that an action saves, so this shows nothing"
    assert shown.remedy.startswith("did you mean `city`?")
    asked = found(SAID % ("skies == 'grey'", "Grey."))["unknown-name"]
    assert asked.key == "states.check.branches.0.when"
    assert asked.what.endswith("so this is always false")


@pytest.mark.parametrize(("when", "said"), [("sky ==", "Grey."), ("true", "{{ city }"), ("true", "{{ city | shout }}")])
def test_X30_a_template_or_condition_that_does_not_compile_is_told(found: Found, when: str, said: str) -> None:
    assert "does not compile: " in found(SAID % (when, said))["broken-template"].what


def test_a_fact_may_not_hide_a_slot(found: Found) -> None:
    body = (SAID % ("true", "Grey.")).replace("save: {sky:", "save: {city:")
    assert "hide what the customer said" in found(body)["name-clash"].what


def test_P1_what_no_path_asks_for_before_it_is_read_is_a_warning(found: Found) -> None:
    body = """\
        slots:
          city: {type: text%s}
        states:
          hello: {prompt: "Welcome to {{ city }}.", next: ask}
          ask: {prompt: "Which city?", slot: city, next: done}
          done: {prompt: "{{ city }}, then.", terminal: true}
        """
    problem = found(body % "")["read-before-asked"]
    assert (problem.key, problem.warning) == ("states.hello.prompt", True)
    assert problem.what == "no path asks for `city` before `hello`, which reads it"
    assert found(body % ", optional: true") == {}
    assert found(body % ", default: Rome") == {}


def test_P1_a_fact_read_before_it_is_looked_up_is_a_warning(found: Found) -> None:
    body = (SAID % ("true", "Grey.")).replace("Which city?", "It is {{ sky }}. Which city?")
    assert found(body)["read-before-asked"].what == "no path looks `sky` up before `ask`, which reads it"


def test_a_line_that_is_never_said_is_told(found: Found) -> None:
    body = 'states: {hello: {prompt: "Hello.", terminal: true}}\nlines: {goodbey: Bye., stopped: {sms: Stopped.}}\n'
    problem = found(body)["unknown-line"]
    assert problem.key == "lines.goodbey"
    assert "did you mean `goodbye`?" in problem.remedy


def test_a_question_without_words_is_told(found: Found) -> None:
    problem = found("""\
        slots: {city: {type: text}}
        states:
          ask: {slot: city, next: done}
          done: {prompt: "Bye.", terminal: true}
        """)["ask-without-prompt"]
    assert problem.what == "it asks for `city` without a question"
