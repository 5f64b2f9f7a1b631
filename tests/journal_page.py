"""The fields of the journal as docs/measures.md lists them, read from the code that writes them.

python -m tests.journal_page   writes them into the page
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from engine.account import Came, Took
from engine.archive import Archived
from engine.course import Summary
from engine.delegation import Work
from engine.exposure import Exposure
from engine.extraction import Consultation
from engine.notes import Notes
from engine.ports import Quote
from engine.satisfaction import Rating, Survey
from engine.signals import Signals

PAGE = Path(__file__).parent.parent / "docs" / "measures.md"
BEGIN, END = "<!-- fields: python -m tests.journal_page -->", "<!-- end of fields -->"
PARTS: Mapping[type[msgspec.Struct], str] = {
    Notes: "A turn",
    Signals: "`signals`: what a turn measured",
    Archived: "`archived`: a run that is over",
    Summary: "`summary`: the rolling summary",
    Survey: "`survey`: how it went was asked",
    Rating: "`rating`: how it went, as the customer says",
    Took: "`took`: a value that was taken",
    Came: "`came`: what an action came to",
    Work: "`work`: a plan that agents carried out",
    Consultation: "`consulted`: what a model was asked",
    Quote: "`meant`: an answer that was found by its meaning",
    Exposure: "`exposed`: an experiment that the customer met",
}
_PLAIN: Mapping[str, str] = {
    "Notes.id": "Of the entry: the turn's, and `:notes`.",
    "Notes.conversation": "Of whom.",
    "Notes.turn": "The conversation's turns, counted from 1; what comes of a call and what a clock does are turns too.",
    "Notes.at": "When, in UTC, by our clock.",
    "Notes.events": "Ids of what the turn used up; of several texts that waited all (R2).",
    "Notes.rules": "Ids of the rules that fired, in their order.",
    "Notes.heard": "What the customer wrote.",
    "Notes.said": "What the bot or the desk said.",
    "Notes.flow": "The active run's flow, else that of the run that ended last.",
    "Notes.version": "The version that run is pinned to; none when no run is active.",
    "Notes.state": "Where it stands, or stood.",
    "Notes.calls": "Look-ups of this turn, each with its outcome.",
    "Notes.unseen": "Names that conditions asked for and that had no value (S2).",
    "Exposure.experiment": "Its label: `tone` of the desk, `refund.tone` of a flow, `tone@2` with a salt of its own.",
    "Exposure.variant": "Which of its variants.",
    "Exposure.run": "In which run; none outside of runs.",
    "Archived.run": "Its id.",
    "Archived.flow": "Of which flow.",
    "Archived.version": "The version it was pinned to.",
    "Archived.state": "Where it stood.",
    "Archived.reason": "Why it is over: the closed set of S9.",
    "Archived.outcome": "The author's word at a terminal, else one of S38's.",
    "Archived.called": "It was a part of another run.",
    "Archived.turns": "Turns of the customer while it was active.",
    "Archived.tries": "Answers that could not be used.",
    "Archived.corrections": "Settled values that the customer changed.",
    "Archived.seconds": "From its beginning to its end.",
    "Archived.values": "Settled values, without sensitive ones and those that only their own question may fill.",
    "Summary.turn": "The customer's turns when it was made.",
    "Summary.topics": "What the conversation was about.",
    "Summary.mood": "unhappy, even or pleased.",
    "Survey.at": "When.",
    "Survey.mark": "Of the question's buttons.",
    "Survey.run": "The run it was asked about.",
    "Survey.flow": "Its flow.",
    "Survey.case": "The case it was asked about, where a person had answered.",
    "Survey.queue": "The case's queue.",
    "Rating.score": "1 to 5.",
    "Rating.run": "As in `survey`.",
    "Rating.flow": "As in `survey`.",
    "Rating.case": "As in `survey`.",
    "Rating.queue": "As in `survey`.",
    "Took.flow": "Of whose run.",
    "Took.slot": "Which slot.",
    "Took.value": "The canonical value; `[hidden]` where the slot is sensitive.",
    "Took.source": "Where it came from: asked, volunteered, memory, habit, default, model or agent.",
    "Took.words": "The customer's words for it.",
    "Came.action": "Which action.",
    "Came.outcome": "Its outcome word.",
    "Came.facts": "What it told.",
    "Came.certain": "False: it may have acted, though nobody knows.",
    "Consultation.model": "Its name.",
    "Consultation.parts": "The parts of the prompt with their versions.",
    "Consultation.payload": "All the words that left.",
    "Consultation.answer": "What it answered, where that had the shape that was asked for.",
    "Quote.text": "At most two sentences, as they are written.",
    "Quote.source": "The headings above them.",
    "Quote.place": "File and line.",
}
"""What needs no sentence in the code."""


def meanings(part: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    """Each field that is stored, with what the code says below it, or the sentence above; "" where neither does."""
    (declared,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
    assert isinstance(declared, ast.ClassDef)
    said: dict[str, str] = {}
    for one, after in zip(declared.body, [*declared.body[1:], ast.Pass()], strict=True):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            told = after.value if isinstance(after, ast.Expr) else None
            text = told.value if isinstance(told, ast.Constant) and isinstance(told.value, str) else ""
            said[one.target.id] = " ".join(text.split())
    for name in part.__struct_fields__:
        yield name, said.get(name, "") or _PLAIN.get(f"{part.__name__}.{name}", "")


def rendered() -> str:
    """The part of the page between its two marks."""
    tables: list[str] = []
    for part, title in PARTS.items():
        rows = [f"| `{name}` | {meaning.replace('|', '&#124;')} |" for name, meaning in meanings(part)]
        tables.append("\n".join((f"### {title}", "", "| Field | What it is |", "|---|---|", *rows)))
    return "\n\n".join((BEGIN, *tables, END))


def written(page: str) -> str:
    """The page with its fields as the code has them now."""
    before, _, rest = page.partition(BEGIN)
    return before + rendered() + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
