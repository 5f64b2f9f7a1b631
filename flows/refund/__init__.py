"""Refund an order."""
