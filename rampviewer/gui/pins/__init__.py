"""Pinned pixels: their list, their marks, their looks."""
