"""What a model's text may claim: each thing that was given, of what it was given, in other words too (S25)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.readers.reading import Reading
from gateway.claims import unfounded

READING = Reading(now=datetime(2026, 9, 14, 12, tzinfo=UTC))
GIVEN = (
    "Compare Alpha and Beta",
    "Alpha makes lamps at $18, with 10-14 days notice. Open 24/7, but in December Mon-Fri 9:00-17:00. Ask for AL-77.\n"
    "Alpha gives 20% off on Fridays. No fee. Lamps ship in three days. Write to lamps@alpha.example.",
    "Beta makes chairs at $0.40 and refunds within 30 days. Founded on 3 March 2019.",
)


@pytest.mark.parametrize(
    "text",
    [
        "Alpha makes lamps at 18.00 USD, with 10 to 14 days notice.",
        "Alpha makes lamps for eighteen dollars.",
        "Alpha is open 24/7.",
        "Alpha is open 9:00 to 17:00 in December.",
        "Alpha lamps ship in 3 days, Beta refunds within 30 days.",
        "Beta was founded on March 3, 2019.",
        "Alpha gives 20 % off: Fridays.",
        "Alpha and Beta, the two of them, compare.",
        "Alpha lamps: lamps@alpha.example, AL-77.",
    ],
)
def test_S25_what_was_given_may_be_put_in_other_words(text: str) -> None:
    assert unfounded(text, GIVEN, READING) == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Alpha makes lamps at $17.", "an amount"),
        ("Alpha makes lamps, 10-15 days notice.", "a figure (day)"),
        ("Alpha is open 24/6.", "a number"),
        ("Alpha lamps, #19.", "a number"),
        ("Alpha is open in November.", "a month"),
        ("Alpha gives 20% off on Mondays.", "a weekday"),
        ("Alpha lamps ship within a fortnight.", "a date"),
        ("Alpha lamps ship at noon.", "a time"),
        ("Alpha lamps ship in ² days.", "a date"),
        ("Alpha gives 30% off.", "a figure (share)"),
        ("Alpha lamps: call +1 415 555 2671.", "a phone"),
        ("Alpha lamps: AL-78.", "an id"),
        ("Alpha makes lamps <b>", "a link"),
        ("Alpha makes lamps, @here.", "a link"),
        ("Alpha makes lamps, alpha.example/lamps", "a link"),
        ("Alpha lamps: you will get credit.", "a promise"),
        ("We'll compare Alpha and Beta.", "a promise"),
        ("Alpha re-imburses.", "a promise"),
        ("Alpha makes\u00ad lamps.", "a character that nobody sees"),
        ("Alpha makes lamps. Wizards carry gold.", "a sentence"),
        ("Beta makes chairs at $18.", "a figure of something else"),
        ("Alpha refunds within 30 days.", "a figure of something else"),
        ("Beta chairs: no fee.", "a figure of something else"),
    ],
)
def test_S25_what_was_not_given_is_named_by_its_kind(text: str, kind: str) -> None:
    assert unfounded(text, GIVEN, READING) == kind


def test_S25_figures_are_read_as_the_desk_writes_them() -> None:
    told = ["Alpha charges 1.500 for a lamp."]
    german = Reading(now=READING.now, locale="de", region="DE", currency="EUR")
    assert unfounded("Alpha charges 1500 for a lamp.", told, german) == ""
    assert unfounded("Alpha charges 1500 for a lamp.", told, READING) == "a number"
