"""Saving tables: dialog, worker, and what is said about it."""

from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QImage

from rampviewer.gui.files.file_work import FileWork
from rampviewer.gui.files.picture import FOLDER, write_picture
from rampviewer.gui.tables.table_flow import KEY, TableFlow
from rampviewer.gui.work.background import background_thread
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.window.feature import Parts
from rampviewer.window.files import write_table


def single_lane(parent: QObject) -> JobRunner:
    """Return a lane with a thread of its own; `close` or `finish` it with the window."""
    return JobRunner(background_thread(), parent)


def table_flow(lane: JobRunner, parts: Parts) -> TableFlow:
    """Return what saves tables on a lane, and tells the user."""
    messages = parts.messages
    saving = TableFlow(write_table, FileWork(lane, parts.window, parts.settings, KEY))
    saving.saving.connect(lambda path: messages.show_work(f"Saving {path.name} ..."))
    saving.saved.connect(
        lambda path, rows: messages.show_note(f"Saved {path}{rows and f': {rows}'}.")
    )
    saving.failed.connect(messages.show_error)
    return saving


def picture_files(lane: JobRunner, parts: Parts) -> FileWork:
    """Return what writes pictures on a lane, and tells the user; see `write_later`."""
    files = FileWork(lane, parts.window, parts.settings, FOLDER)
    files.done.connect(lambda path: parts.messages.show_note(f"Saved {path}."))
    files.failed.connect(parts.messages.show_error)
    return files


def write_later(files: FileWork, picture: QImage, path: Path) -> None:
    """Write a picture on a lane: that takes some tenths of a second.

    While another one is written it is refused, aloud: the lane would forget one of those
    that wait.
    """
    if files.is_busy:
        files.failed.emit(f"{path.name} was not saved: another picture is being written")
        return
    files.begin(path, partial(write_picture, picture, path))
