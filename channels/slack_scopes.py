"""What our Slack app must be allowed: the scopes behind each method it calls and each event it hears.

Source: Slack docs, the pages of each method and of each event ("Required scopes", bot token). Where they name a scope
per kind of place, all the kinds stand here that we may meet: public channels, private ones (groups), direct messages.
`deploy/slack-manifest.yaml` asks for exactly these; a test holds it, and our own code, against them.
"""

from __future__ import annotations

from collections.abc import Mapping

from channels.slack_places import Customers, Roles

_HISTORY = ("channels:history", "groups:history")
_PLACES = ("channels:read", "groups:read")

OF_METHODS: Mapping[str, tuple[str, ...]] = {
    "apps.connections.open": (),  # an app token's own: connections:write
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _PLACES,
    "conversations.replies": _HISTORY,
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "reactions.add": ("reactions:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
}
OF_EVENTS: Mapping[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": _PLACES,
    "member_left_channel": _PLACES,
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "tokens_revoked": (),
}
COMMANDS = "commands"
"""For slash commands and shortcuts."""
FILES = "files:read"
"""For the names, kinds and contents of what people attach (Slack docs, file objects)."""


def needed(roles: Roles) -> frozenset[str]:
    """The scopes that these roles cannot do without. A desk uses all; customers alone need less."""
    if roles.desk:
        return everything()
    scopes = {"chat:write", FILES}
    if roles.hears(dm=True):
        scopes |= {*OF_EVENTS["message.im"]}
    if roles.hears(dm=False):
        scopes |= {*OF_EVENTS["app_mention"], *_HISTORY}
    return frozenset(scopes) if roles.customers is not Customers.OFF else frozenset()


def everything() -> frozenset[str]:
    """The scopes of the app as we describe it."""
    found = {scope for scopes in (*OF_METHODS.values(), *OF_EVENTS.values()) for scope in scopes}
    return frozenset(found | {COMMANDS, FILES})
