"""Pictures of state machines: a graph of any of them, laid out and drawn by us as SVG, or written as Mermaid."""
