"""When windows are painted."""

from PyQt6.QtWidgets import QWidget


def paint_again(window: QWidget) -> None:
    """Paint a window, now and from now on, whose updates were disabled for a while.

    WORKAROUND https://code.qt.io/cgit/qt/qtbase.git/tree/src/widgets/kernel/qwidgetrepaintmanager.cpp
    What was to be painted when they were disabled stays to be, and while there is any such
    part Qt asks for no other picture: the window would stand still for ever.
    """
    window.setUpdatesEnabled(True)
    window.repaint()
