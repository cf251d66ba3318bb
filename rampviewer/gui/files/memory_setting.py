"""The memory budget that the user sets, remembered."""

from collections.abc import Callable

from PyQt6.QtCore import QSettings
from PyQt6.QtWidgets import QInputDialog, QWidget

from rampviewer.gui.widgets.ask_text import ask_text
from rampviewer.model.memory.budget import bytes_of, free_memory
from rampviewer.model.memory.scratch import FOLDER_VARIABLE, scratch_folder, size_text

KEY = "memory_budget"


def remembered_budget(settings: QSettings) -> int | None:
    """Return the budget [byte], None for half of the free memory."""
    try:
        return bytes_of(str(settings.value(KEY, "")))
    except ValueError:
        return None


def ask_budget(
    window: QWidget, settings: QSettings, complain: Callable[[str], None]
) -> QInputDialog:
    """Let the user type a budget, which acts on the next exposure that is opened.

    Parameters
    ----------
    window : QWidget
        Parent of the dialog.
    settings : QSettings
        Where the budget is remembered.
    complain : callable
        Gets a sentence when what was typed is no size.

    Returns
    -------
    dialog : QInputDialog
        Open.
    """
    half, folder = size_text(free_memory() // 2), scratch_folder()
    label = (
        f"Memory to work in, such as 4GB; nothing is half of what is free ({half}).\n"
        f"A larger exposure is worked on from scratch files in {folder};\n"
        f"the variable {FOLDER_VARIABLE} names another folder.\n\n"
        "It acts on the next exposure that is opened."
    )

    def keep(text: str) -> None:
        text = text.strip()
        try:
            if text:
                bytes_of(text)
        except ValueError as error:
            complain(f"{error}.")
            return
        settings.setValue(KEY, text)

    used = str(settings.value(KEY, "") or "")
    return ask_text(window, "Memory budget", label, keep, used)
