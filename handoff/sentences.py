"""The sentences code writes its narrative with, in the team's languages (H73)."""

from __future__ import annotations

from collections.abc import Mapping

WHY: Mapping[str, Mapping[str, str]] = {
    "en": {
        "explicit_request": "Customer asked for a person",
        "safety": "Safety: read the last message first",
        "flow_step": "The task needs a person",
        "high_risk_action": "The action needs a person's approval",
        "action_failure": "An action did not end well",
        "repeated_failure": "The answers could not be used",
        "no_progress": "No progress at one step",
        "negative_sentiment": "Customer seems unhappy",
        "topic_turn_count": "Many questions on one topic",
        "ambiguity": "The bot could not tell what is meant",
        "no_knowledge": "The bot had no answer",
        "complexity": "The request is complex",
        "keyword": "A watched word was used",
        "competitor": "A competitor was named",
        "vip": "Priority customer",
        "guardrail_block": "The bot's answers were blocked",
        "engine_error": "Something failed on the bot's side",
        "agent_takeover": "An agent took over",
        "operator_request": "An operator asked for it",
        "other": "Trigger: {code}",
    },
}
"""Trigger -> why a person is called, by language. A desk's own trigger is named as it is."""

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "headline": "{title}: {why}",
        "why": "{why}.",
        "why_reason": "{why}: {reason}.",
        "why_measured": "{why} ({value}, limit {threshold}).",
        "task": "Task: {title}, at the step “{step}”.",
        "no_task": "No task was started.",
        "known": "Known: {labels}.",
        "missing": "Still missing: {labels}.",
        "interrupted": "Also open: {titles}.",
        "retried": "The bot asked again for {name}, {times}.",
        "offered": "The bot offered other ways to answer for {name}.",
        "answered": "{name}: answered “{result}”.",
        "did": "{name}: done.",
        "failed": "{name}: did not work, {times}.",
        "unknown": "{name}: timed out or was cut off, {times}; its result is unknown.",
        "question": "The customer was asked for: {label}.",
        "check": "Check whether “{name}” took effect before anything is repeated.",
        "approve": "Decide on “{reason}” and tell the customer.",
        "run": "Try “{name}” by hand, then go on with the task.",
        "ask": "Ask the customer for {label} in other words.",
        "answer": "Read the last messages and answer the customer.",
        "greet": "Greet the customer and find out what is needed.",
        "once": "once",
        "times": "{n} times",
    },
}


def language_of(wanted: str) -> str:
    """The language the sentences are written in: the team's if there are any in it, else English."""
    base = wanted.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0].lower()
    return base if base in SENTENCES else "en"


def why(code: str, language: str) -> str:
    """Why a trigger calls a person."""
    known = WHY[language]
    return known.get(code) or known["other"].format(code=code.replace("_", " "))


def sentence(key: str, language: str, /, **values: str) -> str:
    """One sentence, filled in."""
    return SENTENCES[language][key].format(**values)


def times(n: int, language: str) -> str:
    """`once`, `3 times`."""
    return sentence("once", language) if n == 1 else sentence("times", language, n=str(n))
