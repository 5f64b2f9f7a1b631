"""What is measured beside Frontdesk: the same conversations written by hand, and on aiogram's own FSM."""
