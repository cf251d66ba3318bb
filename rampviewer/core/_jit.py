"""The only place that configures numba."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numba.core.decorators import _JITWrapper

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]

# A frozen app has no source files on disk, and numba cannot cache without them.
_CACHE = not getattr(sys, "frozen", False)

# Nobody calls a kernel from C, and the wrappers for that take time to compile.
_NO_WRAPPER: dict[str, Any] = {"no_cfunc_wrapper": True}

# Serial and without the interpreter lock: bands of rows run on a small thread pool.
# No `fastmath`: it deletes `isnan`.
kernel: "_JITWrapper" = numba.njit(
    nogil=True, cache=_CACHE, error_model="numpy", **_NO_WRAPPER
)

_F = TypeVar("_F", bound=Callable[..., Any])


def borrowing_kernel(function: _F) -> _F:
    """Compile a function for each pixel that neither makes an array nor returns one.

    It does not count references to the arrays it is given, which for a small function
    takes longer than its work.
    """
    options: dict[str, Any] = {"forceinline": True, "_nrt": False, **_NO_WRAPPER}
    compiled: _F = numba.njit(nogil=True, cache=_CACHE, error_model="numpy", **options)(
        function
    )
    return compiled
