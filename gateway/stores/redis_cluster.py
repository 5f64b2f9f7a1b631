"""A cluster's map, and lanes that follow it: each command goes to the node that has its keys.

1. A node that is away fails the commands that are its own, and no others of their batch.
2. The map is drawn anew by whoever meets a moved slot or a node that is away; all lanes share it.
3. While a slot is on its way to another node, its conversations are away: no node runs a script on keys of which some
   have left, or not yet come.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from redis.asyncio.connection import ConnectionPool
from redis.crc import key_slot
from redis.exceptions import ConnectionError as Cut
from redis.exceptions import ResponseError

from gateway.stores.redis_faults import code_of
from gateway.stores.redis_lanes import Answer, Command, NodeLane

Node = tuple[str, int]
PoolTo = Callable[[Node], ConnectionPool]

SLOTS = ("CLUSTER", "SLOTS")
ASK_WITHIN_S = 0.5
"""For one node to show the map; then the next is asked."""
SHARE_WITHIN_S = 1.0
"""For one node to carry out its share: less than a batch has, so that one that hangs fails by itself."""


class ClusterMap:
    """Which node has which slots, as the cluster last told. `seeds` are asked first, then whoever was heard of."""

    def __init__(self, seeds: Sequence[Node], pool_to: PoolTo) -> None:
        self._known = list(seeds)
        self._pool_to = pool_to
        self._ranges: list[tuple[int, int, Node]] = []
        self._drawing = asyncio.Lock()

    def forget(self) -> None:
        """It was wrong somewhere."""
        self._ranges = []

    async def draw(self) -> list[Node]:
        """Have it at hand, and give every primary. Raises Cut when no node answers."""
        async with self._drawing:
            for node in self._known:
                if self._ranges:
                    break
                self._ranges = await self._asked(node)
                self._known = [node, *(other for other in self._known if other != node)]
        primaries = list(dict.fromkeys(node for *_, node in self._ranges))
        if not primaries:
            raise Cut("no node of the cluster answers")
        self._known += (node for node in primaries if node not in self._known)
        return primaries

    def home(self, command: Command) -> Node:
        """The node of a command's first key, on a map that is at hand. Raises Cut where the slot is nobody's."""
        key = command[3]
        slot = key_slot(key) if isinstance(key, bytes) else 0
        for first, last, node in self._ranges:
            if first <= slot <= last:
                return node
        raise Cut("a slot of the cluster is nobody's")

    async def _asked(self, node: Node) -> list[tuple[int, int, Node]]:
        lane = NodeLane(self._pool_to(node))
        try:
            async with asyncio.timeout(ASK_WITHIN_S):
                [answer] = await lane.carry([SLOTS])
        except (Cut, OSError, TimeoutError):
            return []
        finally:
            await lane.close()
        if isinstance(answer, Exception):
            return []
        # A node that does not know its own name leaves it out: it is the one that was asked.
        return [
            (first, last, ((host or node[0].encode()).decode(), port)) for first, last, (host, port, *_), *_ in answer
        ]


class ClusterLane:
    """One connection to each node, made when it is needed."""

    def __init__(self, map: ClusterMap, pool_to: PoolTo) -> None:
        self._map = map
        self._pool_to = pool_to
        self._lanes: dict[Node, NodeLane] = {}

    async def carry(self, commands: Sequence[Command]) -> list[Answer]:
        """To every node its own, side by side. What became of a node stands in place of its answers."""
        await self._map.draw()
        shares: defaultdict[Node, list[int]] = defaultdict(list)
        for place, command in enumerate(commands):
            shares[self._map.home(command)].append(place)
        answers: list[Answer] = [None] * len(commands)
        carried = (self._share(node, [commands[place] for place in places]) for node, places in shares.items())
        for places, share in zip(shares.values(), await asyncio.gather(*carried), strict=True):
            for place, answer in zip(places, share, strict=True):
                answers[place] = answer
        if any(map(_misled, answers)):
            self._map.forget()
        return answers

    async def close(self) -> None:
        """Hang up on every node."""
        for lane in self._lanes.values():
            await lane.close()

    async def _share(self, node: Node, commands: Sequence[Command]) -> list[Answer]:
        try:
            async with asyncio.timeout(SHARE_WITHIN_S):
                return await self._lane(node).carry(commands)
        except (Cut, OSError) as fault:
            return [fault] * len(commands)

    def _lane(self, node: Node) -> NodeLane:
        if node not in self._lanes:
            self._lanes[node] = NodeLane(self._pool_to(node))
        return self._lanes[node]


def _misled(answer: Answer) -> bool:
    if isinstance(answer, ResponseError):
        return code_of(answer) == "MOVED"
    return isinstance(answer, Exception)
