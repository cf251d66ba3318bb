"""What the compiler of the kernels is doing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from rampviewer.core._jit import Kernel


def is_kept(kernel: Callable[..., Any]) -> bool:
    """Whether a kernel, as it is written now, has been compiled for this machine before."""
    return bool(cast("Kernel", kernel).compiled.is_kept())


@contextmanager
def only_this_thread_compiles() -> Iterator[None]:
    """Let other threads wait as soon as they need a kernel that is not ready yet."""
    from numba.core.compiler_lock import (  # noqa: PLC0415 - the window comes first
        global_compiler_lock,
    )

    with global_compiler_lock:
        yield
