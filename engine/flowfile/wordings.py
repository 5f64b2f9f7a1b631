"""Wordings as an author wrote them, by channel kind and locale: of a state's prompt, and of our own lines."""

from __future__ import annotations

from typing import Any


def prompts(said: Any) -> dict[str, tuple[str, ...]]:
    """Wordings by channel kind or locale; the first of a map is also the default, unless it names a `default`."""
    match said:
        case None:
            return {}
        case str():
            return {"": (said,)}
        case list():
            return {"": tuple(said)}
    found = {key: (words,) if isinstance(words, str) else tuple(words) for key, words in said.items()}
    default = found.pop("default", None) or next(iter(found.values()), ())
    return {"": default, **found} if default else found


def lines(said: dict[str, Any]) -> dict[str, str]:
    """Line key -> wording; a wording for one locale or channel kind stands under `key.de`, `key.sms`."""
    found: dict[str, str] = {}
    for key, wording in said.get("lines", {}).items():
        if isinstance(wording, str):
            found[key] = wording
        else:
            found |= {key if kind == "default" else f"{key}.{kind}": text for kind, text in wording.items()}
    return found
