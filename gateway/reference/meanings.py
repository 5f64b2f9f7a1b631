"""What each lint asks for, in one sentence: those over one flow say it themselves, the others are written here."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import getdoc

from engine.lints import LINTS

FORM: Mapping[str, str] = {
    "unreadable": "A file is UTF-8 text and YAML 1.2: one document, no tags, at most 1 MB (X31).",
    "duplicate-key": "A key stands once in its map: of two, only one could count.",
    "unknown-key": "Every key is one of the vocabulary (docs/flow-keys.md).",
    "missing-key": "What a key needs beside it is there.",
    "wrong-type": "Every value has the shape its key asks for: a text, a number, a list, a map.",
    "out-of-range": "Every number and duration lies in the range of the settings table.",
    "unknown-word": "Where only some words are allowed, one of them stands.",
    "wrong-window": "A window counts either messages or turns (S17).",
    "action-kind": "An action is one of `http`, `python`, `knowledge` and `delegate`.",
    "wrong-outcomes": "An http action's outcomes come from statuses, a Python action's are words.",
    "two-kinds": "A state is of one kind: it asks, acts, calls, hands over or ends.",
    "no-kind": "A state says what it does.",
    "misplaced-key": "A state has only keys that its kind of state can have.",
    "wrong-branches": "A choice lists conditions; a state with a slot, an action or a call maps values to states.",
}
WORLD: Mapping[str, str] = {
    "python-action": "Every Python function a flow names is in its actions.py, async, and takes one value. "
    "It is looked at, never run.",
    "wrong-variable": "A `${NAME}` is a name a variable can have.",
    "reserved-variable": "No flow reads a setting of the gateway (X31).",
    "unset-variable": "Every `${NAME}` of an action is set where the flow runs; for `frontdesk check` a warning.",
    "unknown-queue": "Where desk channels are given by queue, each queue of a flow has one. Cases of another go to the "
    "default channel.",
    "reserved-word": "No option and no example is a word that a provider takes for itself, as STOP on SMS (C76).",
    "outside-gsm-7": "A text for SMS stays in the GSM-7 alphabet: one other sign halves what a segment holds (C78).",
    "long-for-sms": "A text for SMS fits into one message.",
    "unknown-medium": "A wording in a map of prompts is for a channel kind or a locale.",
}
TOGETHER: Mapping[str, str] = {
    "duplicate-flow": "Every flow of a desk has a name of its own.",
    "unknown-call": "Every `call:` names a flow, and branches by outcomes that flow can end with (S38).",
    "call-circle": "No flow calls itself, straight away or by way of others (R50).",
    "shared-trigger": "No two flows are started by the same words: whoever says them is asked back every time (R27).",
    "scope-clash": "Slots that share a value by their `scope` are declared alike.",
    "no-flow": "A folder of flows has a flow in it.",
    "folder-name": "A flow's folder carries its name.",
    "unknown-timezone": "The desk's time zone is one of the IANA list.",
    "wrong-hours": "The desk's hours can be read.",
    "wrong-profile": "The desk's profile is a look-up that reads nothing but `person`: no flow has asked anything yet.",
    "wrong-prompt": "A prompt file is a template.",
    "prompt-key": "On top of a prompt file stands `model:` or nothing.",
    "unknown-prompt-name": "A prompt speaks of what requests are told (docs/prompts.md).",
    "unused-prompt": "A prompt file is named after a part of a prompt, or after a state (docs/prompts.md).",
    "variant-file": "The file a variant runs is the same flow, and the part it puts in another's place is there (S35).",
}
KNOWLEDGE: Mapping[str, str] = {
    "no-knowledge": "Where an action asks the desk's own texts, there are some (S34).",
    "empty-knowledge": "A knowledge file says something.",
    "untitled-knowledge": "What is quoted stands under a heading, which customers are told as its source.",
    "heading-without-text": "A heading has a text under it.",
    "duplicate-heading": "No two texts of a file have the same heading.",
    "long-sentence": "A sentence is short enough for a chat.",
    "long-passage": "A paragraph is short enough to be quoted.",
}


def meanings() -> Mapping[str, Mapping[str, str]]:
    """Every lint with its sentence, in groups by what they look at."""
    one_flow = {lint.name: " ".join((getdoc(lint.find) or "").split("\n\n")[0].split()) for lint in LINTS}
    return {
        "How a file is written": FORM,
        "What one flow means": one_flow,
        "Where a flow meets the world": WORLD,
        "Flows together, and their desk": TOGETHER,
        "Knowledge": KNOWLEDGE,
    }
