"""Which layer every state stands in, and the order within a layer that lets the fewest edges cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from gateway.diagram.graph import Graph

Cell = tuple[str, int, int]
"""A place in a layer: (state, -1, layer) for a node, ("", edge's index, layer) where an edge passes."""

SWEEPS = 12
"""Passes down and up over the layers; small flows settle within four."""


@dataclass(frozen=True, kw_only=True)
class Chain:
    """One edge through the layers: the cells from its source to its target, ends included."""

    edge: int
    cells: tuple[Cell, ...]
    back: bool = False


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Cells of every layer from left to right, top layer first, and the edges' ways through them."""

    rows: tuple[tuple[Cell, ...], ...]
    chains: tuple[Chain, ...]
    beside: dict[Cell, Cell] = field(default_factory=dict)
    """Where an edge back leaves or enters its state at the side: passing cell -> node's cell, next to each other."""


def layered(graph: Graph) -> Layers:
    """Longest-path layers over the forward edges; edges back run upwards beside the states, in cells of their own.

    Deterministic: the same graph gives the same layers.
    """
    back = _back_edges(graph)
    rank = _ranks(graph, back)
    chains, beside = _chains(graph, rank, back)
    cells = {cell: None for chain in chains for cell in chain.cells} | {(n, -1, r): None for n, r in rank.items()}
    rows: list[list[Cell]] = [[] for _ in range(max(rank.values()) + 1)]
    for cell in cells:
        rows[cell[2]].append(cell)
    return Layers(rows=_ordered(rows, chains, beside), chains=tuple(chains), beside=beside)


def _back_edges(graph: Graph) -> set[int]:
    """Indices of the edges that close a cycle when states are visited depth first in the file's order."""
    leaving: dict[str, list[int]] = defaultdict(list)
    for index, edge in enumerate(graph.edges):
        leaving[edge.source].append(index)
    back: set[int] = set()
    under_way: set[str] = set()
    seen: set[str] = set()

    def visit(name: str) -> None:
        seen.add(name)
        under_way.add(name)
        for index in leaving[name]:
            target = graph.edges[index].target
            if target in under_way:
                back.add(index)
            elif target not in seen:
                visit(target)
        under_way.discard(name)

    for node in graph.nodes:
        if node.name not in seen:
            visit(node.name)
    return back


def _ranks(graph: Graph, back: set[int]) -> dict[str, int]:
    rank = {node.name: 0 for node in graph.nodes}
    forward = [edge for index, edge in enumerate(graph.edges) if index not in back]
    for _ in graph.nodes:
        for edge in forward:
            rank[edge.target] = max(rank[edge.target], rank[edge.source] + 1)
    return rank


def _chains(graph: Graph, rank: dict[str, int], back: set[int]) -> tuple[list[Chain], dict[Cell, Cell]]:
    chains: list[Chain] = []
    beside: dict[Cell, Cell] = {}
    for index, edge in enumerate(graph.edges):
        source, target = (edge.source, -1, rank[edge.source]), (edge.target, -1, rank[edge.target])
        if index in back:
            between = [("", index, layer) for layer in range(source[2], target[2] - 1, -1)]
            beside |= {between[0]: source, between[-1]: target}
        else:
            between = [("", index, layer) for layer in range(source[2] + 1, target[2])]
        chains.append(Chain(edge=index, cells=(source, *between, target), back=index in back))
    return chains, beside


def _ordered(rows: list[list[Cell]], chains: Sequence[Chain], beside: dict[Cell, Cell]) -> tuple[tuple[Cell, ...], ...]:
    """Barycenter sweeps from two beginnings (as met, and mirrored); the order with the fewest crossings wins."""
    above, below = _neighbours(chains)
    best, fewest = rows, _crossings(rows, below)
    for start in (rows, [row[::-1] for row in rows]):
        current = [_snapped(row, beside) for row in start]
        for sweep in range(SWEEPS):
            downwards = sweep % 2 == 0
            current = _swept(current, above if downwards else below, beside, downwards=downwards)
            crossings = _crossings(current, below)
            if crossings < fewest or best is rows:
                best, fewest = current, crossings
    return tuple(tuple(row) for row in best)


def _neighbours(chains: Sequence[Chain]) -> tuple[dict[Cell, list[Cell]], dict[Cell, list[Cell]]]:
    above: dict[Cell, list[Cell]] = defaultdict(list)
    below: dict[Cell, list[Cell]] = defaultdict(list)
    for upper, lower in _links(chains):
        below[upper].append(lower)
        above[lower].append(upper)
    return above, below


def _links(chains: Sequence[Chain]) -> Iterator[tuple[Cell, Cell]]:
    for chain in chains:
        for one, other in pairwise(chain.cells):
            if one[2] != other[2]:
                yield (one, other) if one[2] < other[2] else (other, one)


def _swept(
    rows: list[list[Cell]], neighbours: dict[Cell, list[Cell]], beside: dict[Cell, Cell], *, downwards: bool
) -> list[list[Cell]]:
    swept = list(rows)
    order = range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1)
    for layer in order:
        fixed = {cell: place for place, cell in enumerate(swept[layer - 1 if downwards else layer + 1])}
        weight = {
            cell: _mean([fixed[other] for other in neighbours[cell]], float(place))
            for place, cell in enumerate(swept[layer])
        }
        swept[layer] = _snapped(sorted(swept[layer], key=weight.__getitem__), beside)
    return swept


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _snapped(row: list[Cell], beside: dict[Cell, Cell]) -> list[Cell]:
    """Bring every cell that belongs beside a node next to it, on the side where it stands already."""
    place = {cell: index for index, cell in enumerate(row)}
    snapped: list[Cell] = []
    for cell in row:
        if cell in beside:
            continue
        guests = [guest for guest in row if beside.get(guest) == cell]
        snapped += [guest for guest in guests if place[guest] < place[cell]]
        snapped.append(cell)
        snapped += [guest for guest in guests if place[guest] > place[cell]]
    return snapped


def _crossings(rows: list[list[Cell]], below: dict[Cell, list[Cell]]) -> int:
    count = 0
    for upper, lower in pairwise(rows):
        place = {cell: index for index, cell in enumerate(lower)}
        ends = [(start, place[other]) for start, cell in enumerate(upper) for other in below[cell]]
        count += sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(ends, 2))
    return count
