"""Solve a technical problem."""
