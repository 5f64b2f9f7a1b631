"""What the store has of one person: found, shown to them, removed (X62)."""
