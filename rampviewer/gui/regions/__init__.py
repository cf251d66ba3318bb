"""Regions: drawn, edited, measured, loaded and saved."""
