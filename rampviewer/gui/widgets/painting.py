"""When windows are painted."""

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QWidget


def paint_again(window: QWidget) -> None:
    """Paint a window, in the next turn and from then on, whose updates were disabled.

    WORKAROUND https://code.qt.io/cgit/qt/qtbase.git/tree/src/widgets/kernel/qwidgetrepaintmanager.cpp
    What was to be painted when they were disabled stays to be, and while there is any such
    part Qt asks for no other picture: the window would stand still for ever.
    """
    window.setUpdatesEnabled(True)
    QCoreApplication.postEvent(window, QEvent(QEvent.Type.UpdateRequest))
