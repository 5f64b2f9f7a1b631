"""Who may act at the desk: listed users, members of listed groups, and nobody from outside (H56)."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from engine.errors import DeliveryError
from engine.ports import Clock
from handoff.case import Agent
from handoff.policy import DeskPolicy
from handoff.ports import SlackApi
from handoff.slack_shapes import Members, User, UserTold, read

KNOWN_FOR_S = 300.0
"""How long what Slack told of a user or a group is taken for true (H56)."""
AWAY_FOR_S = 30.0
"""How long Slack is not asked again for a listed user after it did not answer."""

_NOBODY = frozenset({"user_not_found", "user_not_visible"})
_Shape = TypeVar("_Shape")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Kept(Generic[_Shape]):
    """What Slack told, and until when that is taken for true."""

    told: _Shape
    until: datetime


class SlackRoster:
    """A Roster. `agents` are HANDOFF_SLACK_AGENTS: users (`U`, `W`) and user groups (`S`).

    While Slack does not answer, a user listed by id counts; a group's members do only as long as they are known.
    """

    def __init__(self, api: SlackApi, policy: DeskPolicy, agents: Collection[str], clock: Clock) -> None:
        self._api, self._policy, self._clock = api, policy, clock
        self._listed = frozenset(id for id in agents if not id.startswith("S"))
        self._groups = tuple(id for id in agents if id.startswith("S"))
        self._users: dict[str, _Kept[User | None]] = {}
        self._members: dict[str, _Kept[frozenset[str]]] = {}

    async def agent(self, user: str, team: str) -> Agent | None:
        """The agent behind a user id of a team, with the name that customers see (H48); None for everybody else."""
        if not user or team != (self._api.team or team):
            return None
        if user not in self._listed and not await self._in_a_group(user):
            return None
        try:
            known = await self._user(user)
        except DeliveryError as error:
            _log.warning("Slack tells nothing of user %s: %s", user, error)
            if user not in self._listed:
                return None
            known = self._users[user].told if user in self._users else User()
            self._users[user] = _Kept(told=known, until=self._clock.now() + timedelta(seconds=AWAY_FOR_S))
        if known is None or not known.colleague(team):
            return None
        return Agent(id=user, alias=self._policy.alias(user, known.name))

    async def _user(self, user: str) -> User | None:
        """What Slack tells of a user; None where there is none. Raises DeliveryError."""
        kept = self._users.get(user)
        if kept is None or kept.until <= self._clock.now():
            kept = self._users[user] = _Kept(told=await self._asked(user), until=self._soon())
        return kept.told

    async def _asked(self, user: str) -> User | None:
        try:
            return read(await self._api.call("users.info", {"user": user}), UserTold).user
        except DeliveryError as error:
            if error.code in _NOBODY:
                return None
            raise

    async def _in_a_group(self, user: str) -> bool:
        for group in self._groups:
            if user in await self._members_of(group):
                return True
        return False

    async def _members_of(self, group: str) -> Collection[str]:
        kept = self._members.get(group)
        if kept is not None and self._clock.now() < kept.until:
            return kept.told
        try:
            told = read(await self._api.call("usergroups.users.list", {"usergroup": group}), Members).users
        except DeliveryError as error:
            _log.warning("Slack tells no members of the user group %s: %s", group, error)
            return ()
        self._members[group] = _Kept(told=frozenset(told), until=self._soon())
        return told

    def _soon(self) -> datetime:
        return self._clock.now() + timedelta(seconds=KNOWN_FOR_S)
