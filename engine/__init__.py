"""The engine: how a conversation moves. Nothing of the world is imported here."""
