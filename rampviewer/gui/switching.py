"""How long the window waits for a thread that has Python's interpreter."""

import sys
from collections.abc import Callable

# A window that is painted asks for the interpreter many times; by default it would wait up
# to 5 ms each time while kernels are compiled or libraries loaded [s].
INTERVAL = 5e-4


def switch_often() -> Callable[[], None]:
    """Let threads hand over within a short time; return what puts that back."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(INTERVAL)
    return lambda: sys.setswitchinterval(before)
