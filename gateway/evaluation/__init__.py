"""How well a model helps this desk: conversations and dialogues played with it, and counted."""
