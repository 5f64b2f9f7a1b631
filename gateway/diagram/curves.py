"""The shapes of edges: straight inside a layer, an S between two layers, a turn where an edge back meets a side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
"""A cubic: start, two controls, end."""

TIP = 8.0
"""Length of an arrow's tip: curves end this far before the box they lead to."""


def forward(points: Sequence[Point], *, half: float) -> tuple[Curve, ...]:
    """Down through the centres `points`, from the foot of the first box to the head of the last.

    `half` is half a layer's height; a curve leaves a layer only between the layers.
    """
    curves = []
    for (x, y), (next_x, next_y) in pairwise(points):
        last = (next_x, next_y) == points[-1]
        curves.append(_bend((x, y + half), (next_x, next_y - half - (TIP if last else 0))))
        if not last:
            curves.append(_line((next_x, next_y - half), (next_x, next_y + half)))
    return tuple(curves)


def back(points: Sequence[Point], *, half: float, sides: tuple[float, float]) -> tuple[Curve, ...]:
    """Out of the first box's side, up along the lane points between, and into the last box's side.

    `sides` are half the widths of the two boxes. A single lane point makes a loop at one box.
    """
    lane = points[1:-1]
    start = _side(points[0], lane[0], sides[0])
    end = _side(points[-1], lane[-1], sides[1] + TIP)
    if len(lane) == 1:
        return (_loop(start, end, lane[0][0]),)
    corner = (lane[0][0], points[0][1])
    curves = [(start, corner, corner, (lane[0][0], corner[1] - half))]
    for (x, y), (next_x, next_y) in pairwise(lane):
        curves.append(_bend((x, y - half), (next_x, next_y + half)))
        if (next_x, next_y) != lane[-1]:
            curves.append(_line((next_x, next_y + half), (next_x, next_y - half)))
    corner = (lane[-1][0], points[-1][1])
    return (*curves, ((lane[-1][0], corner[1] + half), corner, corner, end))


def along(curve: Curve, t: float) -> Point:
    """The point at `t` (0 to 1) of a cubic."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return (
        sum(weight * point[0] for weight, point in zip(weights, curve, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, curve, strict=True)),
    )


def _side(box: Point, lane: Point, reach: float) -> Point:
    return box[0] + (reach if lane[0] > box[0] else -reach), box[1]


def _bend(start: Point, end: Point) -> Curve:
    middle = (end[1] - start[1]) / 2
    return start, (start[0], start[1] + middle), (end[0], end[1] - middle), end


def _line(start: Point, end: Point) -> Curve:
    return start, start, end, end


def _loop(start: Point, end: Point, lane_x: float) -> Curve:
    reach = lane_x + (lane_x - start[0]) / 3
    return (start[0], start[1] + 10), (reach, start[1] + 10), (reach, end[1] - 10), (end[0], end[1] - 10)
