"""Whether windows can be shown; known without loading Qt."""

import os
import sys


def has_display() -> bool:
    """Return whether a window can be opened (Qt aborts the process where it cannot)."""
    if sys.platform != "linux":
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)
