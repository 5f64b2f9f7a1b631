"""What the fields of a summary may hold: patterns and lengths of `handoff-summary.v1`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_:.-]{1,80}\Z")]
Ref = Annotated[
    str,
    Meta(
        pattern=r"^(m[0-9]{1,6}|at[0-9]{1,4}|slot:[a-z][a-z0-9_]{0,59}|fact:[a-z][a-z0-9_]{0,59}|flow:active|customer:history"
        r"|customer:tier|sentiment|config:[a-z0-9_.-]{1,60})\Z"
    ),
]
"""What a statement or a trigger rests on, elsewhere in the same document."""
MessageId = Annotated[str, Meta(pattern=r"^m[0-9]{1,6}\Z")]
AttemptId = Annotated[str, Meta(pattern=r"^at[0-9]{1,4}\Z")]
HandoffId = Annotated[str, Meta(pattern=r"^ho_[0-9A-HJKMNP-TV-Z]{26}\Z")]
Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,59}\Z")]
Hash = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{12,64}\Z")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")]
Url = Annotated[str, Meta(pattern=r"^https?://", max_length=500)]
Count = Annotated[int, Meta(ge=0)]
Score = Annotated[float, Meta(ge=-1, le=1)]
Text40 = Annotated[str, Meta(max_length=40)]
Text64 = Annotated[str, Meta(max_length=64)]
Text80 = Annotated[str, Meta(max_length=80)]
Text120 = Annotated[str, Meta(max_length=120)]
Text200 = Annotated[str, Meta(min_length=1, max_length=200)]
Text255 = Annotated[str, Meta(max_length=255)]
Text1000 = Annotated[str, Meta(max_length=1000)]
Refs = Annotated[tuple[Ref, ...], Meta(min_length=1, max_length=6)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the document."""
