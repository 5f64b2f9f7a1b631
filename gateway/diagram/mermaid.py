"""The same graph as Mermaid text, for documents and pull requests."""

from __future__ import annotations

from engine.flow import StateKind
from gateway.diagram.graph import Edge, Graph, Node

_SHAPES = {
    StateKind.ASK: ("[", "]"),
    StateKind.ACTION: ("[[", "]]"),
    StateKind.CHOICE: ("{", "}"),
    StateKind.SAY: ("[", "]"),
    StateKind.CALL: ("[[", "]]"),
    StateKind.HANDOFF: ("([", "])"),
    StateKind.TERMINAL: ("([", "])"),
}
_RESERVED = frozenset({
    "call", "class", "classdef", "click", "default", "direction", "end", "flowchart", "graph", "href", "interpolate",
    "linkstyle", "style", "subgraph",
})  # fmt: skip
"""Words that Mermaid reads as its own when a node bears them."""


def mermaid(graph: Graph) -> str:
    """A `flowchart TD` with the states' names as ids; ends with a newline."""
    lines = ["flowchart TD", *map(_node, graph.nodes), *map(_edge, graph.edges)]
    return "\n    ".join(lines) + "\n"


def _node(node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    note = f"<br/>{_quoted(node.note)}" if node.note else ""
    return f'{_id(node.name)}{opening}"{_quoted(node.title)}{note}"{closing}'


def _edge(edge: Edge) -> str:
    arrow = "-.->" if edge.failing else "-->"
    label = f'|"{_quoted(edge.label)}"|' if edge.label else ""
    return f"{_id(edge.source)} {arrow}{label} {_id(edge.target)}"


def _id(name: str) -> str:
    return f"{name}_" if name in _RESERVED else name


def _quoted(text: str) -> str:
    for sign, code in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("\n", " ")):
        text = text.replace(sign, code)
    return text
