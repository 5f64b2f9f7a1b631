"""Conversations as tests: `.txt` promises about what is said, replayed on a whole desk (spec/conversation.md 7)."""
