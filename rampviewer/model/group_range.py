"""The groups that a fit may use."""

from rampviewer.model.parameters import RampFitParameters


def used_range(parameters: RampFitParameters, n_groups: int) -> tuple[int, int]:
    """Return the first and the last group that may be used.

    As in the official step, a range without at least two groups is ignored.
    """
    first = max(0, parameters.firstgroup or 0)
    last = n_groups - 1 if parameters.lastgroup is None else parameters.lastgroup
    return (first, last) if first < last else (0, n_groups - 1)
