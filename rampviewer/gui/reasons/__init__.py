"""Why each group was flagged, in sentences."""
