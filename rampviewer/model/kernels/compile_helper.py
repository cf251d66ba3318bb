"""The second process of a first start: compiles kernels into the cache."""

import gc
import sys

from rampviewer.model.kernels.first_compile import smallest_exposure
from rampviewer.model.kernels.warm_up import use_rare
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.ramp_fitting import fit_exposure
from rampviewer.model.settings.parameters import RampFitParameters


def compile_fit() -> None:
    """Compile what every fit needs."""
    fit_exposure(smallest_exposure(), RampFitParameters(), n_threads=1)


def compile_rare() -> None:
    """Compile what few exposures or parameters need."""
    use_rare(Prepared.of(smallest_exposure()))


TASKS = {"fit": compile_fit, "rare": compile_rare}

if __name__ == "__main__":
    gc.disable()  # it finds nothing, and takes a tenth of the time
    TASKS[sys.argv[1]]()
