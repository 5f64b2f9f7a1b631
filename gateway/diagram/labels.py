"""Where the words of an edge stand: on its own curve, and away from boxes, other edges and other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from gateway.diagram.curves import Curve, Point, along
from gateway.diagram.layout import Drawing, Route
from gateway.diagram.lettering import shortened, wide

LABEL_SIZE = 11.0
LABEL_MAX_WIDTH = 150.0
_PLACES = (0.56, 0.46, 0.66, 0.38, 0.74)
"""Where on a curve words may stand, best first."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """An edge's words, centred at `x`, `y`."""

    text: str
    x: float
    y: float
    width: float
    height: float = LABEL_SIZE + 5.0


def labels_of(drawing: Drawing) -> tuple[Label | None, ...]:
    """A label for every route that has words, in the routes' order; each takes the least disturbing place left."""
    taken = [(box.x, box.y, box.width, box.height) for box in drawing.boxes]
    traces = [list(_trace(route.curves)) for route in drawing.routes]
    labels: list[Label | None] = []
    for number, route in enumerate(drawing.routes):
        if not route.edge.label:
            labels.append(None)
            continue
        others = [point for other, trace in enumerate(traces) if other != number for point in trace]
        label = min(_offers(route), key=partial(_disturbance, taken=taken, others=others))
        taken.append((label.x, label.y, label.width, label.height))
        labels.append(label)
    return tuple(labels)


def _trace(curves: Sequence[Curve]) -> Iterator[Point]:
    for curve in curves:
        for step in range(16):
            yield along(curve, step / 16)


def _offers(route: Route) -> list[Label]:
    """Places near the state that the edge leaves, nearest first: a label tells what leads out of it."""
    text = shortened(route.edge.label, LABEL_MAX_WIDTH, size=LABEL_SIZE)
    width = wide(text, size=LABEL_SIZE) + 8
    stretches = route.curves[1:5] if route.back and len(route.curves) > 1 else route.curves[:5]
    spots = [along(curve, t) for curve in stretches for t in _PLACES]
    return [Label(text=text, x=x, y=y, width=width) for x, y in spots]


def _disturbance(
    label: Label, *, taken: Sequence[tuple[float, float, float, float]], others: Sequence[Point]
) -> tuple[int, int]:
    covered = sum(
        abs(label.x - x) < (label.width + width) / 2 and abs(label.y - y) < (label.height + height) / 2
        for x, y, width, height in taken
    )
    crossed = sum(abs(label.x - x) < label.width / 2 and abs(label.y - y) < label.height / 2 for x, y in others)
    return covered, crossed
