"""What Slack's answers hold, as far as the desk reads them. Source: Slack docs, Web API, of each method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from engine.errors import DeliveryError
from engine.message import Unknown

_Shape = TypeVar("_Shape")


class Posted(msgspec.Struct, frozen=True):
    """Of chat.postMessage."""

    ts: str


class Place(msgspec.Struct, frozen=True):
    """Of files.getUploadURLExternal."""

    upload_url: str
    file_id: str


class Metadata(msgspec.Struct, frozen=True):
    """What an app put beside its words."""

    event_payload: dict[str, Any] = {}


class File(msgspec.Struct, frozen=True):
    """A file of a message; of one that was deleted only the id is left."""

    id: str = ""
    name: str | None = None


class Message(msgspec.Struct, frozen=True):
    """Of a channel's history or a thread's replies."""

    ts: str
    metadata: Metadata | None = None
    files: tuple[File, ...] | None = None


class Onward(msgspec.Struct, frozen=True):
    """Where the next page begins."""

    next_cursor: str = ""


class Page(msgspec.Struct, frozen=True):
    """Of conversations.history and conversations.replies."""

    messages: tuple[Message, ...] = ()
    response_metadata: Onward | None = None

    @property
    def next(self) -> str:
        """The cursor of the next page; "" after the last."""
        return self.response_metadata.next_cursor if self.response_metadata else ""


class Profile(msgspec.Struct, frozen=True):
    """How a user wants to be called."""

    display_name: str | None = None
    real_name: str | None = None


class User(msgspec.Struct, frozen=True):
    """A user of the workspace, or of one connected to it."""

    team_id: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    real_name: str | None = None
    profile: Profile = Profile()

    @property
    def name(self) -> str:
        """As the workspace shows it; "" if it is not known."""
        return self.profile.display_name or self.profile.real_name or self.real_name or ""

    def colleague(self, team: str) -> bool:
        """One of the workspace's own people: no guest, no machine, nobody of a connected organisation (H56)."""
        guest = self.is_restricted or self.is_ultra_restricted
        outside = self.is_stranger or self.team_id not in (None, team)
        return not (self.deleted or self.is_bot or guest or outside)


class UserTold(msgspec.Struct, frozen=True):
    """Of users.info."""

    user: User


class Members(msgspec.Struct, frozen=True):
    """Of usergroups.users.list."""

    users: tuple[str, ...]


def read(answer: Mapping[str, Any], shape: type[_Shape]) -> _Shape:
    """An answer as one of these. Raises DeliveryError: what came of the call is then unknown (C33)."""
    try:
        return msgspec.convert(answer, shape)
    except msgspec.ValidationError:
        reason = f"an answer of Slack's that is no {shape.__name__}"
        raise DeliveryError(reason, Unknown(reason=reason)) from None
