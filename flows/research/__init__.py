"""Compare two companies."""
