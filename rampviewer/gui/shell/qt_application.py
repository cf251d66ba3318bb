"""The one QApplication of the process."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PyQt6.QtGui import QIcon, QStyleHints
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


def style_hints(version: str) -> QStyleHints:
    """Return what the desktop wants."""
    hints = make_qt_application([], version).styleHints()
    assert hints is not None
    return hints


@contextmanager
def without_platform_notes() -> Iterator[None]:
    """Print what Qt has to say, but for what a platform without windows cannot do."""
    before = qInstallMessageHandler(_say_what_matters)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _say_what_matters(
    _kind: QtMsgType, _context: QMessageLogContext, text: str | None
) -> None:
    if text is not None and "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")
