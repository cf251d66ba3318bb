"""Widgets; `Session` is the only state of the GUI thread."""
