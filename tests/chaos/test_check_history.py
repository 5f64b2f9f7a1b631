"""The history checker, held to histories with one fault each: it names that one, and nothing in a good history."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import check_history
from tests.chaos.check_history import FAULTS, check, read

Json = dict[str, Any]
Lines = list[Json]

ADA = "telegram:9:1"


def good() -> Lines:
    """Ada asks for her money, is heard by a person in between, and gets it; a process dies on the way."""
    return [
        _post(1, 10.0, text="refund"),
        _turn(1, 10.1, ["e1"], "Which one?"),
        _send(10.2, "Which one?"),
        _post(2, 11.0, text="ORD-1"),
        {"what": "process", "name": "serve", "did": "killed", "at": 11.05},
        {"what": "process", "name": "serve", "did": "started", "at": 11.5},
        _call(12.1, key="look", status=200),
        _turn(2, 11.9, ["e2"], "This one?"),
        _send(12.3, "This one?", status=500),
        _send(12.4, "This one?"),
        _post(3, 13.0, text="human"),
        _turn(3, 13.1, ["e3"], "A person comes.", by_desk=True, owner="people"),
        _send(13.2, "A person comes."),
        _post(4, 14.0, text="BOT"),
        _turn(4, 14.1, ["e4"], "Going on.", by_desk=True),
        _send(14.2, "Going on."),
        _post(5, 15.0, text="yes"),
        _post(6, 15.5, text="hello?"),
        _turn(5, 15.1, ["e5"], ""),
        _call(15.2, key="run:pay:1", body={"order": 1}, acted=True, status=201),
        _turn(6, 15.4, ["result:run:pay:1"], "It is on its way."),
        _send(15.5, "It is on its way."),
        _turn(7, 15.7, ["e6"], "Hello!"),
        _send(15.8, "Hello!"),
        {"what": "story", "conversation": ADA, "refunds": 1, "at": 16.0},
        {"what": "stored", "conversation": ADA, "version": 7, "turn": 7, "inbox": [], "outbox": [], "at": 20.0},
    ]


def _post(number: int, at: float, *, text: str = "", status: int = 200) -> Json:
    told = {"conversation": ADA, "event": f"e{number}", "order": number, "text": text}
    return {"what": "post", **told, "status": status, "at": at, "till": at + 0.01}


def _turn(number: int, at: float, events: list[str], said: str, *, by_desk: bool = False, owner: str = "bot") -> Json:
    told = {"conversation": ADA, "turn": number, "events": events, "said": said, "reply": f"{events[0]}:reply"}
    return {"what": "turn", **told, "by_desk": by_desk, "owner": owner, "at": at}


def _send(at: float, text: str, *, by: str = "serve", status: int = 200, acted: bool = True) -> Json:
    told = {"conversation": ADA, "text": text, "by": by, "status": status, "acted": acted}
    return {"what": "send", **told, "at": at, "till": at + 0.05}


def _call(at: float, *, key: str, status: int, body: Json | None = None, acted: bool = False) -> Json:
    told = {"conversation": ADA, "key": key, "body": body, "by": "serve", "status": status, "acted": acted}
    return {"what": "call", **told, "at": at, "till": at + 0.1}


def _one(lines: Lines, **fields: Any) -> Json:
    """The line that has these."""
    (found,) = [line for line in lines if fields.items() <= line.items()]
    return found


def lost(lines: Lines) -> None:
    """The last hello was answered, and left no trace."""
    lines.remove(_one(lines, what="turn", turn=7))
    lines.remove(_one(lines, what="send", text="Hello!"))
    _one(lines, what="stored").update(version=6, turn=6)


def twice(lines: Lines) -> None:
    """One message made two turns."""
    _one(lines, what="turn", turn=7)["events"] = ["e5", "e6"]


def out_of_order(lines: Lines) -> None:
    """What was accepted first was handled last."""
    one, other = _one(lines, what="turn", turn=1), _one(lines, what="turn", turn=2)
    one["events"], other["events"] = ["e2"], ["e1"]


def told_late(lines: Lines) -> None:
    """Two replies arrived the wrong way round."""
    one, other = _one(lines, what="send", text="It is on its way."), _one(lines, what="send", text="Hello!")
    one["text"], other["text"] = other["text"], one["text"]


def overwritten(lines: Lines) -> None:
    """A turn was made on a state that another had replaced."""
    _one(lines, what="turn", turn=7)["turn"] = 6
    _one(lines, what="stored")["turn"] = 6


def overwritten_by_its_like(lines: Lines) -> None:
    """A turn was made twice, of the same events: the journal has it once."""
    _one(lines, what="stored")["version"] = 8


def without_rows(lines: Lines) -> None:
    """More was committed than the journal tells."""
    _one(lines, what="stored").update(version=8, turn=8)


def unsaid(lines: Lines) -> None:
    """A reply never came."""
    lines.remove(_one(lines, what="send", text="Hello!"))


def invented(lines: Lines) -> None:
    """Nobody decided to say this."""
    lines.append(_send(17.0, "Buy more!"))


def copied(lines: Lines) -> None:
    """The same words again, though the first had been answered and nobody died."""
    lines.append(_send(17.0, "Hello!"))


def doubled(lines: Lines) -> None:
    """Paid again under another key."""
    lines.append(_call(15.35, key="run:pay:2", body={"order": 1}, acted=True, status=201))


def keyless(lines: Lines) -> None:
    """A call that nobody could repeat safely."""
    _one(lines, what="call", key="look")["key"] = ""


def another_body(lines: Lines) -> None:
    """The same key with other words."""
    lines.append(_call(15.35, key="run:pay:1", body={"order": 2}, status=422))


def undone(lines: Lines) -> None:
    """She was told of money that never left."""
    _one(lines, what="call", key="run:pay:1")["acted"] = False


def unfinished(lines: Lines) -> None:
    """She waits to this day."""
    lines.remove(_one(lines, what="story"))


def in_parallel(lines: Lines) -> None:
    """Two look-ups at once."""
    lines.append(_call(12.15, key="look", status=200) | {"by": "work-2"})


def over_a_person(lines: Lines) -> None:
    """The bot went on trying to say its last words after it had heard that a person is wanted."""
    _one(lines, what="send", text="This one?", status=200)["status"] = 0
    lines.append(_send(13.05, "This one?", status=500, acted=False))
    lines.append(_send(13.14, "This one?"))


def left(lines: Lines) -> None:
    """Something still waits."""
    _one(lines, what="stored")["outbox"] = ["e9:reply"]


def set_aside(lines: Lines) -> None:
    """Nobody could handle it."""
    lines.append({"what": "aside", "event": "e6", "reason": "its turn raised", "at": 16.0})


def too_many_copies(lines: Lines) -> None:
    """A provider that loses its answer again and again."""
    _one(lines, what="send", text="Hello!")["status"] = 0
    lines += [_send(17.0 + copy, "Hello!", status=0) for copy in range(5)]


ONE_EACH: tuple[tuple[Callable[[Lines], None], str], ...] = (
    (lost, "lost"),
    (twice, "twice"),
    (out_of_order, "out of order"),
    (told_late, "out of order"),
    (overwritten, "overwritten"),
    (overwritten_by_its_like, "overwritten"),
    (without_rows, "without rows"),
    (unsaid, "unsaid"),
    (invented, "invented"),
    (copied, "copied"),
    (too_many_copies, "too many copies"),
    (doubled, "doubled"),
    (keyless, "doubled"),
    (another_body, "doubled"),
    (undone, "undone"),
    (unfinished, "undone"),
    (in_parallel, "in parallel"),
    (over_a_person, "over a person"),
    (left, "left"),
    (set_aside, "set aside"),
)


def faults_of(lines: Lines, *, most_repeated: float = 40.0) -> set[str]:
    """The names of what is found."""
    findings, _ = check(read(json.dumps(line) for line in lines), most_repeated=most_repeated)
    return {finding.fault for finding in findings}


def test_a_good_history_has_no_fault() -> None:
    assert faults_of(good()) == set()


@pytest.mark.parametrize(("fault", "called"), ONE_EACH, ids=lambda one: getattr(one, "__name__", ""))
def test_one_fault_is_called_by_its_name_and_by_no_other(fault: Callable[[Lines], None], called: str) -> None:
    lines = good()
    fault(lines)
    assert faults_of(lines) == {called}


def test_what_was_under_way_when_a_person_was_called_is_nobody_talked_over() -> None:
    """H24: the words that call a person are accepted while a round of the bot's replies is still being sent."""
    lines = good()
    _one(lines, what="send", text="This one?", status=200)["status"] = 0
    lines.append(_send(13.05, "This one?"))
    assert faults_of(lines) == set()


def test_every_name_has_its_history() -> None:
    assert {called for _, called in ONE_EACH} == set(FAULTS)


def test_a_second_copy_behind_a_crash_is_counted_and_no_fault() -> None:
    lines = good()
    at = lines.index(_one(lines, what="send", text="Hello!")) + 1
    lines[at:at] = [{"what": "process", "name": "serve", "did": "stopped", "at": 16.0}, _send(17.0, "Hello!")]
    findings, figures = check(read(map(json.dumps, lines)), most_repeated=50.0)
    assert (findings, figures["repeated"]) == ([], 2)


def test_a_reply_that_was_given_up_with_a_reason_needs_no_send() -> None:
    lines = good()
    unsaid(lines)
    lines.append({"what": "given_up", "row": "e6:reply", "reason": "a person has the conversation now", "at": 16.0})
    assert faults_of(lines) == set()


def test_a_message_that_was_refused_promises_nothing() -> None:
    lines = good()
    _one(lines, what="post", event="e6")["status"] = 503
    lost(lines)
    assert faults_of(lines) == set()


def run(*lines: str, folder: Path) -> subprocess.CompletedProcess[str]:
    history = folder / "history.jsonl"
    history.write_text("\n".join(lines))
    command = [sys.executable, "-I", check_history.__file__, str(history), "--most-repeated", "30"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_stands_alone_and_tells_its_verdict_in_the_last_line(tmp_path: Path) -> None:
    ended = run(*map(json.dumps, good()), folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == (
        "CLEAN: 6 messages in 1 conversations, 1 kills, 0 stalls: 0 lost, 0 doubled, 0 out of order; "
        "1 of 6 replies repeated (16.67 %)\n"
    )


def test_the_script_names_each_fault_and_where_it_was(tmp_path: Path) -> None:
    lines = good()
    lost(lines)
    ended = run(*map(json.dumps, lines), folder=tmp_path)
    assert ended.returncode == 1
    first, second, *_, last = ended.stdout.splitlines()
    assert first.startswith("lost: ")
    assert second == f"    {ADA}: e6"
    assert last.startswith("FAULTY: 6 messages in 1 conversations, 1 kills, 0 stalls: 1 lost, ")


def test_what_is_no_history_is_said_to_be_none(tmp_path: Path) -> None:
    for lines in ('{"what": "send"}', "", json.dumps({"what": "process", "name": "serve", "did": "killed", "at": 1.0})):
        ended = run(lines, folder=tmp_path)
        assert ended.returncode == 2
        assert "is no history" in ended.stderr
