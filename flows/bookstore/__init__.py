"""Order a book."""
