"""Reads environment variables as text: secrets also from `<NAME>_FILE`, every fault told with its remedy (F39, X72)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_SECRET_FILE_BYTES = 16_384
SHORTEST_MASKED = 8
"""Characters. Masking shorter values would black out ordinary words of a log."""

_SECRET_NAME = re.compile(r"(?:TOKEN|SECRET|KEY|PASSWORD|PASSWD|CREDENTIALS?)$")
_QUOTES = "\"'`“”‘’"


@dataclass(frozen=True, kw_only=True)
class Variables:
    """What was found. `given` names every variable that was set, also wrongly; `values` holds the sound ones."""

    values: Mapping[str, str]
    given: frozenset[str]
    problems: tuple[str, ...]


def read_variables(environ: Mapping[str, str], *, plain: Iterable[str], secret: Iterable[str]) -> Variables:
    """Read the named variables. No value appears in a problem: what looks plain may hold a secret by mistake."""
    found = [(name, name, environ[name]) for name in plain if name in environ]
    given = {name for name, _, _ in found}
    problems: list[str] = []
    for name in secret:
        file = f"{name}_FILE"
        if name not in environ and file not in environ:
            continue
        given.add(name)
        if name in environ and file in environ:
            problems.append(f"{name} and {file} are both set; keep one of them")
        elif name in environ:
            found.append((name, name, environ[name]))
        else:
            try:
                found.append((name, f"{name} (from {file})", _secret_in(environ[file])))
            except (OSError, ValueError) as error:
                problems.append(f"{file} {_unreadable(error)}; give the path of a file that holds only the secret")
    values: dict[str, str] = {}
    for name, label, text in found:
        fault = _fault(text)
        if fault:
            problems.append(f"{label} {fault}")
        else:
            values[name] = text
    return Variables(values=values, given=frozenset(given), problems=tuple(problems))


def secret_looking(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Values of variables named like secrets, ours or not: flows may use them (X31), no log may hold them (F34)."""
    return tuple(
        value for name, value in environ.items() if _SECRET_NAME.search(name) and len(value) >= SHORTEST_MASKED
    )


def _secret_in(path: str) -> str:
    with Path(path).open("rb") as file:
        held = file.read(MAX_SECRET_FILE_BYTES + 1)
    if len(held) > MAX_SECRET_FILE_BYTES:
        raise ValueError(f"holds more than {MAX_SECRET_FILE_BYTES} bytes")
    # Editors and `echo` end a file with a line break; no provider's secret ends with one.
    return held.decode().removesuffix("\n").removesuffix("\r")


def _unreadable(error: OSError | ValueError) -> str:
    # The path stays out of it: a secret is easily written here in place of its file's name.
    match error:
        case OSError(strerror=str(why)):
            return f"cannot be read ({why})"
        case UnicodeDecodeError():
            return "names a file that is not UTF-8 text"
        case _:
            return f"names a file that cannot be meant ({error})"


def _fault(text: str) -> str | None:
    if not text.strip():
        return "is blank; give it a value or remove it"
    if "\n" in text or "\r" in text:
        return "holds a line break; write the value on one line"
    if not text.isprintable():
        return "holds a control character; write the value anew instead of pasting it"
    if text != text.strip():
        return "begins or ends with white space; remove it"
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        return "stands in quotes, which would become part of the value; write it without them"
    return None
