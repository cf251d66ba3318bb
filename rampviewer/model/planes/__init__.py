"""Two-dimensional pictures of an exposure and its run, and what is drawn on them."""
