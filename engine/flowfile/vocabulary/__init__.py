"""The closed vocabulary of flow files as data: every key, the shape under it, its sentence for people."""
