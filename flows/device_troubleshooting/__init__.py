"""Fix a smart device."""
