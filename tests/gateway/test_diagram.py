"""Pictures of flows: what they show, that nothing overlaps, and that no word of a flow becomes markup."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.flow import Branch, FlowDef, StateDef, StateKind
from gateway.diagram.curves import along
from gateway.diagram.graph import Edge, Graph, Node, graph_of
from gateway.diagram.labels import labels_of
from gateway.diagram.layout import NARROW, ROOMY, Drawing, Scale, lay_out
from gateway.diagram.mermaid import mermaid
from gateway.diagram.svg import svg
from tests.gateway.refund_flow import REFUND

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\" onload='x' & `"


def flow_of(*states: StateDef, title: str = "Some flow") -> FlowDef:
    return FlowDef(name="some", title=title, states={state.name: state for state in states})


def ask(name: str, *targets: str, title: str = "") -> StateDef:
    branches = tuple(Branch(label=f"to_{target}", next=target) for target in targets)
    return StateDef(name=name, kind=StateKind.ASK, branches=branches, title=title)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any machine of up to twelve states: cycles, loops at one state, parts that are not joined."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 12)))]
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), unique=True, max_size=24))
    kinds = list(StateKind)
    return Graph(
        title="any",
        nodes=tuple(Node(name=name, title=name * 3, kind=kinds[n % len(kinds)]) for n, name in enumerate(names)),
        edges=tuple(Edge(source=a, target=b, label="x" * (n % 9)) for n, (a, b) in enumerate(pairs)),
    )


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    return [
        (a.node.name, b.node.name)
        for a, b in combinations(drawing.boxes, 2)
        if abs(a.x - b.x) < (a.width + b.width) / 2 and abs(a.y - b.y) < (a.height + b.height) / 2
    ]


def trespasses(drawing: Drawing) -> list[tuple[str, str, str]]:
    """(source, target, box) for every edge that passes through a box."""
    found = set()
    for route in drawing.routes:
        points = [along(curve, step / 24) for curve in route.curves for step in range(25)]
        for box in drawing.boxes:
            if any(abs(x - box.x) < box.width / 2 - 0.5 and abs(y - box.y) < box.height / 2 - 0.5 for x, y in points):
                found.add((route.edge.source, route.edge.target, box.node.name))
    return sorted(found)


def test_a_flow_becomes_its_states_its_edges_and_the_person_behind_on_error() -> None:
    graph = graph_of(REFUND)
    assert [node.name for node in graph.nodes] == [*REFUND.states, "handoff"]
    notes = {node.name: node.note for node in graph.nodes}
    assert notes["start"] == "asks order number"
    assert notes["process_refund"] == "acts, once"
    assert notes["needs_approval"] == "a person: billing"
    labels = {(edge.source, edge.target): edge.label for edge in graph.edges}
    assert labels["check_amount", "needs_approval"] == "amount > 200"
    assert labels["check_amount", "select_reason"] == "else"
    assert labels["start", "lookup_order"] == ""
    assert [edge.source for edge in graph.edges if edge.failing] == ["lookup_order", "process_refund"]


def test_edges_that_join_the_same_states_are_one_with_both_labels() -> None:
    both = StateDef(
        name="both",
        kind=StateKind.ACTION,
        branches=(Branch(label="found", next="end"), Branch(label="not_found", next="end")),
    )
    graph = graph_of(flow_of(both, StateDef(name="end", kind=StateKind.TERMINAL)))
    assert [edge.label for edge in graph.edges] == ["found · not found"]


def test_forward_edges_lead_down_and_only_edges_back_lead_up() -> None:
    drawing = lay_out(graph_of(REFUND))
    y = {box.node.name: box.y for box in drawing.boxes}
    assert {(r.edge.source, r.edge.target) for r in drawing.routes if r.back} == {
        ("confirm_item", "start"),
        ("order_not_found", "start"),
    }
    assert all((y[r.edge.source] < y[r.edge.target]) is not r.back for r in drawing.routes)
    assert drawing.boxes[0].node.name == "start"


@pytest.mark.parametrize("scale", [ROOMY, NARROW])
def test_in_the_refund_flow_nothing_overlaps_and_no_edge_crosses_a_box(scale: Scale) -> None:
    drawing = lay_out(graph_of(REFUND), scale)
    assert overlaps(drawing) == []
    assert trespasses(drawing) == []
    labels = [label for label in labels_of(drawing) if label]
    boxes = [(box.x, box.y, box.width, box.height) for box in drawing.boxes]
    for label in labels:
        assert not any(
            abs(label.x - x) < (label.width + width) / 2 and abs(label.y - y) < (label.height + height) / 2
            for x, y, width, height in boxes
        ), label
    assert len(labels) == sum(bool(route.edge.label) for route in drawing.routes)


@settings(deadline=None, max_examples=150)
@given(graphs())
def test_in_any_machine_boxes_stay_apart_inside_the_picture_and_edges_outside_boxes(graph: Graph) -> None:
    drawing = lay_out(graph)
    assert overlaps(drawing) == []
    assert trespasses(drawing) == []
    assert len(drawing.boxes) == len(graph.nodes)
    assert len(drawing.routes) == len(graph.edges)
    for box in drawing.boxes:
        assert box.width / 2 <= box.x <= drawing.width - box.width / 2
        assert box.height / 2 <= box.y <= drawing.height - box.height / 2
    for curve in (curve for route in drawing.routes for curve in route.curves):
        for x, y in (along(curve, step / 8) for step in range(9)):
            assert 0 <= x <= drawing.width
            assert 0 <= y <= drawing.height


def test_a_plain_sequence_is_one_straight_column() -> None:
    states = [StateDef(name=f"s{n}", kind=StateKind.SAY, next=f"s{n + 1}") for n in range(5)]
    drawing = lay_out(graph_of(flow_of(*states, StateDef(name="s5", kind=StateKind.TERMINAL))))
    assert len({round(box.x, 3) for box in drawing.boxes}) == 1


def test_the_same_flow_gives_the_same_picture() -> None:
    assert svg(graph_of(REFUND)) == svg(graph_of(REFUND))


def test_the_picture_names_every_state_and_edge_for_the_page_to_light() -> None:
    root = ElementTree.fromstring(svg(graph_of(REFUND)))
    states = {group.get("data-state") for group in root.iter(f"{SVG}g") if group.get("data-state")}
    assert states == {*REFUND.states, "handoff"}
    edges = [(path.get("data-from"), path.get("data-to")) for path in root.iter(f"{SVG}path") if path.get("data-from")]
    assert sorted(edges) == sorted((edge.source, edge.target) for edge in graph_of(REFUND).edges)
    assert root.findtext(f"{SVG}title") == "Refund an order"


def test_a_narrow_picture_fits_a_phone() -> None:
    roomy, narrow = (ElementTree.fromstring(svg(graph_of(REFUND), scale)) for scale in (ROOMY, NARROW))
    assert int(narrow.get("width") or 0) < 460 < int(roomy.get("width") or 0)


def test_X20_titles_labels_and_notes_are_text_and_the_picture_has_no_style_or_script() -> None:
    hostile = StateDef(
        name="start",
        kind=StateKind.CHOICE,
        title=HOSTILE,
        branches=(Branch(when=HOSTILE, next="end"), Branch(next="x")),
    )
    flow = flow_of(hostile, StateDef(name="end", kind=StateKind.TERMINAL), ask("x", "end"), title=HOSTILE)
    root = ElementTree.fromstring(svg(graph_of(flow)))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "g", "path", "rect", "text"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name == "style" or name.startswith("on")]
    assert root.findtext(f"{SVG}title") == HOSTILE


def test_mermaid_text_has_every_state_and_edge() -> None:
    lines = mermaid(graph_of(REFUND)).splitlines()
    assert lines[0] == "flowchart TD"
    assert '    start["Start<br/>asks order number"]' in lines
    assert '    check_amount{"Check amount<br/>decides"}' in lines
    assert '    check_amount -->|"amount #gt; 200"| needs_approval' in lines
    assert '    lookup_order -.->|"on error"| handoff' in lines
    assert len(lines) == 1 + len(graph_of(REFUND).nodes) + len(graph_of(REFUND).edges)


def test_mermaid_escapes_words_of_its_own_and_quotes() -> None:
    graph = graph_of(flow_of(ask("call", "end", title='say "#1"'), StateDef(name="end", kind=StateKind.TERMINAL)))
    text = mermaid(graph)
    assert 'call_["say #quot;#35;1#quot;' in text.replace("Say", "say")
    assert 'call_ -->|"to end"| end_' in text
