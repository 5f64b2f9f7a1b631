"""Summaries of talks, as somebody else reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from handoff.case import Case, Evidence, Firing
from handoff.document import canonical
from handoff.facts import CaseFacts
from handoff.journal import attempts_of, transcript_of
from handoff.summary import build_summary
from tests.engine.flows_for_tests import REFUND, SHOP
from tests.engine.talk import Talk
from tests.handoff.random_cases import facts_of


def document(facts: CaseFacts) -> dict[str, Any]:
    """The summary as somebody else reads it."""
    made: dict[str, Any] = json.loads(canonical(build_summary(facts).summary))
    return made


def of_talk(talk: Talk, facts: CaseFacts) -> CaseFacts:
    """The same case, of this talk."""
    flows = {compiled.version: compiled for compiled in talk.world.book.flows}
    journal = [turn.notes for turn in talk.turns]
    return replace(
        facts,
        conversation=talk.conversation,
        flows=flows,
        transcript=transcript_of(journal, talk.conversation),
        attempts=attempts_of(journal, talk.conversation, flows),
    )


def refund(*texts: str) -> CaseFacts:
    """A case out of a refund that went as far as these texts."""
    talk = Talk(REFUND, answers=SHOP)
    for text in texts:
        talk.say(text)
    return of_talk(talk, replace(facts_of(1), case=case_of("explicit_request")))


def case_of(primary: str, *evidence: Evidence, reason: str = "") -> Case:
    fired = (Firing(code=primary, evidence=evidence),)
    return replace(facts_of(1).case, primary=primary, fired=fired, reason=reason)


def slots_of(made: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {slot["name"]: slot for slot in made["slots"]}
