"""Least-squares fits of ramps, one file for each part of the arithmetic."""
