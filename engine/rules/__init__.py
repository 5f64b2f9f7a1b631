"""The rules of spec/conversation.md section 3: one small function per id, its stage and order declared as data."""
