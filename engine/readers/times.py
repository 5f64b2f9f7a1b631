"""Times of day: "18:30", "6 pm", "half past six", "quarter to 4 in the afternoon", "noon"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import time
from functools import cache, lru_cache

from engine.readers.number_words import TENS, UNITS, number_below_100
from engine.readers.reading import Found
from engine.readers.words import plain, words

_PART = (
    r"(?:-?(?:ish)?(?: sharp)? {0,2}(?P<half>[ap] ?\.? ?m\b\.?|[ap]\b)"
    r"|-?(?:ish)?,? {1,2}(?:(?:in |at |this )?(?:the )?)(?P<part>morning|afternoon|evening|night|noon|pm|am)\b"
    r"|,? {1,2}(?P<tonight>tonight)\b)"
)
_PART_BEHIND_DAY = (
    r"(?=,? {1,2}(?:tomorrow|today|yesterday|(?:on |this |next |last )?\w{3,6}day)'?s? {1,2}(?:in the |at )?"
    r"(?P<behind>morning|afternoon|evening|night)\b)"
)
"""The part of the day that a day parts from its hour: "five-thirty tomorrow evening"."""
_PARTS = ("half", "part", "before", "tonight", "behind")
_CUES = frozenset({*UNITS, *TENS, "noon", "midday", "midnight", "mid", "lunch", "lunchtime"})
_Meaning = Callable[["re.Match[str]"], tuple[int, int]]
_Rule = tuple[re.Pattern[str], _Meaning, bool]


def find_times(text: str, *, asked: bool) -> list[Found]:
    """Times in the text as "HH:MM". Without am, pm or a part of the day the hour stands as it is said.

    Asked, or after "at": also a bare hour and "7 30".
    """
    return [
        Found(value=f"{value:%H:%M}", start=start, end=end, words=text[start:end])
        for value, start, end in times_in(text, asked=asked)
    ]


def time_spans(text: str) -> list[tuple[int, int]]:
    """Where times stand that need no question to be understood."""
    return [(start, end) for _, start, end in times_in(text, asked=False)]


@lru_cache(maxsize=128)
def times_in(text: str, *, asked: bool) -> tuple[tuple[time, int, int], ...]:
    """(time, start, end) of every time of day, in text order."""
    if not may_name_an_hour(text):
        return ()
    found = sorted(_matches(plain(text), asked), key=lambda each: (each[1], -each[2], not each[4]))
    plainly = any(not bare for *_, bare, _ in found)
    kept: list[tuple[time, int, int]] = []
    for value, start, end, bare, _ in found:
        if (not kept or start >= kept[-1][2]) and not (bare and plainly):
            kept.append((value, start, end))
    return tuple(kept)


def may_name_an_hour(text: str) -> bool:
    """One cheap look: is there a digit, or a word that can be an hour?"""
    return any(map(str.isdigit, text)) or not _CUES.isdisjoint([word.text for word in words(text)])


def _matches(folded: str, asked: bool) -> Iterator[tuple[time, int, int, bool, bool]]:
    """(time, start, end, is it only an hour, is its half of the day told) of all that a rule takes for a time."""
    for pattern, meaning, alone in _rules():
        for m in pattern.finditer(folded):
            said = m.groupdict()
            marked = any(said.get(name) for name in _PARTS)
            if not (alone or asked or marked or said.get("lead")):
                continue
            if meaning is _hour_alone and m["hour"] == "one" and _stands_for(folded, m):
                continue
            hour, minute = _on_the_day(*meaning(m), m)
            if hour < 24 and 0 <= minute < 60:
                start = m.start("hour") if said.get("before") else m.end("lead") if said.get("lead") else m.start()
                yield time(hour, minute), start, m.end(), meaning is _hour_alone, marked


def _stands_for(folded: str, m: re.Match[str]) -> bool:
    """ "a new one" is a thing and no hour; "one", "by one" and "around one" are hours."""
    before = folded[max(0, m.start("hour") - 12) : m.start("hour")].rstrip()
    return before != "" and not before.endswith(
        ("at", "by", "around", "about", "before", "after", "till", "until", ",")
    )


@cache
def _rules() -> tuple[_Rule, ...]:
    hour_word = "|".join(word for word, number in UNITS.items() if 0 < number <= 12)
    hour = rf"(?:[01]?\d|2[0-4]|{hour_word})"
    minute_word = "|".join((*TENS, *(word for word, number in UNITS.items() if number >= 10)))
    teens = "|".join(word for word, number in UNITS.items() if 12 < number < 20)
    hundreds = rf"(?:{teens}|ten|eleven|twelve|(?:zero|oh|o) (?:{hour_word}))"
    one = "|".join(word for word, number in UNITS.items() if 0 < number < 10)
    minutes = rf"(?:[0-5]\d|(?:{'|'.join(TENS)})[- ](?:{one})|{minute_word}|(?:o[h']?|zero)[ -]?(?:\d|(?:{one})\b))"
    lead = r"(?:\b(?P<lead>at\s{1,2}))?"
    start = r"(?<![\w:.,/-])"
    no_range = r"(?:(?<!from )(?<!between )|(?=[\w -]{1,20} (?:past|after) ))"
    apart = r"(?![\w:/.,-]\w|\w)"
    counts = rf"(?![\w:/%]|[.,-]\d| (?:{hour_word}|people|\w{{2,20}}s)\b)"
    before = (
        r"\b(?:in the |at |this )?(?P<before>morning|afternoon|evening|night|tonight)"
        r"(?: at| @|,)?\s{1,2}"
    )
    rules: tuple[tuple[str, _Meaning, bool], ...] = (
        (rf"{start}(?P<hour>[01]?\d|2[0-4])[:h](?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\w:]){_PART}?", _plainly, True),
        (rf"{start}(?P<hour>[01]?\d|2[0-4])[:.]?(?P<minute>[0-5]\d){_PART}", _plainly, True),
        (rf"{start}(?P<hour>{hour}){_PART}", _plainly, True),
        (rf"{start}(?P<hour>{hour})(?:[: .-]?(?P<minute>{minutes}))?{_PART_BEHIND_DAY}", _plainly, True),
        (rf"\b(?P<hour>{hour}) ?o ?['\"]? ?clock\b{_PART}?", _plainly, True),
        (rf"{no_range}\b(?P<minute>half|(?:a )?quarter|{minutes}|[0-5]?\d|five)(?: minutes?)?"
         rf" (?P<side>past|after|to|till|before) (?P<hour>{hour})(?:{_PART}|(?![\w:/]))", _relative, False),
        (rf"\b(?P<minute>half|(?:a )?quarter|{minutes}|[0-5]?\d|five)(?: minutes?)? (?P<side>past|after|to|till|before)"
         r" (?P<hour>noon|midnight)\b", _relative, True),
        (rf"{start}(?P<hour>{hour})(?P<range>(?::(?P<minute>[0-5]\d))?(?: ?- ?| (?:to|and|until|till|or) )"
         rf"{hour}(?::[0-5]\d)?(?={_PART}))", _plainly, True),
        (rf"\b(?P<hour>{hundreds}) hundred(?P<military>(?: h(?:ou)?rs)?)\b(?! (?:and|dollars|people|euros|pounds))",
         _plainly, False),
        (rf"^\W{{0,3}}(?:at )?(?P<hour>{teens})[ -](?P<minute>{minutes})\W{{0,3}}$", _plainly, False),
        (r"^\W{0,3}(?:at )?(?P<hour>1\d|2[0-3])(?P<minute>[0-5][05])\W{0,3}$", _plainly, False),
        (r"\blunch ?time\b|^\W{0,3}(?:at |around )lunch\W{0,3}$", _named, False),
        (rf"\b(?P<minute>half|(?:a )?quarter) (?P<side>past|after|to|till|before|of) (?P<hour>{hour})\b{_PART}?",
         _relative, True),
        (r"\b(?P<word>noon|midday|mid ?night)\b", _named, True),
        (lead + rf"{start}(?<![$€£#])(?P<hour>{hour})[ -](?P<minute>{minutes})(?: minutes?\b)?{apart}{_PART}?",
         _plainly, False),
        (r"\bat {1,2}(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?! ?[ap]\.? ?m\b|[\w%]|[.,]\d)", _plainly, False),
        (lead + rf"{start}(?<![$€£#])(?P<hour>{hour}){counts}", _hour_alone, False),
        (before + rf"(?P<hour>{hour})(?:[: .]?(?P<minute>{minutes}))?(?: ?o ?['\"]? ?clock)?-?(?:ish)?(?![\w:/])",
         _plainly, True),
        (rf"{start}(?P<hour>[01]?\d|2[0-4])h(?!\w)", _plainly, False),
        (r"\b(?:at {1,2}(?=\d{4}\b)|(?=0|\d{4} ?h(?:(?:ou)?rs)?\b))(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)"
         r"(?: ?h(?:(?:ou)?rs)?\b)?(?![\w:/.,-]\w|\w)", _plainly, False),
        (r"^\W{0,3}(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)\W{0,3}$", _plainly, False),
        (rf"\bhalf (?P<hour>{hour})\b{_PART}?", _half_gone, False),
        (rf"{start}(?P<hour>{hour})-?ish\b", _hour_alone, False),
    )  # fmt: skip
    return tuple((re.compile(pattern), meaning, alone) for pattern, meaning, alone in rules)


def _plainly(m: re.Match[str]) -> tuple[int, int]:
    minute = m.groupdict().get("minute")
    return _number(m["hour"]), _number(minute) if minute else 0


def _hour_alone(m: re.Match[str]) -> tuple[int, int]:
    return _number(m["hour"]), 0


def _half_gone(m: re.Match[str]) -> tuple[int, int]:
    """ "half seven", as the British have it."""
    return _number(m["hour"]), 30


def _relative(m: re.Match[str]) -> tuple[int, int]:
    said = m["minute"].removeprefix("a ")
    minute = {"half": 30, "quarter": 15}[said] if said in {"half", "quarter"} else _number(said)
    hour = 12 if m["hour"] == "noon" else _number(m["hour"])
    return (hour, minute) if m["side"] in {"past", "after"} else ((hour - 1) % 24, 60 - minute)


def _named(m: re.Match[str]) -> tuple[int, int]:
    return (0, 0) if "night" in m[0] else (12, 0)


def _on_the_day(hour: int, minute: int, m: re.Match[str]) -> tuple[int, int]:
    """am, pm and the part of the day move an hour of twelve; "15:30 in the afternoon" is left alone."""
    groups = m.groupdict()
    half = groups.get("half") or ""
    part = next((groups[name] for name in _PARTS[1:] if groups.get(name)), "")
    if half.startswith("p") or part in {"afternoon", "evening", "noon", "tonight", "pm"}:
        return (hour + 12 if hour < 12 and not (part == "noon" and hour > 10) else hour), minute
    if half.startswith("a") or part in {"morning", "am"}:
        return hour % 12 if hour == 12 else hour, minute
    if part == "night":
        return ((hour + 12) % 24 if 5 <= hour <= 12 else hour), minute
    return (0 if hour == 24 else hour), minute


def _number(word: str) -> int:
    digits = re.search(r"\d{1,2}", word)
    if digits:
        return int(digits[0])
    return sum(number_below_100(each) or 0 for each in re.split(r"[ -]", word))
