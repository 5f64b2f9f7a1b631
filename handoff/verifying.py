"""What of a model's narrative may stand: statement by statement against the document itself (H75, H76).

A statement is held against the lines that it cites, not against the whole case: a number of the customer's is no proof
of an order's. What only the customer asserts stays the customer's; an order that nobody may give to an agent goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import UNSET
from msgspec.structs import replace

from engine.assertions import (
    ILL,
    WELL,
    claims,
    commanding,
    sentences,
    strange_identifiers,
    strange_names,
    strange_numbers,
)
from handoff.document import Summary
from handoff.evidence import AttemptPart
from handoff.languages import written_in
from handoff.redaction import redact
from handoff.retelling import ACTIONS, evidence_of, why_told
from handoff.statements import (
    Author,
    Checks,
    Headline,
    Narrative,
    NextAction,
    Retold,
    Statement,
    Told,
    ToldAction,
    ToldStatement,
    Verification,
)

CHECKER_VERSION = "1"
PROMPT_ID = "narrative"
_MOST_REFS, _MOST_SITUATION, _MOST_TRIED = 6, 5, 6
_HEADLINE_CHARS, _CHARS = 140, 300
_DOUBTFUL = ("timeout", "unknown")
_ENDED = frozenset({"succeeded", "successful", "successfully", "completed", "done"})
"""Ends that a look-up has, too."""
_LACKING = re.compile(
    r"\b(?:missing|still needed|unknown|not (?:yet )?(?:been )?(?:given|provided|known|confirmed|answered)"
    r"|has no|without)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"\b(?:gave|given|provided|is known|was told|answered|confirmed|named)\b", re.IGNORECASE)
_SHORT = 3
"""Letters of a word that says nothing."""
_CHECKS = {
    "evidence": "evidence_exists",
    "number": "numbers_supported",
    "identifier": "identifiers_supported",
    "name": "entities_supported",
    "outcome": "outcomes_consistent",
    "order": "no_instructions_to_agent",
    "privacy": "no_unmasked_pii",
}
"""What was wrong with a statement -> the check of the document that says so; length, language and form have none."""


@dataclass(slots=True)
class Held:
    """A narrative held against a document: what may stand of it, and what was wrong with the rest."""

    told: Told | None
    """None: the code-written one stays."""
    dropped: Counter[str] = field(default_factory=Counter)


def hold(told: Told, summary: Summary) -> Held:
    """Drop each statement that the document does not bear out. Without its headline, or with more than half of the
    rest gone, nothing of it stands (H75)."""
    check = _Check(summary)
    dropped: Counter[str] = Counter()

    def stands(one: ToldStatement | ToldAction | None, chars: int = _CHARS) -> bool:
        if one is None:
            return False
        fault = next(check.faults(one, chars), "")
        dropped[fault] += bool(fault)
        return not fault

    rest = [*told.situation, *told.tried]
    rest += [one for one in (told.open_question, told.suggested_next_action) if one is not None]  # type: ignore[misc]  # both have text and evidence
    headline = stands(told.headline, _HEADLINE_CHARS)
    situation = [one for one in told.situation if stands(one)]
    tried = [one for one in told.tried if stands(one)]
    question = told.open_question if stands(told.open_question) else None
    action = told.suggested_next_action if stands(told.suggested_next_action) else None
    gone = len(rest) - len(situation) - len(tried) - (question is not None) - (action is not None)
    dropped = +dropped
    if not headline or not situation or 2 * gone > len(rest):
        return Held(told=None, dropped=dropped)
    left = replace(
        told,
        situation=tuple(situation[:_MOST_SITUATION]),
        tried=tuple(tried[:_MOST_TRIED]),
        open_question=question,
        suggested_next_action=action,
        confidence=min(max(told.confidence, 0.0), 1.0),
    )
    return Held(told=left, dropped=dropped)


def with_retold(summary: Summary, retold: Retold) -> Summary:
    """The document with what a model told in place of the code-written narrative, as far as it still stands."""
    held = hold(retold.told, summary)
    if held.told is None:
        return summary
    dropped = Counter(retold.dropped) + held.dropped
    return replace(summary, narrative=_narrative(held.told, summary, retold, dropped))


def _narrative(told: Told, summary: Summary, retold: Retold, dropped: Counter[str]) -> Narrative:
    """An effect that nobody is sure of is told in any case, by code where the model left it out (H72)."""
    written = summary.narrative
    cited = {ref for one in told.tried for ref in one.evidence}
    doubtful = {row.attempt_id for row in summary.attempts if row.outcome in _DOUBTFUL}
    missing = [one for one in written.tried if doubtful & set(one.evidence) - cited]
    tried = [_statement(one) for one in told.tried][: _MOST_TRIED - len(missing)]
    checks = {_CHECKS[fault]: False for fault in dropped if fault in _CHECKS}
    return Narrative(
        author=Author(
            kind="model",
            generated_at=retold.at,
            model=retold.model[:80],
            prompt_id=PROMPT_ID,
            prompt_version=retold.prompt_version[:80],
            latency_ms=retold.latency_ms,
        ),
        language=written.language,
        headline=Headline(text=_plain(told.headline.text), evidence=_refs(told.headline.evidence)),
        situation=tuple(map(_statement, told.situation)),
        tried=(*tried, *missing),
        open_question=_statement(told.open_question) if told.open_question else written.open_question,
        suggested_next_action=_action(told.suggested_next_action, written.suggested_next_action),
        confidence=told.confidence,
        verification=Verification(
            status="partly_verified" if dropped else "verified",
            checker_version=CHECKER_VERSION,
            dropped_statements=dropped.total(),
            checks=Checks(**checks),
        ),
    )


def _action(told: ToldAction | None, written: NextAction | None) -> NextAction | None:
    if told is None or (written is not None and written.code == "check_side_effect"):
        return written
    code: str = told.code
    target = written.target if written is not None and written.code == code else UNSET
    return NextAction(code=code, text=_plain(told.text), evidence=_refs(told.evidence), target=target)  # type: ignore[arg-type]  # of ACTIONS


def _statement(told: ToldStatement) -> Statement:
    return Statement(text=_plain(told.text), evidence=_refs(told.evidence))


def _refs(refs: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(refs))[:_MOST_REFS]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _speaks_of(row: AttemptPart, sentence: str) -> bool:
    """Is the sentence about this attempt: does it share a word with its name?"""
    named = {word for word in row.name.casefold().split("_") if len(word) > _SHORT}
    return any(word in sentence.casefold() for word in named)


class _Check:
    """Holds statements against one document."""

    def __init__(self, summary: Summary) -> None:
        self._lines = evidence_of(summary)
        self._why = why_told(summary)
        self._attempts = {row.attempt_id: row for row in summary.attempts}
        self._known = {f"slot:{slot.name}": slot.status == "filled" for slot in summary.slots}
        self._language = summary.narrative.language
        active = summary.flow.active
        self._titles = f"{active.title} {active.state_label}" if active else ""

    def faults(self, told: ToldStatement | ToldAction, chars: int) -> Iterator[str]:
        """What is wrong with a statement, in the order in which it is counted."""
        text, refs = _plain(told.text), _refs(told.evidence)
        if not text or len(text) > chars or (isinstance(told, ToldAction) and told.code not in ACTIONS):
            yield "form"
        if not refs or any(ref not in self._lines for ref in told.evidence):
            yield "evidence"  # M3
            return
        if commanding(told.text):
            yield "order"  # M9
        if redact(text, phones=False).classes:
            yield "privacy"  # M10
        source = " | ".join([*(self._lines[ref] for ref in refs), self._why, self._titles])
        for kind, strange in (
            ("number", strange_numbers),
            ("identifier", strange_identifiers),
            ("name", strange_names),
        ):
            yield from (kind for _ in strange(text, source))  # M5, M6, M7
        if any(self._misled(sentence, refs) or self._misplaced(sentence, refs) for sentence in sentences(text)):
            yield "outcome"  # M8
        if not written_in(text, self._language):
            yield "language"

    def _misled(self, sentence: str, refs: Sequence[str]) -> bool:
        """Does the sentence claim an end that the attempts it cites did not have (M8), or that only the customer
        asserts (H76)? An effect is proven by an effect that is done, or by a value that says so itself."""
        rows = [self._attempts[ref] for ref in refs if ref in self._attempts]
        well, ill = list(claims(sentence, WELL)), list(claims(sentence, ILL))
        if (well or ill) and any(row.outcome in _DOUBTFUL for row in rows):
            return True
        broken = [row for row in rows if row.outcome in ("failed", "rejected")]
        if any(not (row.kind == "slot_retry" and word in row.name) for row in broken for word, _ in well):
            return True
        if any(not said for _, said in ill) and not any(row.outcome != "ok" for row in rows):
            return True
        return any(not (said or self._proven(word, sentence, rows, refs)) for word, said in well)

    def _misplaced(self, sentence: str, refs: Sequence[str]) -> bool:
        """Is a value called missing that all cited slots have, or called known that none of them has?"""
        known = [self._known[ref] for ref in refs if ref in self._known]
        if not known:
            return False
        lacking = _LACKING.search(sentence) is not None
        return (lacking and all(known)) or (not lacking and _GIVEN.search(sentence) is not None and not any(known))

    def _proven(self, word: str, sentence: str, rows: Sequence[AttemptPart], refs: Sequence[str]) -> bool:
        done = [row for row in rows if row.outcome == "ok"]
        if any(row.irreversible is True for row in done):
            return True
        if word in _ENDED and any(_speaks_of(row, sentence) for row in done):
            return True
        recorded = [self._lines[ref] for ref in refs if not ref.startswith("m")]
        return any(word in line.casefold() for line in recorded)
