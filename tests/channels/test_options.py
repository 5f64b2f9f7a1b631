"""What a button carries, and how choices look without buttons."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.options import carried, composed, numbered, restored, token
from engine.message import Address, Limits, Option, Reply

ADDRESS = Address(channel="console", account="terminal", chat="local", person="local")
NAMES = st.from_regex(r"[a-z0-9_]{1,30}", fullmatch=True)


def reply(*labels: str, text: str = "Which?", link: str | None = None) -> Reply:
    options = tuple(Option(label=label, token=token("7f3a", "step", label)) for label in labels)
    return Reply(id="o1", address=ADDRESS, text=text, options=options, link=link)


def test_C26_a_token_names_run_step_and_value() -> None:
    assert token("7f3a", "confirm", "yes") == "fd:7f3a:confirm:yes"
    assert carried("fd:7f3a:confirm:yes", 64) == "fd:7f3a:confirm:yes"


@given(NAMES, NAMES, st.text(st.characters(codec="utf-8")), st.integers(24, 64))
def test_C26_any_token_fits_and_is_known_again(run: str, step: str, value: str, most: int) -> None:
    full = token(run, step, value)
    offered = [token(run, step, "other"), full, token(run, step, value + "x")]
    assert len(carried(full, most).encode()) <= most
    assert restored(carried(full, most), offered, most) == full
    assert restored(full, offered, most) == full


def test_C26_a_shortened_token_still_names_its_place() -> None:
    assert carried(token("7f3a", "confirm", "x" * 80), 64).startswith("fd:7f3a:confirm:~")
    assert carried("x" * 80, 64).startswith("fd:~")


def test_C26_a_press_of_another_step_is_nobodys() -> None:
    offered = [token("7f3a", "confirm", "yes"), token("7f3a", "confirm", "no")]
    assert restored(token("7f3a", "reason", "yes"), offered, 64) is None
    assert restored("", offered, 64) is None


def test_C28_options_become_numbered_lines() -> None:
    shown = composed(reply("Yes, please", "No\nthanks"), Limits(max_chars=4096, options_native=False))
    assert shown == ("Which?\n\n1. Yes, please\n2. No thanks\nReply with the number", ())


def test_C28_more_options_than_the_channel_shows_are_numbered() -> None:
    text, options = composed(reply("a", "b", "c"), Limits(max_chars=4096, options_max=2))
    assert text == "Which?\n\n1. a\n2. b\n3. c\nReply with the number"
    assert options == ()


def test_C28_labels_that_would_look_alike_are_numbered() -> None:
    text, options = composed(reply("The first one", "The first two"), Limits(max_chars=4096, label_max=10))
    assert (text, options) == ("Which?\n\n1. The first one\n2. The first two\nReply with the number", ())


def test_C28_the_closing_line_may_be_in_other_words() -> None:
    assert numbered("", [Option(label="Ja", token="t")], closing="Antworten Sie mit der Zahl").endswith("Zahl")


def test_C46_native_options_have_labels_that_fit() -> None:
    text, options = composed(reply("Yes", "A label that is far too long"), Limits(max_chars=4096, label_max=10))
    assert text == "Which?"
    assert [option.label for option in options] == ["Yes", "A label t…"]


def test_C23_a_link_closes_the_text_once() -> None:
    limits = Limits(max_chars=4096)
    assert composed(reply(link="https://a.example"), limits)[0] == "Which?\n\nhttps://a.example"
    said = reply(text="See https://a.example", link="https://a.example")
    assert composed(said, limits)[0] == "See https://a.example"
