"""What may be tried on the page; the flow answers from `knowledge/`, and needs no back end."""

from __future__ import annotations

OPENERS = ("I got a sweater with a gift receipt, can I return it?",)
"""First sentences worth trying on the page."""
