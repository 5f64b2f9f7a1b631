"""Is our Slack app sound: its token and scopes, the desk's channels, the agents, the socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import aiohttp

from channels.base import Finding
from channels.inquiry import Answered, NoAnswer, ask
from channels.payload import Json, dict_at, list_at, text_at
from channels.slack_places import Roles
from channels.slack_scopes import needed
from channels.slack_wire import ACCOUNT

APP, AGENTS, SOCKET = "slack app", "slack agents", "slack socket"
SCOPES_HEADER = "X-OAuth-Scopes"
GROUP = "S"
"""How the id of a user group begins; a user's begins with U or W."""

_TOKEN_REMEDY = "install the app again and copy its bot token into SLACK_BOT_TOKEN"  # noqa: S105 - a sentence about it
_SCOPES_REMEDY = "add them at OAuth & Permissions (or paste deploy/slack-manifest.yaml anew) and install the app again"
_AWAY_REMEDY = "let this machine reach Slack, or mend SLACK_API_URL"


class Denied(Exception):
    """Slack said no; `error` is its own word, and `away` tells that there was no answer at all."""

    def __init__(self, error: str, *, away: bool = False) -> None:
        super().__init__(error)
        self.error = error
        self.away = away


@dataclass(frozen=True, kw_only=True)
class SlackAsker:
    """Calls of the Web API in the name of `token`. Posted as forms: methods that read do not take JSON.

    Source: Slack docs, conversations.info ("does not currently accept application/json"), and users.info likewise.
    """

    token: str = field(repr=False)
    api_url: str
    http: aiohttp.ClientSession = field(repr=False)

    async def __call__(self, method: str, *, token: str = "", **fields: str) -> Answered:
        """The answer to a method. Raises Denied."""
        url = f"{self.api_url.rstrip('/')}/{method}"
        try:
            answered = await ask(
                self.http, url, form=fields, headers={"Authorization": f"Bearer {token or self.token}"}
            )
        except NoAnswer as away:
            raise Denied(str(away), away=True) from None
        if answered.body.get("ok") is not True:
            raise Denied(text_at(answered.body, "error")[:80] or f"HTTP {answered.status}")
        return answered


async def app(asker: SlackAsker, roles: Roles) -> Sequence[Finding]:
    """auth.test, and the scopes that come with its answer."""
    try:
        answered = await asker("auth.test")
    except Denied as denied:
        return [_refusal(APP, denied)]
    name, team = text_at(answered.body, "user"), text_at(answered.body, "team")
    if SCOPES_HEADER not in answered.headers:
        found = f"the token is @{name}'s in {team}, but Slack does not say what it may do"
        return [Finding.warning(APP, found, f"compare the app's scopes with these: {_listed(needed(roles))}")]
    granted = {scope.strip() for scope in answered.headers[SCOPES_HEADER].split(",")}
    if missing := needed(roles) - granted:
        return [Finding.failed(APP, f"@{name} in {team} lacks scopes: {_listed(missing)}", _SCOPES_REMEDY)]
    return [Finding.ok(APP, f"the token is @{name}'s in {team}, with every scope it needs")]


async def desk_place(asker: SlackAsker, channel: str) -> Sequence[Finding]:
    """conversations.info of one of the desk's channels: can the app speak there, and who else listens?"""
    what = f"slack desk {channel}"
    try:
        held = dict_at((await asker("conversations.info", channel=channel)).body, "channel")
    except Denied as denied:
        if denied.error == "channel_not_found":
            found = "there is no such channel, or it is private and the app is not in it"
            return [Finding.failed(what, found, "write its id (View channel details), and invite the app to it")]
        return [_refusal(what, denied)]
    name = f"#{text_at(held, 'name')}"
    if held.get("is_archived") is True:
        return [Finding.failed(what, f"{name} is archived", "unarchive it, or name another channel")]
    if held.get("is_member") is not True:
        return [Finding.failed(what, f"the app is not in {name}", f"write /invite @ and the app's name in {name}")]
    if held.get("is_ext_shared") is True:
        found = f"{name} is shared with another company, and its people read what customers write"
        return [Finding.warning(what, found, "keep the desk in a channel of your own")]
    return [Finding.ok(what, f"the app is in {name}")]


async def agents(asker: SlackAsker, ids: Sequence[str]) -> Sequence[Finding]:
    """users.info and usergroups.users.list: is everybody who may act at the desk able to (H56)?"""
    looks = await asyncio.gather(*(_fault(asker, id) for id in ids))
    if denied := next((look for look in looks if isinstance(look, Denied)), None):
        return [_refusal(AGENTS, denied)]
    if faults := [str(look) for look in looks if look]:
        remedy = "write ids of people and user groups of this workspace into HANDOFF_SLACK_AGENTS"
        return [Finding.failed(AGENTS, "; ".join(faults), remedy)]
    return [Finding.ok(AGENTS, f"{len(ids)} named, and each can act")]


async def socket(asker: SlackAsker, app_token: str) -> Sequence[Finding]:
    """apps.connections.open: may we open one? None is."""
    try:
        await asker("apps.connections.open", token=app_token)
    except Denied as denied:
        if denied.away:
            return [_refusal(SOCKET, denied)]
        remedy = "switch Socket Mode on, and set SLACK_APP_TOKEN to an app-level token with connections:write"
        return [Finding.failed(SOCKET, f"Slack opens no socket for us: {denied.error}", remedy)]
    return [Finding.ok(SOCKET, "Slack opens a socket for us")]


async def _fault(asker: SlackAsker, id: str) -> str | Denied:
    """Why somebody cannot act; "" where they can; what Slack said where that is not about them."""
    try:
        if id.startswith(GROUP):
            members = list_at((await asker("usergroups.users.list", usergroup=id)).body, "users")
            return "" if members else f"{id} is a user group of nobody"
        return _unfit(id, dict_at((await asker("users.info", user=id)).body, "user"))
    except Denied as denied:
        if denied.error in ("user_not_found", "user_not_visible", "users_not_found"):
            return f"{id} is nobody in this workspace"
        if denied.error in ("no_such_subteam", "subteam_not_found"):
            return f"{id} is no user group of this workspace"
        return denied


def _unfit(id: str, user: Json) -> str:
    reasons = {
        "deleted": "is deactivated",
        "is_bot": "is a bot",
        "is_stranger": "is of another company",
        "is_restricted": "is a guest",
        "is_ultra_restricted": "is a guest",
    }
    return next((f"{id} {why}" for key, why in reasons.items() if user.get(key) is True), "")


def _refusal(what: str, denied: Denied) -> Finding:
    if denied.away:
        return Finding.failed(what, f"Slack does not answer: {denied.error}", _AWAY_REMEDY)
    if denied.error in ACCOUNT:
        return Finding.failed(what, f"Slack refuses our token: {denied.error}", _TOKEN_REMEDY)
    if denied.error == "missing_scope":
        return Finding.failed(what, "the app lacks the scope to look at this", _SCOPES_REMEDY)
    return Finding.failed(what, f"Slack refuses: {denied.error}", "try again in a minute")


def _listed(scopes: Iterable[str]) -> str:
    return ", ".join(sorted(scopes))
