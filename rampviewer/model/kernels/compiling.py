"""Whether somebody waits for the compiler of the kernels."""

import sys
from collections.abc import Iterator
from typing import Any

from rampviewer.core._jit import Kernel

_KERNELS = "rampviewer.core."


def is_compiling() -> bool:
    """Return whether a kernel is being compiled, or loaded, in any thread."""
    return any(compiled.is_compiling for compiled in _begun())


def _begun() -> Iterator[Any]:
    """Yield what every kernel that was called before became; some more than once."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith(_KERNELS):
            for value in tuple(vars(module).values()):
                if isinstance(value, Kernel) and value._compiled is not None:
                    yield value._compiled
