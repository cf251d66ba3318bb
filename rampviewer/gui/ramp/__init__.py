"""The ramp of a pixel, its GROUPDQ, and the panels in sigma below it."""
