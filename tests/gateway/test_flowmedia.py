"""What a flow says, held against what channels can carry; the Python it names, looked at and never run."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.flowfolder import read_folder

HEAD = "frontdesk: 1\nflow: tried\ntitle: Try it\n"
ASKED = """\
slots: {{answer: {slot}}}
states:
  ask: {{prompt: {prompt}, slot: answer, next: done}}
  done: {{prompt: "Bye.", terminal: true}}
"""
ACTING = """\
actions:
  look: {python: look, outcomes: [seen]}
states:
  look: {action: look, next: done}
  done: {prompt: "Bye.", terminal: true}
"""


def found(place: Path, body: str, functions: str | None = None) -> dict[str, str]:
    """Lint -> key of its first problem."""
    (place / "tried").mkdir(exist_ok=True)
    (place / "tried" / "flow.yaml").write_text(HEAD + body, encoding="utf-8")
    if functions is not None:
        (place / "tried" / "actions.py").write_text(functions, encoding="utf-8")
    return {one.lint: one.key for one in reversed(read_folder(place, {}).problems)}


def asked(place: Path, prompt: str, slot: str = "{type: text}") -> dict[str, str]:
    return found(place, ASKED.format(slot=slot, prompt=prompt))


@pytest.mark.parametrize(
    "prompt",
    [
        "Reply STOP to leave.",
        "Write 'stop' to leave.",
        "To leave, send “Cancel”.",
        "Say yes, or QUIT.",
        "Answer with END.",
    ],
)
def test_C76_a_question_offers_no_word_that_a_provider_keeps_for_itself(tmp_path: Path, prompt: str) -> None:
    assert asked(tmp_path, f'"{prompt}"') == {"reserved-word": "states.ask.prompt"}


@pytest.mark.parametrize(
    "prompt", ["Where does it stop?", "I can help you start.", "Write NEVERMIND to leave.", "The end?"]
)
def test_C76_such_a_word_in_a_sentence_offers_nothing(tmp_path: Path, prompt: str) -> None:
    assert asked(tmp_path, f'"{prompt}"') == {}


def test_C76_a_wording_of_another_channel_may_offer_it(tmp_path: Path) -> None:
    assert asked(tmp_path, '{sms: "Well?", web: "Well? Write STOP to leave."}') == {}
    assert "reserved-word" in asked(tmp_path, '{web: "Well?", sms: "Well? Write STOP to leave."}')
    assert "reserved-word" in asked(tmp_path, '{web: "Well?", de: "Na? Write STOP to leave."}')


def test_C76_an_option_may_not_be_one_and_another_label_mends_it(tmp_path: Path) -> None:
    slot = "{type: enum, values: {go: [], cancel: []}%s}"
    assert asked(tmp_path, '"Well?"', slot % "") == {"reserved-word": "slots.answer.values.cancel"}
    assert asked(tmp_path, '"Well?"', slot % ", choices: {go: Go on, cancel: Drop it}") == {}
    labelled = slot % ", choices: {go: Go on, cancel: Stop}"
    assert asked(tmp_path, '"Well?"', labelled) == {"reserved-word": "slots.answer.choices.cancel"}


def test_C78_one_odd_sign_is_told_and_another_script_is_not(tmp_path: Path) -> None:
    assert asked(tmp_path, '"Which size → small or large?"') == {"outside-gsm-7": "states.ask.prompt"}
    assert asked(tmp_path, '"Which one – “small” or “large”…?"') == {}, "typography leaves as its plain twin (C79)"
    assert asked(tmp_path, '"Какой размер вам нужен?"') == {}
    assert asked(tmp_path, '{web: "Which → ?", sms: "Which?"}') == {}


@pytest.mark.parametrize(
    "functions",
    [
        "async def look(call):\n    return call\n",
        "async def look(call, *, twice=False):\n    return call\n",
        "async def look(*calls):\n    return calls\n",
        "from somewhere import look\n",
        "from somewhere import *\n",
        "look = make('look')\n",
    ],
)
def test_a_function_that_can_be_called_is_taken_and_never_run(tmp_path: Path, functions: str) -> None:
    assert found(tmp_path, ACTING, f"{functions}raise SystemExit('this was run')\n") == {}


@pytest.mark.parametrize(
    "functions",
    [
        None,
        "",
        "def look(call): ...\n",
        "async def look(): ...\n",
        "async def look(call, other): ...\n",
        "async def look(call, *, needed): ...\n",
        "async def lok(call): ...\n",
        "class Look:\n    async def look(self, call): ...\n",
    ],
)
def test_a_function_that_is_missing_or_cannot_be_called_is_told(tmp_path: Path, functions: str | None) -> None:
    assert found(tmp_path, ACTING, functions) == {"python-action": "actions.look.python"}


def test_functions_that_are_no_python_are_told_with_their_line(tmp_path: Path) -> None:
    found(tmp_path, ACTING, "import os\n\nasync def look(call:\n")
    (problem,) = read_folder(tmp_path, {}).problems
    assert (problem.file, problem.line, problem.lint) == (str(tmp_path / "tried" / "actions.py"), 3, "python-action")


def test_R24_a_judge_that_is_missing_is_told_at_the_slot(tmp_path: Path) -> None:
    body = ASKED.format(slot="{type: text, validate: judged}", prompt='"Well?"')
    assert found(tmp_path, body) == {"python-action": "slots.answer.validate"}


def test_an_unknown_queue_is_only_noted(tmp_path: Path) -> None:
    found(tmp_path, "states:\n  start: {handoff: {reason: asked, queue: tec}}\n")
    assert read_folder(tmp_path, {}).problems == ()
    (problem,) = read_folder(tmp_path, {"HANDOFF_SLACK_CHANNELS": "billing:C1, tech:C2"}).problems
    assert (problem.lint, problem.warning, problem.key) == ("unknown-queue", True, "states.start.handoff.queue")
    assert problem.remedy.startswith("did you mean `tech`?")
