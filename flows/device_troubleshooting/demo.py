"""What may be tried on the page; the flow asks only the customer, and needs no back end."""

from __future__ import annotations

OPENERS = ("my smart plug is offline, I already restarted it",)
"""First sentences worth trying on the page."""
