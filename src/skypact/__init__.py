"""Skypact: the open partner node for space cooperation."""

__version__ = "0.1.0"
