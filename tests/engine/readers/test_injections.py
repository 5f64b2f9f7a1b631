"""Text that is meant for a model is noticed, and customers are not taken for attackers (S24)."""

from __future__ import annotations

from pathlib import Path

from engine.readers.injections import instructs

HERE = Path(__file__).parents[1]
MOST_MISSED = 0.05
MOST_WRONGED = 0.0


def lines(name: str) -> list[str]:
    """The lines of a corpus, with their own line ends."""
    text = (HERE / name).read_text("utf-8")
    return [line.replace(r"\n", "\n") for line in text.split("\n") if line.strip() and not line.startswith("# ")]


def test_S24_text_that_instructs_the_bot_is_noticed() -> None:
    attacks = lines("attacks_in.txt")
    missed = [line for line in attacks if not instructs(line)]
    assert len(attacks) >= 60
    assert len(missed) <= MOST_MISSED * len(attacks), missed


def test_S24_what_customers_write_is_not() -> None:
    assert [line for line in lines("ordinary.txt") if instructs(line)] == []


def test_S24_a_long_message_is_read_in_a_moment() -> None:
    for text in ("ignore " * 600, "a" * 4000, "rules " * 700, "system " * 600):
        assert not instructs(text)
