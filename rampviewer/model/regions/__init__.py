"""Shapes on a frame and what the pixels inside have in common."""
