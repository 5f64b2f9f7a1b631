"""The `.txt` format, marker by marker: what is read, and which line is named when it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.rehearsal.script import NOW, Line, ScriptError, duration_s, media, press, read_script, stub


def line(text: str) -> Line:
    """One item as it is read."""
    (found,) = read_script(text).lines
    return found


def test_the_first_line_is_the_title_and_later_ones_are_comments() -> None:
    script = read_script("\n# A promise (R9)\n> hi\n# why\n\n< hello\n")
    assert script.title == "A promise (R9)"
    assert [(one.mark, one.rest, one.number) for one in script.lines] == [(">", "hi", 3), ("<", "hello", 6)]


def test_a_comment_below_the_first_item_is_no_title() -> None:
    assert read_script("> hi\n# not a title").title == ""


@pytest.mark.parametrize(
    "text", ["> hi", ">*", "< hello", "< -", "<! bye", "@ 25h", "! look found", "= state=start", ">> hi", "<< /a/"]
)
def test_every_marker_that_is_played_is_read(text: str) -> None:
    assert str(line(text)) == text


def test_a_backslash_joins_the_next_line_and_the_number_is_the_first_one() -> None:
    assert line("> one \\\ntwo \\\nthree") == Line(mark=">", rest="one two three", number=1)
    assert read_script("> a\\\nb\n< c").lines[1].number == 3


def test_a_conversation_says_when_and_where_it_plays_and_what_its_variables_are() -> None:
    head = "# t\n% now 2026-05-01T10:00:00+02:00\n% channel sms\n% person ada\n% flow refund\n"
    script = read_script(head + "% set SHOP_API_URL=http://h/a=b\n> hi")
    assert script.now == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert (script.channel, script.person, script.flow) == ("sms", "ada", "refund")
    assert script.environ == {"SHOP_API_URL": "http://h/a=b"}


def test_unless_it_says_otherwise_it_plays_on_the_web_at_a_fixed_time() -> None:
    script = read_script("> hi")
    assert (script.now, script.channel, script.environ) == (NOW, "web", {})
    assert NOW.isoformat() == "2026-03-02T15:15:00+00:00"


@pytest.mark.parametrize(
    ("text", "number", "what"),
    [
        ("> hi\nhello", 2, "`hello` begins with no marker"),
        ("# t\n>hi", 2, "`>hi` begins with no marker"),
        ("> hi\n% now 2026-01-01", 2, "`% now 2026-01-01` must stand before the first turn"),
        ("% now tomorrow", 1, "`tomorrow` is no ISO time such as 2026-03-02T15:15:00Z"),
        ("% set retries", 1, "`% set retries` sets no variable"),
        ("% chanel sms", 1, "`% chanel` is unknown; there are: now, channel, person, flow, set"),
        ("% person", 1, "`% person` names none; write its name behind it"),
        ("> hi\n\n~ say", 3, "`~ say` says nothing"),
        ("~ {half\n> hi", 1, "`{half` is neither JSON, nor timeout, nor garbage"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, number: int, what: str) -> None:
    with pytest.raises(ScriptError) as fault:
        read_script(text)
    assert fault.value.line == number
    assert fault.value.what.startswith(what)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("25h", 90_000), ("2d", 172_800), ("1h 30m", 5_400), ("1h30m", 5_400), ("0.5h", 1_800)],
)
def test_times_are_summed(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize("text", ["restart", "1w", "h", "", "1h and 3m"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert duration_s(text) is None


def test_a_press_names_a_label_and_how_far_back_its_reply_is() -> None:
    assert press("[yes]") == ("yes", 1)
    assert press("[changed my mind]^2") == ("changed my mind", 2)
    assert press("[yes] please") is None
    assert press("[yes]^0") is None


def test_media_have_a_kind_and_perhaps_a_caption() -> None:
    assert media(line("> {photo}")) == ("photo", "")
    assert media(line("> {voice} it is broken")) == ("voice", "it is broken")
    assert media(line("> hello {photo}")) is None


def test_a_kind_of_media_nobody_sends_is_named() -> None:
    with pytest.raises(ScriptError, match=r"line 1: \{hologram\} is unknown; there are: empty, location, photo"):
        media(line("> {hologram}"))


def test_a_stub_has_an_action_an_outcome_and_perhaps_its_json() -> None:
    assert stub(line("! submit_refund done")) == ("submit_refund", "done", None)
    assert stub(line('! look found {"item": {"name": "Lamp"}}')) == ("look", "found", {"item": {"name": "Lamp"}})


@pytest.mark.parametrize("text", ["! submit_refund", "! look found {item: 1}"])
def test_a_stub_that_cannot_be_read_is_named_with_its_line(text: str) -> None:
    with pytest.raises(ScriptError, match="line 1: "):
        stub(line(text))
