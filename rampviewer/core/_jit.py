"""The only place that configures numba."""

from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
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


class Kernel:
    """A function that is compiled, or loaded from its file, when it is first called.

    So is numba, which takes half a second: the window is on screen before it.
    """

    _lock = Lock()

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        update_wrapper(self, function)
        self._function, self._options = function, options
        self._compiled: Any = None

    def __call__(self, *args: Any) -> Any:
        return (self._compiled or self.compiled)(*args)

    @property
    def compiled(self) -> Any:
        """The `Compiled` that it becomes."""
        from rampviewer.core._parts import Compiled  # noqa: PLC0415 - see above

        with self._lock:
            if self._compiled is None:
                self._compiled = Compiled(self._function, {}, self._options)
        return self._compiled

    @property
    def signatures(self) -> list[Any]:
        """The types of arguments that it was compiled or loaded for; loads nothing."""
        return list(self._compiled.signatures) if self._compiled else []

    @property
    def _numba_type_(self) -> Any:
        """What the type inference of a caller sees."""
        return self.compiled._numba_type_


def kernel(function: _F) -> _F:
    """Compile a function, serial, when it is first called."""
    return cast("_F", Kernel(function, _OPTIONS))


def borrowing_kernel(function: _F) -> _F:
    """Compile a function for each pixel that neither makes an array nor returns one.

    It does not count references to the arrays it is given, which for a small function
    takes longer than its work.
    """
    return cast("_F", Kernel(function, {**_OPTIONS, "forceinline": True, "_nrt": False}))
