"""Whether somebody waits for the compiler of the kernels."""

import sys
from collections.abc import Iterator
from typing import Any

_KERNELS = "rampviewer.core."


def is_compiling() -> bool:
    """Return whether a kernel is being compiled, or loaded, in any thread."""
    return any(kernel.is_compiling for kernel in _kernels())


def _kernels() -> Iterator[Any]:
    """Yield every kernel that is imported; some more than once."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith(_KERNELS):
            for value in tuple(vars(module).values()):
                if hasattr(type(value), "is_compiling"):
                    yield value
