"""rampviewer: see, tune and understand jump detection and ramp fitting.

The names of `__all__` are loaded when first used, so that importing the package, and so
starting the window, does not wait for what it does not need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rampviewer.api import (
        Result,
        explain,
        open,
        process,
        read_parameters,
        write_parameters,
    )
    from rampviewer.model.exposure import Exposure
    from rampviewer.model.runs.jump_detection import detect_jumps
    from rampviewer.model.runs.ramp_fitting import fit_ramps
    from rampviewer.model.settings.naming import Naming
    from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
    from rampviewer.model.timing import Timing
    from rampviewer.viewer import view

__version__ = "0.1.0"

__all__ = [
    "Exposure",
    "JumpParameters",
    "Naming",
    "RampFitParameters",
    "Result",
    "Timing",
    "detect_jumps",
    "explain",
    "fit_ramps",
    "open",
    "process",
    "read_parameters",
    "view",
    "write_parameters",
]

_HOMES = {
    "Exposure": "model.exposure",
    "JumpParameters": "model.settings.parameters",
    "Naming": "model.settings.naming",
    "RampFitParameters": "model.settings.parameters",
    "Result": "api",
    "Timing": "model.timing",
    "detect_jumps": "model.runs.jump_detection",
    "explain": "api",
    "fit_ramps": "model.runs.ramp_fitting",
    "open": "api",
    "process": "api",
    "read_parameters": "api",
    "view": "viewer",
    "write_parameters": "api",
}


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
