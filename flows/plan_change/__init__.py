"""Change my plan."""
