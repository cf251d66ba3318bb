"""What happens with an error that nothing has caught."""

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType


def install(show: Callable[[str], None]) -> None:
    """Print uncaught errors and show their last line, instead of ending the process.

    PyQt6 aborts the process when a slot raises and no hook is set.
    """

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        traceback.print_exception(kind, error, trace)
        if threading.current_thread() is threading.main_thread():
            last = traceback.format_exception_only(kind, error)[-1].strip()
            show(f"Something went wrong inside rampviewer: {last}")

    sys.excepthook = report
