"""What the compiler of the kernels is doing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core.compiler_lock import global_compiler_lock


def was_compiled(kernel: Callable[..., Any]) -> bool:
    """Whether this process had to compile a kernel that it did not find in the cache."""
    stats: Any = kernel.stats  # type: ignore[attr-defined]
    return bool(stats.cache_misses)


@contextmanager
def only_this_thread_compiles() -> Iterator[None]:
    """Let other threads wait as soon as they need a kernel that is not ready yet."""
    with global_compiler_lock:
        yield
