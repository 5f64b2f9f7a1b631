"""Compare two tariffs."""
