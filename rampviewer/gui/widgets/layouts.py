"""When widgets take their places."""

from typing import Final

from PyQt6.QtCore import QCoreApplication, QEvent

LEVELS: Final = 5  # as deep as panels stand in one another: each asks the one around it


def settle_layouts() -> None:
    """Give all widgets their places now, after some have come, gone or changed their size.

    Else Qt paints first, with everything where it was, and moves and paints all after that.
    """
    for _ in range(LEVELS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
