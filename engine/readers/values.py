"""Every value of one slot in a message: each type's reader, then what the customer took back, then the slot's rules."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from engine.flow import SlotDef, SlotType
from engine.readers.answer import Answer, read_answer
from engine.readers.booleans import find_booleans
from engine.readers.contacts import find_emails, find_postcodes
from engine.readers.corrections import set_aside, took_back
from engine.readers.cues import beside
from engine.readers.dates import find_dates
from engine.readers.datetimes import find_datetimes
from engine.readers.durations import find_durations
from engine.readers.enums import find_choices, kindred_choices, near_values
from engine.readers.lists import find_list
from engine.readers.money import find_amounts
from engine.readers.numbers import find_numbers
from engine.readers.open_text import find_text
from engine.readers.patterns import find_pattern
from engine.readers.person_names import find_names
from engine.readers.phones import find_phones
from engine.readers.reading import Found, Reading
from engine.readers.small_words import SMALL_WORDS
from engine.readers.times import find_times
from engine.readers.validity import check
from engine.readers.words import clip, words

__all__ = ["beside", "check", "find_values", "near_values", "volunteered"]

_BY_PATTERN = frozenset({SlotType.TEXT, SlotType.NAME, SlotType.POSTCODE})
"""Types whose `pattern` is how they are read; that of another type only checks what its reader found."""


_YES_OR_NO = frozenset({"yes", "no"})
_TAKEN_AS_SAID = frozenset({SlotType.LIST, SlotType.BOOLEAN})
"""Types whose readers see for themselves what was taken back."""


def find_values(slot: SlotDef, text: str, reading: Reading, *, asked: bool) -> list[Found]:
    """Every value of this slot in the text, canonical, in text order; each with the fault it has, if any.

    `asked`: the slot's own question is open, so a whole-message answer counts. What the customer took back in the same
    breath ("50, no, 60"; "not 50") is left out (R8).
    """
    text = clip(text)
    found = _read(slot, text, reading, asked=asked)
    if not found:
        return []
    if slot.type not in _TAKEN_AS_SAID:
        found = _last_word([each for each in found if not set_aside(text, each.start)], text)
    return [replace(each, fault=fault) if (fault := check(slot, each.value)) else each for each in found]


def volunteered(slot: SlotDef) -> bool:
    """Can a message that nobody asked for hold a value of this slot? A yes or no is one only beside a cue (R16)."""
    return slot.type is not SlotType.BOOLEAN or bool(slot.cues)


def ends_talk(text: str, reading: Reading) -> bool:
    """ "no thanks", "that's all": nothing more is asked."""
    read = read_answer(text, reading)
    return read.answer is Answer.DENY and not any(word.text not in SMALL_WORDS for word in words(read.rest))


def _last_word(found: Sequence[Found], text: str) -> list[Found]:
    """Without the values that a self-correction between them takes back."""
    kept: list[Found] = []
    for each in found:
        if kept and took_back(text[kept[-1].end : each.start]):
            kept = []
        kept.append(each)
    return kept


def _bare(found: Found) -> bool:
    """A bare yes or no fills only what was asked, also where an enum lists it among its words (R16)."""
    return found.words.lower() in _YES_OR_NO


def _read(slot: SlotDef, text: str, reading: Reading, *, asked: bool) -> list[Found]:  # noqa: PLR0912
    if slot.type is SlotType.LIST:
        return find_list(slot, text, lambda item, part: _read(item, part, reading, asked=asked), asked=asked)
    if slot.pattern is not None and slot.type in _BY_PATTERN:
        return find_pattern(slot, text)
    match slot.type:  # one arm a type, so that the checker finds the missing one
        case SlotType.TEXT:
            return [] if slot.takes and asked and ends_talk(text, reading) else find_text(slot, text, asked=asked)
        case SlotType.NAME:
            return find_names(slot, text, asked=asked)
        case SlotType.NUMBER | SlotType.INTEGER:
            return find_numbers(slot, text, reading, asked=asked)
        case SlotType.AMOUNT:
            return find_amounts(slot, text, reading, asked=asked)
        case SlotType.DATE:
            return find_dates(text, reading, asked=asked)
        case SlotType.TIME:
            return find_times(text, asked=asked)
        case SlotType.DATETIME:
            return find_datetimes(text, reading, asked=asked)
        case SlotType.DURATION:
            return find_durations(text, comma_decimals=reading.comma_decimals)
        case SlotType.BOOLEAN:
            return find_booleans(slot, text, reading, asked=asked)
        case SlotType.ENUM:
            found = find_choices(slot, text)
            return found or kindred_choices(slot, text) if asked else [each for each in found if not _bare(each)]
        case SlotType.EMAIL:
            return find_emails(text, asked=asked)
        case SlotType.PHONE:
            return find_phones(text, reading, asked=asked)
        case SlotType.POSTCODE:
            return find_postcodes(text, reading)
