"""Where everything stands: coordinates of the boxes and of the edges' curves, in pixels of the picture."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from gateway.diagram.curves import Curve, Point, back, forward
from gateway.diagram.graph import Edge, Graph, Node
from gateway.diagram.layers import Cell, Chain, Layers, layered
from gateway.diagram.lettering import wide

LANE_WIDTH = 14.0
PASSES = 400
"""Sweeps of the placement at most; stiff chains settle slowly."""
SETTLED = 0.02
"""Placement ends when a sweep moves nothing by more pixels than this."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much room a picture takes; `padding` is what a box needs beside its words, `notes` adds sign and note."""

    box_height: float
    box_min_width: float
    box_max_width: float
    padding: float
    gap_x: float
    gap_y: float
    gap_y_labelled: float
    margin: float
    notes: bool


ROOMY = Scale(
    box_height=46,
    box_min_width=128,
    box_max_width=196,
    padding=54,
    gap_x=22,
    gap_y=34,
    gap_y_labelled=54,
    margin=16,
    notes=True,
)
NARROW = Scale(
    box_height=36,
    box_min_width=74,
    box_max_width=126,
    padding=18,
    gap_x=8,
    gap_y=28,
    gap_y_labelled=46,
    margin=6,
    notes=False,
)
"""For a phone: titles only."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A state's rectangle; `x` and `y` are its centre."""

    node: Node
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Route:
    """An edge's way as joined cubics; it ends where its tip touches the target. `back` leads to an earlier layer."""

    edge: Edge
    curves: tuple[Curve, ...]
    back: bool


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A laid-out graph: `width` and `height` include the margin. Boxes never overlap, and no curve enters one."""

    title: str
    scale: Scale
    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


def lay_out(graph: Graph, scale: Scale = ROOMY) -> Drawing:
    """Place `graph` top-down: layers by longest path, few crossings, the first edge of a state kept straight.

    Needs at least one node. The same graph gives the same drawing.
    """
    layers = layered(graph)
    nodes = {node.name: node for node in graph.nodes}
    widths = {cell: _width(nodes[cell[0]], scale) if cell[1] < 0 else LANE_WIDTH for row in layers.rows for cell in row}
    across = _across(layers, widths, scale.gap_x)
    down = _down(graph, layers, scale)
    left = min(across[cell] - widths[cell] / 2 for cell in across) - scale.margin
    at = {cell: (across[cell] - left, down[cell[2]]) for cell in across}
    half = scale.box_height / 2
    boxes = tuple(
        Box(node=nodes[cell[0]], x=at[cell][0], y=at[cell][1], width=widths[cell], height=scale.box_height)
        for row in layers.rows
        for cell in row
        if cell[1] < 0
    )
    return Drawing(
        title=graph.title,
        scale=scale,
        width=max(at[cell][0] + widths[cell] / 2 for cell in at) + scale.margin,
        height=down[-1] + half + scale.margin,
        boxes=boxes,
        routes=tuple(
            Route(
                edge=graph.edges[chain.edge], curves=_curves(chain, at, widths, scale.box_height / 2), back=chain.back
            )
            for chain in layers.chains
        ),
    )


def _width(node: Node, scale: Scale) -> float:
    words = max(wide(node.title, size=13.5), wide(node.note, size=11)) if scale.notes else wide(node.title, size=12.5)
    return min(max(words + scale.padding, scale.box_min_width), scale.box_max_width)


def _down(graph: Graph, layers: Layers, scale: Scale) -> list[float]:
    labelled = {min(chain.cells[0][2], chain.cells[1][2]) for chain in layers.chains if graph.edges[chain.edge].label}
    down = [scale.margin + scale.box_height / 2]
    for layer in range(len(layers.rows) - 1):
        down.append(down[-1] + scale.box_height + (scale.gap_y_labelled if layer in labelled else scale.gap_y))
    return down


def _across(layers: Layers, widths: dict[Cell, float], gap: float) -> dict[Cell, float]:
    """Centres of all cells: every layer moves towards its neighbours' weighted mean as far as its order allows."""
    pulls = _pulls(layers)
    across: dict[Cell, float] = {}
    offsets: dict[Cell, float] = {}
    for row in layers.rows:
        offset = 0.0
        for place, cell in enumerate(row):
            if place:
                offset += (widths[row[place - 1]] + widths[cell]) / 2 + gap
            offsets[cell] = offset
        across |= {cell: offsets[cell] - offset / 2 for cell in row}
    for turn in range(PASSES):
        before = dict(across)
        for row in layers.rows if turn % 2 == 0 else reversed(layers.rows):
            wanted = [_wanted(cell, pulls[cell], across) for cell in row]
            shifts = _rising([(x - offsets[cell], weight) for cell, (x, weight) in zip(row, wanted, strict=True)])
            across |= {cell: shift + offsets[cell] for cell, shift in zip(row, shifts, strict=True)}
        if max(abs(across[cell] - before[cell]) for cell in across) < SETTLED:
            break
    return across


def _pulls(layers: Layers) -> dict[Cell, list[tuple[Cell, float]]]:
    """Who draws a cell, and how hard: passing cells keep their edge straight, first edges make the spine."""
    pulls: dict[Cell, list[tuple[Cell, float]]] = defaultdict(list)
    seen: set[Cell] = set()
    for chain in layers.chains:
        first = chain.cells[0] not in seen and not chain.back
        seen.add(chain.cells[0])
        for one, other in pairwise(chain.cells):
            if one[2] == other[2]:
                continue
            passing = (one[1] >= 0) + (other[1] >= 0)
            weight = 60.0 if passing == 2 else 6.0 if first else 0.6 if chain.back else 1.0 + passing
            pulls[one].append((other, weight))
            pulls[other].append((one, weight))
    return pulls


def _wanted(cell: Cell, pulls: list[tuple[Cell, float]], across: dict[Cell, float]) -> tuple[float, float]:
    weight = sum(strength for _, strength in pulls)
    if not weight:
        return across[cell], 0.1
    return sum(across[other] * strength for other, strength in pulls) / weight, weight


def _rising(wanted: list[tuple[float, float]]) -> list[float]:
    """The non-decreasing sequence nearest to the wanted values, by weight (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in wanted:
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, weight_a, size_a), (b, weight_b, size_b) = pools[-2:]
            pools[-2:] = [((a * weight_a + b * weight_b) / (weight_a + weight_b), weight_a + weight_b, size_a + size_b)]
    return [value for value, _, size in pools for _ in range(size)]


def _curves(chain: Chain, at: dict[Cell, Point], widths: dict[Cell, float], half: float) -> tuple[Curve, ...]:
    points = [at[cell] for cell in chain.cells]
    if not chain.back:
        return forward(points, half=half)
    return back(points, half=half, sides=(widths[chain.cells[0]] / 2, widths[chain.cells[-1]] / 2))
