"""How well the readers read other people's texts: `python tests/bench/readers_score.py [DATA_DIR] [--misses TYPE]`.

DATA_DIR (default: ../shared/data beside the checkout) holds parse_dev.jsonl and its neighbours; without it only that is
said. Lenient: every row is read with its question open; B2 counts any of the values found, phones their last 7 digits,
an amount its currency only where the row names an ISO code, and texts and names the words of the row as well.

Each line gives two figures: of the rows that may be looked at while readers are built, and of the third (by a hash of
the text) that is held out. A gap between them says that a reader was fitted to sentences.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.flow import FlowDef, SlotDef, SlotType
from engine.readers.answer import Answer, read_answer, revises
from engine.readers.control import Control, read_control, read_greeting
from engine.readers.reading import Reading
from engine.readers.routing import Router
from engine.readers.values import find_values
from engine.rules.ambiguity import CLEAR_LEAD

Row = dict[str, Any]
_TYPES = {"person_name": SlotType.NAME} | {kind.value: kind for kind in SlotType}
_NOW = datetime(2026, 3, 2, 15, 15, tzinfo=UTC)


def main() -> None:
    """Print a line for each kind of text: right, of how many."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=Path(__file__).resolve().parents[3] / "shared" / "data")
    parser.add_argument("--misses", default="")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        _say(f"no data in {asked.data}")
        return
    for name, judge in (
        ("parse_dev", _parse),
        ("yesno_dev", _yesno),
        ("control_dev", _control),
        ("handoff_request_dev", _handoff),
        ("intents_dev", _intents),
    ):
        right: Counter[tuple[str, bool]] = Counter()
        of: Counter[tuple[str, bool]] = Counter()
        for row in _rows(asked.data / f"{name}.jsonl"):
            for kind, good, text, story in judge(row):
                held = _held_out(text)
                of[kind, held] += 1
                right[kind, held] += good
                if not good and not held and asked.misses and asked.misses in kind:
                    _say(f"  miss {kind}: {text!r} {story}")
        for kind in sorted({kind for kind, _ in of}):
            looked, unseen = (_share(right[kind, out], of[kind, out]) for out in (False, True))
            _say(f"{name:20} {kind:32} looked at {looked}   held out {unseen}")


def _held_out(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 3 == 0


def _share(right: int, of: int) -> str:
    return f"{right:4}/{of:<4} {right / of:6.1%}" if of else f"{'-':>16}"


Verdicts = Iterator[tuple[str, bool, str, str]]
"""Kind, right or not, the text, and what was made of it."""


def _parse(row: Row) -> Verdicts:
    kind = _TYPES.get(row["type"])
    if kind is None:
        return
    expected = row["expected"]
    slot = SlotDef(
        name=row.get("slot", "value"),
        type=kind,
        values={choice: () for choice in row.get("choices", ()) if kind is SlotType.ENUM},
    )
    now = datetime.fromisoformat(row.get("reference_time", _NOW.replace(tzinfo=None).isoformat())).replace(tzinfo=UTC)
    found = find_values(slot, row["text"], Reading(now=now), asked=True)
    label = f"{row['type']}/{row['tier']}{'/none' if expected is None else ''}"
    values = [each.value for each in found]
    if expected is None:
        yield label, not found, row["text"], f"gave {values}"
        return
    spans = [row["span"]] if kind in {SlotType.TEXT, SlotType.NAME} and row.get("span") else []
    accepted = [*(expected.get("any_of") or [expected["value"]]), *spans]
    good = any(_same(kind, value, wanted, expected) for value in values[:1] for wanted in accepted)
    good_any = any(_same(kind, value, wanted, expected) for value in values for wanted in accepted)
    yield label, good_any if row["tier"] == "B2" else good, row["text"], f"gave {values}, not {accepted}"


def _same(kind: SlotType, value: Any, wanted: Any, expected: Row) -> bool:
    if kind is SlotType.PHONE:
        return bool(value.lstrip("+").endswith(expected["digits"].lstrip("0")[-7:]))
    if kind is SlotType.AMOUNT:
        unit = expected.get("unit")
        coded = unit is None or len(unit) != 3 or unit.upper() != unit or value["currency"] == unit
        divisor = 100 if unit in {"Cent", "Pence", "Sen"} else 1
        return coded and abs(float(value["amount"]) - float(wanted) / divisor) < 0.01
    if kind is SlotType.DURATION:
        scale = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "month": 30 * 86400}
        return bool(value == wanted * scale[expected["unit"]])
    if kind in {SlotType.NUMBER, SlotType.INTEGER}:
        return abs(float(value) - float(wanted)) < 1e-6 * max(1.0, abs(float(wanted)))
    return str(value).casefold() == str(wanted).casefold()


def _yesno(row: Row) -> Verdicts:
    answer = read_answer(row["text"], Reading(now=_NOW)).answer or (Answer.DENY if revises(row["text"]) else None)
    said = {Answer.AFFIRM: "yes", Answer.DENY: "no"}.get(answer or Answer.UNSURE, "neither")
    yield (
        f"{row['label']}/{row['kind']}/{row.get('context', '')}",
        said == row["label"],
        row["text"],
        f"read as {answer}",
    )


def _control(row: Row) -> Verdicts:
    control, greeting = read_control(row["text"], Reading(now=_NOW)), read_greeting(row["text"])
    named = control.control.value if control else greeting or ""
    wanted = {"thank_you": "thanks", "what_can_i_ask_you": "help", "are_you_a_bot": ""}.get(row["label"], row["label"])
    yield row["label"], named == wanted, row["text"], f"read as {named!r}"


def _handoff(row: Row) -> Verdicts:
    control = read_control(row["text"], Reading(now=_NOW))
    asked = control is not None and control.control is Control.HUMAN
    yield f"handoff={row['handoff']}", asked == row["handoff"], row["text"], ""


def _intents(desk: Row) -> Verdicts:
    router = Router(
        [
            FlowDef(name=flow["name"], title=flow["name"].replace("_", " "), triggers=tuple(flow["examples"]))
            for flow in desk["flows"]
        ]
    )
    for row in desk["test"]:
        ranked = router.route(row["text"])
        near = [one.flow for one in ranked if ranked[0].score - one.score < CLEAR_LEAD]
        best = near[0] if len(near) == 1 else None
        story = f"-> {best}, not {row['intent']} {[(c.flow, round(c.score, 2)) for c in ranked[:3]]}"
        yield f"{desk['scenario']}/{row['kind']}", best == row["intent"], row["text"], story
        if row["intent"]:
            named = [best] if best else near[:3]
            yield f"{desk['scenario']}/{row['kind']}/or asked", row["intent"] in named, row["text"], story


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
