"""Threads for long work beside the window."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from PyQt6.QtCore import QSettings

NAME: Final = "rampviewer-lane"  # of threads
NICE: Final = 10  # of threads at work: what is left of the processor is enough for them


def background_thread() -> ThreadPoolExecutor:
    """Return an executor of one thread, before which the window has its turn."""
    return ThreadPoolExecutor(1, thread_name_prefix=NAME, initializer=give_way)


def give_way() -> None:
    """Let this thread, and those that it begins, wait for the window.

    With as many of them as there are cores, each picture would wait for one of them else.
    Only on Linux threads have priorities of their own; some systems let none be changed.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)
        with suppress(PermissionError):  # they work as well, but in the way of the window
            os.setpriority(os.PRIO_PROCESS, thread, max(now, NICE))


def leave(code: int, settings: QSettings) -> int:
    """Return the exit code; end the process with it at once if a thread still works.

    Python would wait for it. When the window is closed only those are left that the
    compiler has, for up to a minute; a second process that compiles ends by itself.
    """
    if any(thread.name.startswith(NAME) for thread in threading.enumerate()):
        settings.sync()
        for stream in filter(None, (sys.stdout, sys.stderr)):  # none without a console
            stream.flush()
        os._exit(code)
    return code
