"""`frontdesk diagram`: a flow, or the life of a case at the desk, as Mermaid text or as a picture."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gateway.settings import from_environment


def diagram(
    flow: Annotated[str, typer.Argument(help="The flow's name; `desk` is the life of a case at the desk.")],
    svg: Annotated[bool, typer.Option("--svg", help="An SVG picture instead of Mermaid text.")] = False,
) -> None:
    """Write the diagram of a flow, or of the desk, to stdout."""
    from gateway.core import homes_of  # noqa: PLC0415 - with the whole desk: other commands do without
    from gateway.diagram import desk, graph, mermaid  # noqa: PLC0415
    from gateway.diagram import svg as pictures  # noqa: PLC0415

    known = {home.flow.name: home.flow for home in homes_of(from_environment(), os.environ)[1]}
    if flow not in (*known, desk.NAME):
        there = ", ".join((*known, desk.NAME))
        raise typer.BadParameter(f"there is no flow {flow!r}; there are: {there}", param_hint="FLOW")
    drawn = graph.graph_of(known[flow]) if flow in known else desk.desk_graph()
    typer.echo(pictures.svg(drawn) if svg else mermaid.mermaid(drawn), nl=svg)
