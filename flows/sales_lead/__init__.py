"""Talk about our product."""
