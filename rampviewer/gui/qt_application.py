"""The one QApplication of the process."""

from collections.abc import Sequence

from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

from rampviewer.resources import resource_path


def make_qt_application(arguments: Sequence[str], version: str) -> QApplication:
    """Return the Qt application of this process, made with its name if there is none."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    application = QApplication(list(arguments))
    application.setApplicationName("rampviewer")
    application.setOrganizationName("rampviewer")
    application.setApplicationVersion(version)
    application.setDesktopFileName("rampviewer")
    application.setWindowIcon(QIcon(str(resource_path("icons/rampviewer.svg"))))
    return application
