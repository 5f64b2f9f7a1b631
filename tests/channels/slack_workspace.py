"""A Slack with a memory: channels that keep what is posted, threads, reactions, files, windows, people (H40-H66)."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.channels.slack_double import BOT_ID, TEAM, SlackDouble

Json = dict[str, Any]

MAX_TEXT, MAX_BLOCKS, MAX_SHOWN = 4000, 50, 13_200
"""Of a message without blocks, of its blocks, and of all text in them (Slack docs; slackapi/bolt-js#2509)."""
MAX_METADATA = 4096
WINDOW_OF_PAGES = 3
"""Messages of one page: so few that there are several."""


class Complaint(Exception):
    """An error as Slack words it."""


class SlackWorkspace(SlackDouble):
    """Refuses what Slack refuses. `channels` are those the app is in."""

    def __init__(self, *channels: str) -> None:
        super().__init__()
        self.channels = set(channels)
        self.messages: list[Json] = []
        self.whispers: list[Json] = []
        self.views: list[Json] = []
        self.reactions: list[tuple[str, str, str]] = []
        self.files: dict[str, bytes] = {}
        """Content by name, of those that were shared."""
        self.uploads: list[dict[str, str]] = []
        """The headers of each upload."""
        self.users: dict[str, Json] = {}
        self.groups: dict[str, list[str]] = {}
        self._uploaded: dict[str, tuple[str, bytes]] = {}

    def parents(self, channel: str) -> list[Json]:
        """The top-level messages of a channel, as they are now."""
        return [one for one in self.messages if one["channel"] == channel and not one.get("thread_ts")]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The replies below a message."""
        return [one for one in self.messages if one["channel"] == channel and one.get("thread_ts") == ts]

    def of_row(self, row: str, part: str) -> Json:
        """The one message of a part of an outbox row."""
        wanted = {"row": row, "part": part}.items()
        (found,) = [one for one in self.messages if wanted <= one.get("metadata", {}).get("event_payload", {}).items()]
        return found

    def chatters(self, channel: str, thread: str | None) -> None:
        """Somebody says something."""
        ts = f"1795260000.{700_000 + len(self.messages):06d}"
        self.messages.append({"channel": channel, "thread_ts": thread, "ts": ts, "text": "hm", "user": "U9"})

    def lose(self, ts: str) -> None:
        """A message is deleted, with its thread."""
        self.messages = [one for one in self.messages if ts not in (one["ts"], one.get("thread_ts"))]

    def hires(self, *users: str, **more: Any) -> None:
        """People of the workspace."""
        for user in users:
            profile = {"display_name": f"{user.title()} Smith"}
            self.users[user] = {"id": user, "team_id": TEAM, "deleted": False, "profile": profile, **more}

    def serves(self, app: web.Application) -> None:
        super().serves(app)
        app.router.add_post("/upload/{id}", self.takes)

    async def takes(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes."""
        planned = self._planned["upload"]
        if planned:
            return await planned.popleft()(request)
        self.uploads.append(dict(request.headers))
        name, _ = self._uploaded[request.match_info["id"]]
        self._uploaded[request.match_info["id"]] = (name, await request.read())
        return web.Response(text="OK")

    async def well(self, request: web.Request) -> web.StreamResponse:
        method, body = request.match_info["method"], self.calls[-1].body
        does = getattr(self, "_" + method.replace(".", "_"), None)
        if does is None:
            return await super().well(request)
        try:
            return web.json_response({"ok": True, **does(body)})
        except Complaint as complaint:
            return web.json_response({"ok": False, "error": str(complaint)})

    def _chat_postMessage(self, body: Json) -> Json:
        self._taken(body)
        thread = body.get("thread_ts")
        if thread and not any(one["ts"] == thread for one in self.messages):
            raise Complaint("thread_not_found")
        ts = f"1795260000.{len(self.asked('chat.postMessage')):06d}"
        self.messages.append({**body, "ts": ts, "bot_id": BOT_ID})
        return {"channel": body["channel"], "ts": ts}

    def _chat_update(self, body: Json) -> Json:
        self._taken(body)
        for one in self.messages:
            if (one["channel"], one["ts"]) == (body["channel"], body["ts"]):
                one.update({"blocks": [], **body})
                return {"channel": body["channel"], "ts": body["ts"]}
        raise Complaint("message_not_found")

    def _chat_postEphemeral(self, body: Json) -> Json:
        self._taken(body)
        if body["user"] not in self.users:
            raise Complaint("user_not_in_channel")
        self.whispers.append(body)
        return {"message_ts": "1795260000.900000"}

    def _conversations_history(self, asked: Json) -> Json:
        newest = [one for one in reversed(self.messages) if not one.get("thread_ts")]
        return self._page(asked, newest)

    def _conversations_replies(self, asked: Json) -> Json:
        found = [one for one in self.messages if asked["ts"] in (one["ts"], one.get("thread_ts"))]
        if not found:
            raise Complaint("thread_not_found")
        return self._page(asked, found)

    def _reactions_add(self, body: Json) -> Json:
        reaction = (body["channel"], body["timestamp"], body["name"])
        if reaction in self.reactions:
            raise Complaint("already_reacted")
        self.reactions.append(reaction)
        return {}

    def _views_open(self, body: Json) -> Json:
        if not body["trigger_id"]:
            raise Complaint("invalid_trigger_id")
        self.views.append(body["view"])
        return {"view": {**body["view"], "id": f"V{len(self.views)}"}}

    def _files_getUploadURLExternal(self, asked: Json) -> Json:
        id = f"F{len(self._uploaded) + 1}"
        self._uploaded[id] = (asked["filename"], b"-" * int(asked["length"]))
        return {"upload_url": self.url.replace("/api/", f"/upload/{id}"), "file_id": id}

    def _files_completeUploadExternal(self, asked: Json) -> Json:
        self._taken({"channel": asked["channel_id"], "text": "a file"})
        files = []
        for one in json.loads(asked["files"]):
            name, content = self._uploaded[one["id"]]
            self.files[name] = content
            files.append({"id": one["id"], "name": name})
        ts = f"1795260000.{500_000 + len(self.files):06d}"
        message = {"channel": asked["channel_id"], "thread_ts": asked.get("thread_ts"), "ts": ts, "files": files}
        self.messages.append({**message, "text": ""})
        return {"files": files}

    def _users_info(self, asked: Json) -> Json:
        if asked["user"] not in self.users:
            raise Complaint("user_not_found")
        return {"user": self.users[asked["user"]]}

    def _usergroups_users_list(self, asked: Json) -> Json:
        if asked["usergroup"] not in self.groups:
            raise Complaint("no_such_subteam")
        return {"users": self.groups[asked["usergroup"]]}

    def _page(self, asked: Json, messages: list[Json]) -> Json:
        """One page; metadata only for those who ask."""
        if asked["channel"] not in self.channels:
            raise Complaint("channel_not_found")
        hidden = () if asked.get("include_all_metadata") == "true" else ("metadata",)
        there = [one for one in messages if one["channel"] == asked["channel"]]
        start = int(asked.get("cursor") or 0)
        page = there[start : start + WINDOW_OF_PAGES]
        shown = [{name: value for name, value in one.items() if name not in hidden} for one in page]
        more = start + WINDOW_OF_PAGES < len(there)
        cursor = str(start + WINDOW_OF_PAGES) if more else ""
        return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": cursor}}

    def _taken(self, body: Json) -> None:
        """Raises the complaint Slack would have about a message."""
        blocks = body.get("blocks") or []
        payload = body.get("metadata", {}).get("event_payload", {})
        if body["channel"] not in self.channels:
            raise Complaint("channel_not_found")
        if not body.get("text") and not blocks:
            raise Complaint("no_text")
        if not blocks and len(body["text"]) > MAX_TEXT:
            raise Complaint("msg_too_long")
        if len(blocks) > MAX_BLOCKS or sum(map(len, shown(blocks))) > MAX_SHOWN:
            raise Complaint("msg_blocks_too_long")
        if any(isinstance(value, dict | list) for value in payload.values()):
            raise Complaint("invalid_metadata_format")
        if len(json.dumps(body.get("metadata", {}))) > MAX_METADATA:
            raise Complaint("metadata_too_large")
        if not well_formed(blocks):
            raise Complaint("invalid_blocks")


def shown(node: Any) -> list[str]:
    """Every text in blocks."""
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for inner in node.values() for text in shown(inner)]
    return [text for inner in node for text in shown(inner)] if isinstance(node, list) else []


def well_formed(blocks: list[Json]) -> bool:
    """Do slack_sdk's own models take them?"""
    from slack_sdk.errors import SlackObjectFormationError
    from slack_sdk.models.blocks import Block

    try:
        parsed = Block.parse_all(blocks)
        for block in parsed:
            block.validate_json()
    except SlackObjectFormationError:
        return False
    return len(parsed) == len(blocks) and all(text for text in shown(blocks))
