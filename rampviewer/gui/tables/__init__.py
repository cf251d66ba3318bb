"""Tables of jumps, segments, large events and changes, and how they are saved."""
