"""How long the window waits for a thread that has Python's interpreter."""

import sys
from collections.abc import Callable

# A window that is painted asks for the interpreter many times; by default it would wait up
# to 5 ms each time while kernels are compiled or libraries loaded [s].
INTERVAL = 5e-4
_WISHES: dict[object, float] = {}  # of open windows: what it was before the first of them


def switch_often() -> Callable[[], None]:
    """Let threads hand over within a short time; return what puts that back.

    Where several have asked for it, the last one to put it back does.
    """
    wish, before = object(), next(iter(_WISHES.values()), sys.getswitchinterval())
    _WISHES[wish] = before
    sys.setswitchinterval(INTERVAL)

    def put_back() -> None:
        if _WISHES.pop(wish, None) is not None and not _WISHES:
            sys.setswitchinterval(before)

    return put_back
