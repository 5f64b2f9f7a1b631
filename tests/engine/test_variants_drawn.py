"""S35: which variant a person is given: by weight, independently, and the same for good."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import product

import pytest

from engine.experiments import drawn

PEOPLE = [f"web::{number}" for number in range(10_000)]


@pytest.mark.parametrize(
    "weights", [{"control": 50, "b": 50}, {"control": 90, "b": 10}, {"control": 1, "b": 1, "c": 1}]
)
@pytest.mark.parametrize("label", ["tone", "refund.tone", "tone@2"])
def test_ten_thousand_people_are_split_within_binomial_bounds(weights: dict[str, int], label: str) -> None:
    given_to = [drawn(person, label, weights) for person in PEOPLE]
    for variant, weight in weights.items():
        share = weight / sum(weights.values())
        spread = math.sqrt(len(PEOPLE) * share * (1 - share))
        assert abs(given_to.count(variant) - len(PEOPLE) * share) < 3.3 * spread


def test_two_experiments_draw_independently() -> None:
    weights = {"control": 1, "b": 1, "c": 1}
    both = [(drawn(one, "tone", weights), drawn(one, "length", weights)) for one in PEOPLE]
    expected = len(PEOPLE) / 9
    chi_square = sum((both.count(cell) - expected) ** 2 / expected for cell in product(weights, weights))
    assert chi_square < 26.12  # 8 degrees of freedom, p = 0.001


def test_another_salt_draws_everybody_anew() -> None:
    weights = {"control": 50, "b": 50}
    same = sum(drawn(one, "tone", weights) == drawn(one, "tone@2", weights) for one in PEOPLE)
    assert abs(same - 5000) < 3.3 * 50


def test_a_weight_of_0_gives_its_variant_to_nobody() -> None:
    assert {drawn(one, "tone", {"control": 1, "b": 0}) for one in PEOPLE} == {"control"}
    assert {drawn(one, "tone", {"control": 0, "b": 7}) for one in PEOPLE} == {"b"}


def test_a_variant_is_the_same_in_another_process_and_in_another_order() -> None:
    weights = {"control": 30, "b": 30, "c": 40}
    here = [drawn(one, "tone", weights) for one in PEOPLE[:200]]
    assert here == [drawn(one, "tone", dict(reversed(weights.items()))) for one in PEOPLE[:200]]
    program = (
        f"from engine.experiments import drawn\nprint(*(drawn(f'web::{{n}}', 'tone', {weights!r}) for n in range(200)))"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert there.stdout.split() == here


def test_the_draw_is_pinned_for_good() -> None:
    """A change of this list moves people of every deployment to another variant."""
    found = [drawn(f"web::{number}", "tone", {"control": 1, "b": 1}) for number in range(12)]
    assert " ".join(found) == "control b control b control control control b b b control control"
