"""The command line; Qt is loaded only when a window is opened."""

from rampviewer.cli.main import main

__all__ = ["main"]
