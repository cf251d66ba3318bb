"""The only place that configures numba."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._parts import Kernel

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]

# Without the interpreter lock: bands of rows run on a small thread pool. Nobody calls a
# kernel from C. No `fastmath`: it deletes `isnan`.
_OPTIONS = {
    "nopython": True,
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}

_F = TypeVar("_F", bound=Callable[..., Any])


def kernel(function: _F) -> _F:
    """Compile a function, serial, when it is first called."""
    return cast("_F", Kernel(function, {}, _OPTIONS))


def borrowing_kernel(function: _F) -> _F:
    """Compile a function for each pixel that neither makes an array nor returns one.

    It does not count references to the arrays it is given, which for a small function
    takes longer than its work.
    """
    options = {**_OPTIONS, "forceinline": True, "_nrt": False}
    return cast("_F", Kernel(function, {}, options))
