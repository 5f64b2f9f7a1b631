"""The flows: what this desk can do. One folder, one flow."""
