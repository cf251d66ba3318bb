"""A dialog that asks for one line of text."""

from collections.abc import Callable

from PyQt6.QtWidgets import QInputDialog, QLineEdit, QWidget


def ask_text(
    parent: QWidget | None,
    title: str,
    label: str,
    take: Callable[[str], None],
    text: str = "",
) -> QInputDialog:
    """Return the dialog, open; `take` gets what is typed when it is accepted.

    Parameters
    ----------
    parent : QWidget or None
    title : str
        Of the dialog; the line is called so for screen readers.
    label : str
        What is asked for.
    take : callable
    text : str
        What stands in the line at first.
    """
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextValue(text)
    dialog.textValueSelected.connect(take)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    for line in dialog.findChildren(QLineEdit):  # made when it is opened
        line.setAccessibleName(title)
    return dialog
