"""Slack's marks, undone and never made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.slack_text import escaped, plain, without_mention

MEANT = {
    "nothing special": "nothing special",
    "&lt;that&gt; &amp; more": "<that> & more",
    "&amp;lt; once": "&lt; once",
    "&quot; &nbsp;": "&quot; &nbsp;",
    "<https://acme.example/r|returns>": "returns (https://acme.example/r)",
    "<https://acme.example/r>": "https://acme.example/r",
    "<http://acme.example|acme.example>": "acme.example",
    "<http://acme.example/|acme.example>": "acme.example",
    "<https://acme.example/?a=1&amp;b=2>": "https://acme.example/?a=1&b=2",
    "<mailto:a@b.example|a@b.example>": "a@b.example",
    "<mailto:a@b.example>": "a@b.example",
    "<tel:+14155550100|415 555-0100>": "415 555-0100",
    "ask <@U0AGENT01> now": "ask now",
    "ask <@U0AGENT01|lee> now": "ask lee now",
    "<@U0AGENT01|U0AGENT01>": "",
    "in <#C0PUBLIC1> or <#C0PUBLIC1|general>": "in or #general",
    "<!here> <!channel> <!everyone>": "",
    "<!subteam^S0BILLING|@billing> please": "@billing please",
    "<!subteam^S0BILLING>": "",
    "<!date^1795250000^{date}|21 November>": "21 November",
    "<a&lt;b|c&gt;d>": "c>d (a<b)",
    ":smile: :+1: :white_check_mark:": "😄 👍 ✅",
    ":+1::skin-tone-3:": "👍🏼",
    ":kettle-parrot: at 10:30:45": ":kettle-parrot: at 10:30:45",
}


@pytest.mark.parametrize("raw", MEANT)
def test_C59_text_is_read_as_its_writer_saw_it(raw: str) -> None:
    assert plain(raw) == MEANT[raw]


@given(st.text(alphabet=st.characters(exclude_characters=":")))
def test_C61_what_was_escaped_means_nothing_and_reads_the_same(text: str) -> None:
    assert "<" not in escaped(text)
    assert ">" not in escaped(text)
    assert plain(escaped(text)) == text


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ("<@U0BOT> hello", "hello"),
        ("<@U0BOT|frontdesk>, hello", "hello"),
        ("<@U0BOT>: hello <@U0BOT>", "hello"),
        ("hey <@U0BOT> hello", "hey hello"),
    ],
)
def test_C59_our_own_mention_is_taken_out(raw: str, left: str) -> None:
    assert without_mention(raw, "U0BOT") == (left, True)


@pytest.mark.parametrize("raw", ["hello", " <@U0BOTHER> hello", "&lt;@U0BOT&gt;"])
def test_C59_anything_else_is_no_mention_of_us(raw: str) -> None:
    assert without_mention(raw, "U0BOT") == (raw, False)
    assert without_mention("<@U0BOT> hello", "") == ("<@U0BOT> hello", False)
