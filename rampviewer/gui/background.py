"""Threads for long work beside the window."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

NICE: Final = 10  # of threads at work: what is left of the processor is enough for them


def background_thread() -> ThreadPoolExecutor:
    """Return an executor of one thread, before which the window has its turn."""
    return ThreadPoolExecutor(max_workers=1, initializer=give_way)


def give_way() -> None:
    """Let this thread, and those that it begins, wait for the window.

    With as many of them as there are cores, each picture would wait for one of them else.
    Only on Linux threads have priorities of their own.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(now, NICE))
