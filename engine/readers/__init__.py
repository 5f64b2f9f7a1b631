"""From a customer's words to values, answers, control words, option picks and flow names: by rules alone."""
