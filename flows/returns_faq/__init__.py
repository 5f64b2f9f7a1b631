"""Answers questions about returns from what the shop wrote down."""
