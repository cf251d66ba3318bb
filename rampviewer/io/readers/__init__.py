"""Readers of ramp exposures, one file for each format."""
