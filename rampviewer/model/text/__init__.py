"""Numbers, positions and changes as plain text."""
