"""Work beside the window: threads, jobs, and what comes back from them."""
