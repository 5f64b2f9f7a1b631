"""What an evaluation found, in lines for a person, beside what an earlier one found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.evaluation.result import Outcome, Terms, Totals, totals

_WIDTH = 22
Row = tuple[str, str]


def lines(terms: Terms, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The whole report."""
    found = totals(outcomes)
    yield f"{terms.model}, understanding {terms.understanding}, {len(outcomes)} conversations, {found.turns} turns"
    yield from (f"{what:<{_WIDTH}}{figure}" for what, figure in rows(found))
    yield from (f"not held   {one}" for one in found.failed)


def compared(terms: Terms, outcomes: Sequence[Outcome], before: tuple[Terms, Sequence[Outcome]]) -> Iterator[str]:
    """What is different from an earlier result, over the conversations that both have."""
    was, kept = before
    pairs = both(outcomes, kept)
    now, then = totals([one for one, _ in pairs]), totals([other for _, other in pairs])
    yield ""
    yield f"against {was.model}, understanding {was.understanding}, over {len(pairs)} conversations that both played"
    for name in sorted({*terms.parts, *was.parts}):
        if terms.parts.get(name) != was.parts.get(name):
            yield f"prompt {name}: {was.parts.get(name, 'none')} -> {terms.parts.get(name, 'none')}"
    for (what, figure), (_, earlier) in zip(rows(now), rows(then), strict=True):
        if figure != earlier:
            yield f"{what:<{_WIDTH}}{figure}   was {earlier}"
    yield from (f"broken     {one.case}: {one.why}" for one, other in pairs if other.held and not one.held)
    yield from (f"mended     {one.case}" for one, other in pairs if one.held and not other.held)


def both(outcomes: Sequence[Outcome], kept: Sequence[Outcome]) -> list[tuple[Outcome, Outcome]]:
    """Outcomes of the same conversation in the same wording, each with its earlier one."""
    earlier = {one.key: one for one in kept}
    return [(one, earlier[one.key]) for one in outcomes if one.key in earlier]


def worse(outcomes: Sequence[Outcome], kept: Sequence[Outcome]) -> bool:
    """Does less hold than did, or is less understood?"""
    pairs = both(outcomes, kept)
    now, then = totals([one for one, _ in pairs]), totals([other for _, other in pairs])
    return any(
        right < before
        for (right, _), (before, _) in (
            (now.promises, then.promises),
            (now.slots, then.slots),
            (now.flows, then.flows),
        )
    )


def rows(found: Totals) -> list[Row]:
    """Each figure with its name."""
    return [
        ("promises held", _share(*found.promises)),
        ("slots right", _share(*found.slots)),
        ("flows right", _share(*found.flows)),
        ("asked again", f"{found.reasks} in {found.turns} turns"),
        ("turns without a model", _percent(found.without_model)),
        ("calls per turn", _number(found.calls_per_turn)),
        ("tokens per turn", f"{_number(found.tokens_in_per_turn)} in, {_number(found.tokens_out_per_turn)} out"),
        ("tries", ", ".join(f"{fate} {count}" for fate, count in found.fates.items()) or "none"),
        ("seconds per call", f"p50 {_number(found.p50_s)}, p95 {_number(found.p95_s)}"),
    ]


def _share(right: int, of: int) -> str:
    return f"{right} of {of} ({right / of:.1%})" if of else "-"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _number(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.2f}"
