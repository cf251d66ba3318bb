"""The groups that a fit may use."""

from rampviewer.model.settings.parameters import RampFitParameters


def used_range(parameters: RampFitParameters, n_groups: int) -> tuple[int, int]:
    """Return the first and the last group that may be used.

    As in the official step, a range without at least two groups is ignored.
    """
    first = max(0, parameters.firstgroup or 0)
    last = n_groups - 1 if parameters.lastgroup is None else parameters.lastgroup
    return (first, last) if first < last else (0, n_groups - 1)


def used_groups(parameters: RampFitParameters, n_groups: int) -> str:
    """Return the groups that may be used, in words, such as "groups 2 to 7"."""
    first, last = used_range(parameters, n_groups)
    last = min(last, n_groups - 1)
    if first > last:
        return "no group"
    return f"group {first}" if first == last else f"groups {first} to {last}"


def range_note(parameters: RampFitParameters, n_groups: int) -> str:
    """Return one sentence when firstgroup and lastgroup do not act as stated, else "".

    Parameters
    ----------
    parameters : RampFitParameters
    n_groups : int
        Of the exposure.
    """
    end = n_groups - 1
    first = 0 if parameters.firstgroup is None else parameters.firstgroup
    last = end if parameters.lastgroup is None else parameters.lastgroup
    used = used_range(parameters, n_groups)
    if (first, last) == used and first <= last <= end:
        return ""
    names = ("firstgroup", "lastgroup")
    values = {name: getattr(parameters, name) for name in names}
    stated = " and ".join(f"{k} {v}" for k, v in values.items() if v is not None)
    if max(0, first) < last:
        why = f"beyond the groups of the exposure, 0 to {end}"
    else:
        why = "ignored, as by the official step, because fewer than two groups are left"
    verb = "are" if " and " in stated else "is"
    groups = used_groups(parameters, n_groups)
    plural = "are" if groups.startswith("groups") else "is"
    return f"{stated} {verb} {why}: {groups} {plural} used."
