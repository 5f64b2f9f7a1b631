"""Reports: what the journal says of many conversations at once."""
