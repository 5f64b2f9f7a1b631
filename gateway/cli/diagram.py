"""`frontdesk diagram`: a flow as Mermaid text or as a picture."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gateway.settings import from_environment


def diagram(
    flow: Annotated[str, typer.Argument(help="The flow's name.")],
    svg: Annotated[bool, typer.Option("--svg", help="An SVG picture instead of Mermaid text.")] = False,
) -> None:
    """Write a flow's diagram to stdout."""
    from gateway.core import homes_of  # noqa: PLC0415 - with the whole desk: other commands do without
    from gateway.diagram import graph, mermaid  # noqa: PLC0415
    from gateway.diagram import svg as pictures  # noqa: PLC0415

    known = {home.flow.name: home.flow for home in homes_of(from_environment(), os.environ)[1]}
    if flow not in known:
        raise typer.BadParameter(f"there is no flow {flow!r}; there are: {', '.join(known)}", param_hint="FLOW")
    drawn = graph.graph_of(known[flow])
    typer.echo(pictures.svg(drawn) if svg else mermaid.mermaid(drawn), nl=svg)
