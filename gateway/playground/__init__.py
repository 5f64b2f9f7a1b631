"""The playground: one page with the customer's chat and, beside it, what the desk makes of every turn."""
