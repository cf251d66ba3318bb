"""Whole exposures: prepared, flagged and fitted in bands of rows, kept as runs."""
