"""What came of one case, and of all: figures that are added up, and kept as JSON lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import quantiles

import msgspec


class Terms(msgspec.Struct, frozen=True, kw_only=True, tag="terms"):
    """What was measured: the first line of a kept result. `parts` are the prompts' parts with their versions."""

    model: str
    understanding: str
    parts: dict[str, str] = {}


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="outcome"):
    """What came of one conversation, once. `case` names it, `wording` is a hash of what was played."""

    case: str
    wording: str
    repeat: int = 0
    promise: bool = True
    """A conversation file, which holds or not; else a dialogue, whose turns are right or not."""
    held: bool = True
    why: str = ""
    """The first line that did not hold, or the first thing that was not understood."""
    turns: int = 0
    asking: int = 0
    """Turns for which a model was asked."""
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    slots: tuple[int, int] = (0, 0)
    """Right, of how many."""
    flows: tuple[int, int] = (0, 0)
    reasks: int = 0
    """Turns of a dialogue that end with a question for a slot whose value was given by then."""
    fates: dict[str, int] = {}
    """What became of each try to ask."""
    seconds: tuple[float, ...] = ()
    """That each call took."""

    @property
    def key(self) -> tuple[str, str, int]:
        """What it is the outcome of."""
        return self.case, self.wording, self.repeat


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """All outcomes together; a share is None where there is nothing to have a share of."""

    promises: tuple[int, int]
    slots: tuple[int, int]
    flows: tuple[int, int]
    reasks: int
    turns: int
    without_model: float | None
    calls_per_turn: float | None
    tokens_in_per_turn: float | None
    tokens_out_per_turn: float | None
    fates: dict[str, int]
    p50_s: float | None
    p95_s: float | None
    failed: tuple[str, ...]
    """Promises that did not hold, each with its reason."""


def totals(outcomes: Sequence[Outcome]) -> Totals:
    """Everything added up."""
    turns = sum(one.turns for one in outcomes)

    def per_turn(figure: int) -> float | None:
        return figure / turns if turns else None

    promises = [one for one in outcomes if one.promise]
    fates: Counter[str] = Counter()
    for one in outcomes:
        fates.update(one.fates)
    seconds = sorted(second for one in outcomes for second in one.seconds)
    hundredths = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
    return Totals(
        promises=(sum(one.held for one in promises), len(promises)),
        slots=_sum(one.slots for one in outcomes),
        flows=_sum(one.flows for one in outcomes),
        reasks=sum(one.reasks for one in outcomes),
        turns=turns,
        without_model=per_turn(turns - sum(one.asking for one in outcomes)),
        calls_per_turn=per_turn(sum(one.calls for one in outcomes)),
        tokens_in_per_turn=per_turn(sum(one.tokens_in for one in outcomes)),
        tokens_out_per_turn=per_turn(sum(one.tokens_out for one in outcomes)),
        fates=dict(sorted(fates.items())),
        p50_s=hundredths[49] if hundredths else None,
        p95_s=hundredths[94] if hundredths else None,
        failed=tuple(f"{one.case}: {one.why}" for one in outcomes if not one.held),
    )


def _sum(shares: Iterable[tuple[int, int]]) -> tuple[int, int]:
    pairs = list(shares)
    return sum(right for right, _ in pairs), sum(of for _, of in pairs)


class ResultError(Exception):
    """A kept result that cannot be gone on with, or compared with: what it is, and the remedy."""


def read_result(file: Path) -> tuple[Terms, tuple[Outcome, ...]]:
    """A kept result; a last line that was cut off is left out. Raises ResultError."""
    try:
        lines = [line for line in file.read_bytes().split(b"\n") if line.strip()]
        found = [msgspec.json.decode(line, type=Terms | Outcome) for line in _whole(lines)]
    except OSError as error:
        raise ResultError(f"{file} cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as fault:
        raise ResultError(f"{file} is no result of `frontdesk eval --out`: {fault}; name another file") from None
    terms = [one for one in found if isinstance(one, Terms)]
    if len(terms) != 1:
        raise ResultError(
            f"{file} is no result of `frontdesk eval --out`: it does not say of which model; name another"
        )
    return terms[0], tuple(one for one in found if isinstance(one, Outcome))


def _whole(lines: list[bytes]) -> list[bytes]:
    return lines if not lines or lines[-1].endswith(b"}") else lines[:-1]
