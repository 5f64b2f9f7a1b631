"""The gateway: the running service around the engine, and the only room that may import all others."""
