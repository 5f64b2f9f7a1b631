"""The handoff: how a person takes over."""
