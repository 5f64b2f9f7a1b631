"""The keys of experiments: what a flow tries out, and what a desk does (S35)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.flowfile.atoms import Figure, Flag, Words
from engine.flowfile.compounds import ByName, Either, Fields, Key
from engine.flowfile.vocabulary.names import LINES, NAME
from engine.flowfile.vocabulary.states import PROMPT

_SALT = Words(said="1 to 20 small letters, digits, _ and -", pattern=r"[a-z0-9_-]{1,20}", loose=True)
_PART = Words(said="the name of a prompt file without `.md`, such as `persona.friendly`", pattern=r"[A-Za-z0-9_.-]+")
_FILE = Words(said="a flow file beside this one, such as `flow.short.yaml`", pattern=r"[A-Za-z0-9_.-]+\.yaml")

_WORDED = {
    "lines": Key(shape=LINES, about="Its wording of our own lines."),
    "prompts": Key(shape=ByName(value=_PART, key=_PART), about="Prompt part -> the part in its place."),
}
_OF_A_FLOW = {
    **_WORDED,
    "states": Key(shape=ByName(value=PROMPT, key=NAME), about="State -> its prompt in other words."),
    "file": Key(shape=_FILE, about="A flow file in this folder that runs instead of the whole flow."),
}


def _experiments(changes: Mapping[str, Key]) -> Key:
    variant = Fields(what="a variant's changes", keys=changes)
    experiment = Fields(
        what="an experiment",
        keys={
            "variants": Key(
                shape=ByName(value=Figure(least=0, most=1000), key=NAME, empty=False),
                about="Variant -> its weight among new people; one of them is `control`, which changes nothing.",
                needed="add `variants: {control: 50, its_name: 50}`",
            ),
            "changes": Key(
                shape=ByName(value=variant, key=NAME),
                about="What each variant changes.",
                needed="add `changes:` with what each variant but `control` changes",
            ),
            "salt": Key(shape=_SALT, about="Another salt is another experiment: everybody is drawn anew."),
            "stopped": Key(
                shape=Either(shapes=(Flag(), NAME)),
                about="What new runs get: true is `control`, a name the variant that won. Runs under way keep theirs.",
            ),
        },
    )
    return Key(shape=ByName(value=experiment, key=NAME), about="Variants under test (S35); docs/experiments.md.")


FLOW_EXPERIMENTS = _experiments(_OF_A_FLOW)
DESK_EXPERIMENTS = _experiments(_WORDED)
