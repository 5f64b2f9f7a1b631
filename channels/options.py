"""Options on their way out and back: what a button carries, and how a list of choices looks without buttons."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence

from channels.split import Size, shorten
from engine.message import Limits, Option, Reply

PREFIX = "fd"
_HASHED = "~"
_HASH_BYTES = 15
"""20 characters in base64: a stranger cannot find a second value for a token he holds."""

CLOSING = "Reply with the number"


def token(run: str, step: str, value: str) -> str:
    """What a press of `value` brings back (C26); `run` and `step` hold no colon."""
    return f"{PREFIX}:{run}:{step}:{value}"


def carried(full: str, max_bytes: int) -> str:
    """`full` as a channel can carry it: itself, or with a hash in place of the value, or of the whole (C26)."""
    if len(full.encode()) <= max_bytes:
        return full
    mark = _HASHED + base64.urlsafe_b64encode(hashlib.blake2b(full.encode(), digest_size=_HASH_BYTES).digest()).decode()
    placed = ":".join((*full.split(":", 3)[:3], mark))
    return placed if len(placed.encode()) <= max_bytes else f"{PREFIX}:{mark}"


def restored(pressed: str, offered: Iterable[str], max_bytes: int) -> str | None:
    """Which of the `offered` full tokens was pressed; None if it was none of them, so the press is stale (C26)."""
    return next((full for full in offered if pressed in (full, carried(full, max_bytes))), None)


def numbered(text: str, options: Sequence[Option], *, closing: str = CLOSING) -> str:
    """`text`, then one line per option and the closing line (C28). Numbers begin at 1 and follow the given order."""
    lines = [f"{number}. {_one_line(option.label)}" for number, option in enumerate(options, 1)]
    return "\n".join((f"{text}\n", *lines, closing) if text else (*lines, closing))


def composed(reply: Reply, limits: Limits, *, size: Size = len) -> tuple[str, tuple[Option, ...]]:
    """The words to send and the options to put beside them, as this channel can show them.

    Options the channel cannot show as such are numbered lines of the text (C28): when it has none, when there are
    more than `options_max`, or when labels cut to `label_max` could not be told apart. Others have their label cut
    and their token carried. The link closes the text unless the text has it.
    """
    text = reply.text if not reply.link or reply.link in reply.text else f"{reply.text}\n\n{reply.link}"
    if not reply.options:
        return text, ()
    shown = tuple(
        Option(
            label=shorten(_one_line(option.label), limits.label_max, size=size),
            token=carried(option.token, limits.token_max_bytes),
        )
        for option in reply.options
    )
    distinct = len({option.label for option in shown}) == len({_one_line(option.label) for option in reply.options})
    if not (limits.options_native and len(shown) <= limits.options_max and distinct):
        return numbered(text, reply.options), ()
    return text, shown


def _one_line(label: str) -> str:
    return " ".join(label.split())
