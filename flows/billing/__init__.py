"""Explain a bill."""
