"""Typed facts from an action's JSON answer."""

from __future__ import annotations

from typing import Any

from engine.flow import ActionDef, SaveDef, SlotType
from engine.money import amount_json, is_amount

DEFAULT_CURRENCY = "USD"


def facts_of(action: ActionDef, body: Any) -> dict[str, Any]:
    """What the action saves, by name; a path that leads nowhere, or to what its type refuses, is left out."""
    found = {name: _fact(save, body) for name, save in action.save.items()}
    return {name: value for name, value in found.items() if value is not None}


def answer_with(action: ActionDef, facts: dict[str, Any]) -> Any:
    """An answer in which the action finds these facts; None where it takes none from it."""
    if action.python is not None:
        return facts or None
    body: Any = None
    for name, value in facts.items():
        if name in action.save:
            body = _put(body, action.save[name].path.split("."), value)
    return body


def _put(body: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    part, *rest = path
    if part.isdigit() and not isinstance(body, dict):
        items = [*(body or ()), *[None] * (int(part) + 1)][: max(len(body or ()), int(part) + 1)]
        items[int(part)] = _put(items[int(part)], rest, value)
        return items
    return {**(body or {}), part: _put((body or {}).get(part), rest, value)}


def _fact(save: SaveDef, body: Any) -> Any:
    value = at_path(body, save.path)
    if value is None or save.type is None or is_amount(value):
        return value
    try:
        return _typed(save, value, body)
    except (ValueError, TypeError):
        return None


def _typed(save: SaveDef, value: Any, body: Any) -> Any:
    if save.type is SlotType.AMOUNT:
        currency = at_path(body, save.currency_path) if save.currency_path else None
        return amount_json(value, str(currency or DEFAULT_CURRENCY))
    if save.type is SlotType.INTEGER:
        return int(value)
    if save.type is SlotType.NUMBER:
        return float(value)
    if save.type is SlotType.BOOLEAN:
        return value if isinstance(value, bool) else None
    return value if isinstance(value, str) else str(value)


def at_path(body: Any, path: str) -> Any:
    """The value at a dotted path (`item.name`, `lines.0.price`); None where it leads nowhere."""
    for part in path.split("."):
        if isinstance(body, dict):
            body = body.get(part)
        elif isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        else:
            return None
    return body
