"""Is the summary true to the conversation? Dialogues with the facts that a summary must and must not hold, played here.

    python -m tests.handoff.faithfulness --data ROWS.jsonl --flows FOLDER [--show N]

Each row of ROWS.jsonl has `id`, `user_turns` and `expected`: `service`, `intent`, `slots_user_gave`,
`missing_required`, `superseded_values` (slot -> values that were corrected) and `completed_calls` (`service`, `method`,
`parameters`, `transactional`). FOLDER holds a flow for each service and intent, named like
`restaurants_2__find_restaurants`, whose values are texts. Then a person is asked for, and the summary is looked at.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import typer
from msgspec.structs import replace

from gateway.flowfolder import read_folder
from tests.engine.talk import Talk
from tests.handoff.dialogues import Row, played
from tests.handoff.documents import case_of, document, of_talk
from tests.handoff.random_cases import facts_of


@dataclass
class Found:
    """What a summary got right and wrong, by kind; and what was wrong, in words."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def see(self, kind: str, true: bool, what: str) -> None:
        """Count one thing."""
        self.right[kind] += true
        self.right[f"all {kind}"] += 1
        self.wrong += [] if true else [f"{kind}: {what}"]


def checked(row: Row, talk: Talk) -> Found:
    """The summary of the conversation against what is expected of it."""
    expected, found = row.expected, Found()
    made = document(of_talk(talk, replace(facts_of(1), case=case_of("explicit_request"))))
    slots = {slot["name"]: slot for slot in made["slots"]}
    theirs = f"{expected.service}_".lower()
    for name, value in expected.slots_user_gave.items():
        slot = slots.get(theirs + name) or slots.get(name, {})
        held = slot.get("value", slot.get("value_masked"))
        found.see(
            "current values", slot.get("status") == "filled" and _same(held, value), f"{name}: {value}, not {held}"
        )
    for name, values in expected.superseded_values.items():
        for value in values:
            held = (slots.get(theirs + name) or slots.get(name, {})).get("value")
            found.see("superseded values gone", not _same(held, value), f"{name}: {value}")
    for name in expected.missing_required:
        found.see("missing values listed", slots.get(name, {}).get("status") == "missing", name)
    titles = {flow.definition.name: flow.definition.title for flow in talk.world.book.flows}
    ok = {one["name"] for one in made["attempts"] if one["outcome"] == "ok"}
    current = made["flow"]["active"]["flow"] if made["flow"]["active"] else _last(talk)
    for call in expected.completed_calls:
        named = f"{titles[call.flow]}: call"
        found.see("completed calls named", named in ok or (call.flow == current and "call" in ok), named)
    return found


def rows_in(path: Path) -> list[Row]:
    """The rows of a file."""
    return [msgspec.json.decode(line, type=Row) for line in path.read_bytes().splitlines() if line.strip()]


def main() -> int:
    """Play every row and print what was found."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--data", type=Path, required=True, help="rows, one JSON object a line")
    told.add_argument("--flows", type=Path, required=True, help="a folder with the flows of the rows' services")
    told.add_argument("--show", type=int, default=5, help="how many faulty rows to print")
    args = told.parse_args()
    flows = read_folder(args.flows, {"ACTION_URL": "http://127.0.0.1:1"}).flows
    total, faulty = Counter[str](), list[tuple[str, list[str]]]()
    rows = rows_in(args.data)
    for row in rows:
        found = checked(row, played(row, flows))
        total += found.right
        faulty += [(row.id, found.wrong)] if found.wrong else []
    for kind in sorted(one.removeprefix("all ") for one in total if one.startswith("all ")):
        typer.echo(f"{kind}: {total[kind]} of {total[f'all {kind}']}")
    for id, wrong in faulty[: args.show]:
        typer.echo("\n  ".join((id, *wrong)))
    typer.echo(f"{len(rows) - len(faulty)} of {len(rows)} summaries are true")
    return 1 if faulty else 0


def _last(talk: Talk) -> str:
    ended = talk.conversation.ended
    return ended.flow if ended else ""


def _same(held: object, value: str) -> bool:
    return str(held).casefold() == value.casefold()


if __name__ == "__main__":
    sys.exit(main())
