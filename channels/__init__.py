"""The channels: how people are reached. One file, one channel."""
