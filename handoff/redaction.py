"""What must not be read by everybody is masked: cards, accounts, addresses, numbers, ids, tokens (H53, X60)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from types import ModuleType

import msgspec

VERSION = "1"
"""Of these rules, as the summary names them."""

_SEPARATOR = r"[ \u00a0\u2009.\-]?"
_DIGIT_RUN = re.compile(rf"(?<!\d)\d(?:{_SEPARATOR}\d){{12,}}(?!\d)")
_CARD_DIGITS = range(13, 20)
"""Source: ISO/IEC 7812-1."""
_GLUED = re.compile(r"[\w-]$")
_ISSUED = re.compile(r"[3-6]\d{13,15}$")
"""Behind a letter or dash a run of digits is a card only with an issuer's first digit and a card's usual length."""
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}\b")
_IBAN_CHARS = {
    15: "NO", 16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH HR LI LV",
    22: "AE AL BG BH BY CR DE GB GE GG IE IM JE LY ME RS VA", 23: "GI IL IQ TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AZ CY DO GT HU LB PL", 29: "BR EG PS QA UA",
    30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
}  # fmt: skip
_IBAN_LENGTH = {country: size for size, countries in _IBAN_CHARS.items() for country in countries.split()}
"""Characters of a country's account number. Source: ISO 13616 registry."""
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+\.[\w.-]*\w")
_GOVERNMENT = re.compile(
    r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"  # United States, social security
    r"|(?<![\w-])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w-])"  # United Kingdom, NINO
)
_SECRET = re.compile(
    r"""
      (?<!\d)\d{5,}:[\w-]{16,}                                  # bot tokens
    | \b(?:xox[a-z]|xapp|sk|SK|pk|whsec|gh[pousr])[-_][\w-]{10,}
    | (?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*                         # signed tokens
    | (?<=://)[^/@\s]+(?=@)                                     # user and password in an address
    | (?i:(?<=password\ is\ )|(?<=password:\ )|(?<=password\ )|(?<=passwort\ ist\ )|(?<=passwort:\ ))(?=\S*\d)\S{4,}
    | (?i:(?<=pin\ is\ )|(?<=pin:\ )|(?<=cvv\ )|(?<=cvv\ is\ )|(?<=cvc\ )|(?<=code\ is\ ))\d{3,8}\b
    | \b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}                # long and random-looking
    """,
    re.VERBOSE,
)
_MASK = re.compile(r"(\[(?:card|account|phone) ending \w+\]|\[(?:secret|e-mail|government id)\])")
_NAMELIKE = re.compile(r"[\w/#-]$")
_SEVEN_DIGITS = 7
_PHONE_MAX_CHARS = 2000
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d\d-\d{3,}$")
"""Dates, and numbers counted within a year (2026-000123)."""


class Redacted(msgspec.Struct, frozen=True, kw_only=True):
    """A text with its masks, the classes of what was masked (the summary's `pii_class`), and how many masks."""

    text: str
    classes: frozenset[str] = frozenset()
    count: int = 0


Hook = Callable[[str], Redacted]
"""How a summary masks free text."""


def shielded(text: str) -> str:
    """The text as a model may see it: no card, account or credential. Ways to reach the customer stay (S24)."""
    return _redacted(text, [_secrets, _accounts, _cards, _government_ids]).text


def redact(text: str, *, region: str = "US", phones: bool = True) -> Redacted:
    """Mask everything of the classes above; `region` reads phone numbers that have no country code.

    A mask keeps what helps to talk about the thing (the last digits of a card) and nothing that helps to use it.
    Masking a masked text changes nothing.
    """
    finders: list[_Finder] = [_secrets, _emails, _accounts, _cards, _government_ids]
    if phones:
        finders.append(partial(_phones, region=region))
    return _redacted(text, finders)


_Span = tuple[int, int, str, str]
"""Start, end, mask, class."""
_Finder = Callable[[str], Iterator[_Span]]


def _redacted(text: str, finders: Sequence[_Finder]) -> Redacted:
    classes: set[str] = set()
    count = 0
    masked = -1
    while masked < count:
        masked = count
        for find in finders:
            text, found = _masked_once(text, find)
            classes |= {kind for *_, kind in found}
            count += len(found)
    return Redacted(text=text, classes=frozenset(classes), count=count)


def _masked_once(text: str, find: _Finder) -> tuple[str, list[_Span]]:
    """Mask what `find` finds between the masks that stand already: behind one mask the next may come to light."""
    every: list[_Span] = []
    parts = _MASK.split(text)
    for place in range(0, len(parts), 2):
        parts[place], found = _masked(parts[place], list(find(parts[place])))
        every += found
    return "".join(parts), every


def _masked(text: str, spans: list[_Span]) -> tuple[str, list[_Span]]:
    kept: list[_Span] = []
    parts: list[str] = []
    place = 0
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        start, end, mask, _ = span
        if start < place:
            continue
        parts += [text[place:start], mask]
        place = end
        kept.append(span)
    return "".join([*parts, text[place:]]), kept


def _secrets(text: str) -> Iterator[_Span]:
    yield from ((m.start(), m.end(), "[secret]", "credential") for m in _SECRET.finditer(text))


def _emails(text: str) -> Iterator[_Span]:
    yield from ((m.start(), m.end(), "[e-mail]", "email") for m in _EMAIL.finditer(text))


def _government_ids(text: str) -> Iterator[_Span]:
    yield from ((m.start(), m.end(), "[government id]", "government_id") for m in _GOVERNMENT.finditer(text))


def _cards(text: str) -> Iterator[_Span]:
    """Runs of 13 to 19 digits that pass Luhn's check, alone or among other groups of digits."""
    for run in _DIGIT_RUN.finditer(text):
        glued = bool(_GLUED.search(text[max(0, run.start() - 1) : run.start()]))
        for start, end in _stretches(run[0]):
            digits = re.sub(r"\D", "", run[0][start:end])
            if _luhn(digits) and (start > 0 or not glued or _ISSUED.match(digits)):
                yield run.start() + start, run.start() + end, f"[card ending {digits[-4:]}]", "payment_card"


def _stretches(run: str) -> Iterator[tuple[int, int]]:
    """Every stretch of whole groups with a card's number of digits, so that a card beside its date is found."""
    groups = [(found.start(), found.end()) for found in re.finditer(r"\d+", run)]
    for first, (start, _) in enumerate(groups):
        digits = 0
        for opens, end in groups[first:]:
            digits += end - opens
            if digits > _CARD_DIGITS[-1]:
                break
            if digits in _CARD_DIGITS:
                yield start, end


def _luhn(digits: str) -> bool:
    doubled = [int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _accounts(text: str) -> Iterator[_Span]:
    """IBANs: of their country's length, or the whole of what looks like one, with a right check number (mod 97)."""
    for found in _IBAN.finditer(text):
        places = [place for place, char in enumerate(found[0]) if char.isalnum()]
        wanted = (_IBAN_LENGTH.get(found[0][:2].upper()), *reversed(range(15, min(len(places), 34) + 1)))
        for size in wanted[: 1 + _whole_words(found[0], places)]:
            if size is None or size > len(places):
                continue
            end = places[size - 1] + 1
            bare = re.sub(r"[^A-Za-z0-9]", "", found[0][:end]).upper()
            if _checked(bare):
                yield found.start(), found.start() + end, f"[account ending {bare[-4:]}]", "bank_account"
                break


def _whole_words(shape: str, places: list[int]) -> int:
    """How many further lengths to try: all, when it is written like an account (capitals, groups of four)."""
    return len(places) if re.fullmatch(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4})+(?: ?[A-Z0-9]{1,4})?", shape) else 0


def _checked(account: str) -> bool:
    return int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97 == 1


def _phones(text: str, region: str) -> Iterator[_Span]:
    """Numbers that libphonenumber holds for real. Not a part of an identifier, not a date."""
    if sum(char.isdigit() for char in text) < _SEVEN_DIGITS:
        return
    library = _phonenumbers()
    matches = library.PhoneNumberMatcher(text[:_PHONE_MAX_CHARS], region, leniency=library.Leniency.VALID, max_tries=50)
    for match in matches:
        start, end = int(match.start), int(match.end)
        if not _NAMELIKE.search(text[:start]) and not _DATE.search(text[start:end]):
            digits = re.sub(r"\D", "", text[start:end])
            yield start, end, f"[phone ending {digits[-2:]}]", "phone"


@cache
def _phonenumbers() -> ModuleType:
    """Imported on first use: its metadata is large."""
    import phonenumbers  # noqa: PLC0415

    module: ModuleType = phonenumbers
    return module


def masked_contact(kind: str, value: str) -> str:
    """A way to reach somebody, told apart but not usable: `+1 *** *** **42`, `s***@example.com`, `***77`."""
    value = value.partition(":")[2] or value
    if "@" in value:
        name, _, host = value.rpartition("@")
        return f"{name[:1]}***@{host}"
    if kind == "phone":
        country = _country(value)
        return f"{country} *** *** **{value[-2:]}" if country else f"*** *** **{value[-2:]}"
    return f"***{value[-2:]}"


def _country(number: str) -> str:
    library = _phonenumbers()
    try:
        return f"+{library.parse(number).country_code}"
    except library.NumberParseException:
        return ""
