"""An experiment as its author declared it, and the variant of it that a person is given (S35)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import msgspec

CONTROL = "control"
"""The variant that changes nothing: what the files say without the experiment."""
_BITS = 64


class Changes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one variant changes. `states` are other wordings by state, as `StateDef.prompts`; `prompts` names the part
    that stands in a part's place; `file` is a flow file to be used instead of the whole flow."""

    lines: dict[str, str] = {}
    states: dict[str, dict[str, tuple[str, ...]]] = {}
    prompts: dict[str, str] = {}
    file: str = ""


class ExperimentDef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One experiment: its variants with their weights, and what each of them changes."""

    variants: dict[str, int] = {}
    changes: dict[str, Changes] = {}
    salt: str = ""
    """Another salt is another experiment: everybody is drawn anew. "": the experiment's name."""
    stopped: str = ""
    """The variant that new runs get since it was stopped; "": it goes on."""


def labelled(name: str, experiment: ExperimentDef, flow: str = "") -> str:
    """What an experiment is called wherever it is kept: `tone` of the desk, `refund.tone` of a flow, `tone@2` with a
    salt of its own."""
    own = f"{flow}.{name}" if flow else name
    return f"{own}@{experiment.salt}" if experiment.salt else own


def drawn(person: str, label: str, weights: Mapping[str, int]) -> str:
    """The variant of one person: the same in every process, on every machine, in whatever order variants are written.

    The label holds the experiment's name and its salt, so that two experiments draw independently of each other.
    """
    named = msgspec.json.encode((label, person))
    point = int.from_bytes(blake2b(named, digest_size=_BITS // 8).digest()) * sum(weights.values()) >> _BITS
    for variant in sorted(weights):
        point -= weights[variant]
        if point < 0:
            return variant
    return CONTROL
