"""A drawing as SVG text: plain colours for anywhere, names and data for a page that styles and lights it.

States are `<g class="state" data-state data-kind>`, edges `<g class="edge">` around `<path data-from data-to>`, its tip
and its words. Colours are presentation attributes, so any stylesheet wins over them and no CSP stands in the way.
"""

from __future__ import annotations

from html import escape

from engine.flow import StateKind
from gateway.diagram.curves import TIP, Curve, Point
from gateway.diagram.graph import Graph
from gateway.diagram.labels import LABEL_SIZE, Label, labels_of
from gateway.diagram.layout import ROOMY, Box, Route, Scale, lay_out
from gateway.diagram.lettering import shortened

_INK, _QUIET, _LINE, _PAPER = "#1c2330", "#5d6878", "#a9b2bf", "#ffffff"
_SIGNS = {
    StateKind.ASK: "M-6-5h12v8h-7l-3 3v-3h-2z",
    StateKind.ACTION: "M1-7l-5 8h4l-1 6 5-8h-4z",
    StateKind.CHOICE: "M0-6.5l6.5 6.5-6.5 6.5-6.5-6.5z",
    StateKind.SAY: "M-6-4h12M-6 0h12M-6 4h7",
    StateKind.CALL: "M-6-5h9v7M3 2l3-3M3 2l-3-3M-6-1v6h9",
    StateKind.HANDOFF: "M0-6.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM-6 6.5c0-4 2.6-5.4 6-5.4s6 1.4 6 5.4",
    StateKind.TERMINAL: "M-6 .5l4 4 8-9",
}
"""A 13 x 13 sign for every kind of state, drawn around the origin."""


def svg(graph: Graph, scale: Scale = ROOMY) -> str:
    """The picture as one `<svg>` element with a title; all text escaped. Needs at least one node."""
    drawing = lay_out(graph, scale)
    labels = labels_of(drawing)
    width, height = round(drawing.width), round(drawing.height)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif">',
        f"<title>{escape(drawing.title)}</title>",
        *[_edge(route, label) for route, label in zip(drawing.routes, labels, strict=True)],
        *[_state(box, scale) for box in drawing.boxes],
        "</svg>",
        "",
    ])  # fmt: skip


def _edge(route: Route, label: Label | None) -> str:
    edge = route.edge
    kinds = " ".join(["edge", *["back"] * route.back, *["failing"] * edge.failing])
    dashes = ' stroke-dasharray="4 4"' if edge.failing or route.back else ""
    parts = [
        f'<g class="{kinds}">',
        f'<path class="line" data-from="{escape(edge.source)}" data-to="{escape(edge.target)}"'
        f' d="{_path(route.curves)}" fill="none" stroke="{_LINE}" stroke-width="1.5"{dashes}/>',
        f'<path class="tip" d="{_tip(route.curves[-1])}" fill="{_LINE}"/>',
    ]
    if label:
        parts.append(
            f'<text class="label" x="{label.x:.1f}" y="{label.y:.1f}" dy="0.35em" text-anchor="middle"'
            f' font-size="{LABEL_SIZE:g}" fill="{_QUIET}" stroke="{_PAPER}" stroke-width="4" stroke-linejoin="round"'
            f' paint-order="stroke">{escape(label.text)}</text>'
        )
    return "".join([*parts, "</g>"])


def _state(box: Box, scale: Scale) -> str:
    node = box.node
    round_ended = node.kind in (StateKind.TERMINAL, StateKind.HANDOFF)
    return (
        f'<g class="state" data-state="{escape(node.name)}" data-kind="{node.kind}"'
        f' transform="translate({box.x:.1f} {box.y:.1f})"><title>{escape(f"{node.title}: {node.note}")}</title>'
        f'<rect class="box" x="{-box.width / 2:.1f}" y="{-box.height / 2:.1f}" width="{box.width:.1f}"'
        f' height="{box.height:.1f}" rx="{box.height / 2 if round_ended else box.height / 4:.1f}" fill="{_PAPER}"'
        f' stroke="{_LINE}" stroke-width="1.5"/>{_noted(box, scale) if scale.notes else _named(box, scale)}</g>'
    )


def _noted(box: Box, scale: Scale) -> str:
    left, room = -box.width / 2, box.width - scale.padding + 6
    return (
        f'<path class="sign" transform="translate({left + 22:.1f} 0)" d="{_SIGNS[box.node.kind]}" fill="none"'
        f' stroke="{_QUIET}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>'
        f'<text class="name" x="{left + 38:.1f}" y="-3" font-size="13" font-weight="600" fill="{_INK}">'
        f"{escape(shortened(box.node.title, room, size=13))}</text>"
        f'<text class="note" x="{left + 38:.1f}" y="12" font-size="11" fill="{_QUIET}">'
        f"{escape(shortened(box.node.note, room, size=11))}</text>"
    )


def _named(box: Box, scale: Scale) -> str:
    title = shortened(box.node.title, box.width - scale.padding + 6, size=12)
    return (
        f'<text class="name" dy="0.35em" text-anchor="middle" font-size="12" font-weight="600" fill="{_INK}">'
        f"{escape(title)}</text>"
    )


def _path(curves: tuple[Curve, ...]) -> str:
    start = curves[0][0]
    return f"M{_at(start)}" + "".join(f"C{_at(c1)} {_at(c2)} {_at(end)}" for _, c1, c2, end in curves)


def _tip(last: Curve) -> str:
    """A triangle in the direction in which the curve arrives."""
    before, (x, y) = last[2], last[3]
    across = abs(before[0] - x) > abs(before[1] - y)
    sign = 1 if (x > before[0] if across else y > before[1]) else -1
    point = (x + sign * TIP, y) if across else (x, y + sign * TIP)
    one, other = ((x, y - 4.5), (x, y + 4.5)) if across else ((x - 4.5, y), (x + 4.5, y))
    return f"M{_at(one)}L{_at(point)}L{_at(other)}z"


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
