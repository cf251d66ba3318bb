"""Jump detection for whole exposures; `pixel_decision` explains single pixels."""

from dataclasses import replace
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rampviewer.core.dq import Dq, any_set
from rampviewer.core.facts import ExposureFacts
from rampviewer.core.jump import (
    ITERATIVE,
    SIGMA_CLIP,
    SINGLE_PASS,
    TOO_FEW_GROUPS,
    JumpSettings,
    detect_rows,
    wholly_flagged,
)
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory.scratch import release
from rampviewer.model.runs.bands import cores
from rampviewer.model.runs.large_events import apply, find_large_events
from rampviewer.model.runs.missing_gain import without_gain
from rampviewer.model.runs.results import JumpResult
from rampviewer.model.settings.checks import require
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
F64 = NDArray[np.float64]

LEAST_GROUPS: Final = 3  # with fewer there is no jump detection
NOT_COUNTED: Final = -99  # `n_primary` where hardly any group of the exposure is usable


def jump_settings(
    facts: ExposureFacts,
    timing: Timing,
    parameters: JumpParameters,
    keep_delivered: bool = True,
) -> JumpSettings:
    """Return what the kernels need, with the branch that this exposure takes."""
    steps, reads = _cadence(timing, facts.n_groups)
    after = (
        _groups_after(parameters.after_jump_flag_time1, timing, facts),
        _groups_after(parameters.after_jump_flag_time2, timing, facts),
    )
    gain = facts.median_gain if any(after) else 0.0
    return JumpSettings(
        branch=_branch(facts, parameters, _is_even(timing, steps, reads)),
        threshold=parameters.rejection_threshold,
        threshold_3=parameters.four_group_rejection_threshold,
        threshold_2=parameters.three_group_rejection_threshold,
        flag_neighbors=int(parameters.flag_4_neighbors),
        min_to_neighbors=parameters.min_jump_to_flag_neighbors,
        max_to_neighbors=parameters.max_jump_to_flag_neighbors,
        after_limit_1=_in_electrons(parameters.after_jump_flag_dn1, gain),
        after_groups_1=after[0],
        after_limit_2=_in_electrons(parameters.after_jump_flag_dn2, gain),
        after_groups_2=after[1],
        n_reads=2.0 * timing.n_frames,
        keep_delivered=int(keep_delivered),
        uneven=int(timing.read_times is not None),
        steps=steps,
        reads=reads,
        by_integration=int(parameters.only_use_ints),
        wiped=facts.wiped_groups(_wiped_key(parameters, keep_delivered)),
    )


def detect_jumps(
    sci: "ArrayLike",
    groupdq: "ArrayLike",
    pixeldq: "ArrayLike",
    gain: "ArrayLike",
    readnoise: "ArrayLike",
    timing: Timing,
    parameters: JumpParameters,
    *,
    delivered_jumps: Literal["keep", "drop"] = "keep",
    n_threads: int | None = None,
) -> JumpResult:
    """Return the flags of an exposure after jump detection.

    Arrays of any byte order or layout are taken, converted once and never written to.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols) array_like
        Accumulated signal [DN].
    groupdq : (n_ints, n_groups, n_rows, n_cols) array_like of uint8
    pixeldq : (n_rows, n_cols) array_like of uint32
    gain : (n_rows, n_cols) array_like or float
        [electron/DN]
    readnoise : (n_rows, n_cols) array_like or float
        CDS read noise [DN].
    timing : Timing
    parameters : JumpParameters
    delivered_jumps : "keep" or "drop"
        Whether JUMP_DET in `groupdq` stays, as in the official step, or goes first.
    n_threads : int, optional
        All cores by default; the result does not depend on it.

    Returns
    -------
    jumps : JumpResult
        Flags, and where each came from.

    Raises
    ------
    ValueError, TypeError
        When the shapes do not fit each other, or an argument is not what it must be.

    References
    ----------
    Anderson & Gordon 2011, PASP 123, 1237 (two-point difference).
    """
    require("parameters", parameters, JumpParameters, "JumpParameters()")
    exposure = Exposure.from_arrays(sci, groupdq, pixeldq, gain, readnoise, timing)
    return detect_exposure(
        exposure, parameters, delivered_jumps=delivered_jumps, n_threads=n_threads
    )


def detect_exposure(
    exposure: Exposure,
    parameters: JumpParameters,
    *,
    delivered_jumps: Literal["keep", "drop"] = "keep",
    facts: ExposureFacts | None = None,
    n_threads: int | None = None,
) -> JumpResult:
    """Do the same as `detect_jumps` for an `Exposure`.

    With fewer than three groups nothing is detected and the flags stay as they are. With
    fewer than three groups that are not DO_NOT_USE all over the frame nothing is detected
    either, and `n_primary` is `NOT_COUNTED`, but JUMP_DET goes where a group is unusable.
    """
    if delivered_jumps not in ("keep", "drop"):
        raise ValueError(f"delivered_jumps must be keep or drop, got {delivered_jumps!r}")
    keep = delivered_jumps == "keep"
    if exposure.n_groups < LEAST_GROUPS:
        return flags_of_skipped(exposure, keep_delivered=keep)
    facts = facts or ExposureFacts.of(exposure.groupdq, exposure.gain)
    settings = jump_settings(facts, exposure.timing, parameters, keep)
    settings = with_wiped_groups(settings, exposure, facts, n_threads)
    groupdq, origin = made = exposure.room.empty_pair(exposure.shape, np.uint8)
    given = exposure.sci, exposure.groupdq, exposure.gain, exposure.readnoise

    def work(start: int, stop: int) -> int:
        return int(detect_rows(*given, start, stop, settings, groupdq, origin))

    n_primary = sum(exposure.over_bands(work, n_threads or cores(), made=made))
    searched = settings.branch != TOO_FEW_GROUPS
    found = JumpResult(
        groupdq=groupdq,
        pixeldq=without_gain(exposure.pixeldq, exposure.gain),
        origin=origin,
        n_primary=n_primary if searched else NOT_COUNTED,
        n_extended=0,
        keeps_jumps=keep and _has_jumps(exposure),
    )
    if parameters.expand_large_events or parameters.find_showers:
        return _with_large_events(exposure, parameters, found, searched, n_threads)
    return found


def _has_jumps(exposure: Exposure) -> bool:
    return any(any_set(p, Dq.JUMP_DET).any() for flags in exposure.groupdq for p in flags)


def _with_large_events(
    exposure: Exposure,
    parameters: JumpParameters,
    found: JumpResult,
    searched: bool,
    n_threads: int | None,
) -> JumpResult:
    """Add snowballs and showers to the flags of `found`, in place."""
    large = find_large_events(
        exposure,
        found.groupdq,
        found.pixeldq,
        parameters,
        searched=searched,
        n_threads=n_threads,
    )
    apply(large, found.groupdq, found.origin, 0, exposure.n_rows)
    return replace(found, n_extended=large.n_extended)


def with_wiped_groups(
    settings: JumpSettings,
    exposure: Exposure,
    facts: ExposureFacts,
    n_threads: int | None = None,
) -> JumpSettings:
    """Return settings that know which groups lose their flags in sigma clipping.

    A group in which every pixel of the frame is flagged loses these flags. That takes a
    look at the frame, of which the first row is enough nearly always. `facts` remember
    it: `jump_settings` for the same parameters knows it from then on.
    """
    if settings.branch != SIGMA_CLIP:
        return settings
    n_planes, n_cols = exposure.n_ints * exposure.n_groups, exposure.n_cols
    data = exposure.sci.reshape(n_planes, -1)
    delivered, gain = exposure.groupdq.reshape(data.shape), exposure.gain.reshape(-1)

    def work(start: int, stop: int, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        pixels = start * n_cols, stop * n_cols
        answer: NDArray[np.bool_] = wholly_flagged(
            data, delivered, gain, pixels, settings, wanted
        )
        return answer

    # Where all is DO_NOT_USE there is no flag to lose.
    wiped = work(0, 1, ~facts.unusable.ravel())
    release(exposure.sci, exposure.groupdq)
    if wiped.any():
        first = wiped.copy()
        for answer in exposure.over_bands(
            lambda start, stop: work(start, stop, first), n_threads or cores()
        ):
            wiped &= answer
    if wiped.any():
        key = settings.threshold, settings.by_integration, settings.keep_delivered
        facts.remember_wiped(key, wiped)
    return settings._replace(wiped=wiped.astype(np.uint8))


def _wiped_key(parameters: JumpParameters, keep_delivered: bool) -> tuple[float, int, int]:
    threshold = parameters.rejection_threshold
    return threshold, int(parameters.only_use_ints), int(keep_delivered)


def _cadence(timing: Timing, n_groups: int) -> tuple[F64, F64]:
    """Return the time between groups [s], or 1, and the reads of each difference."""
    times = timing.read_times
    if times is None:
        return np.ones(n_groups - 1), np.full(n_groups - 1, 2.0 * timing.n_frames)
    if len(times) != n_groups or not all(times):
        raise ValueError(
            f"read_times must list the read times of each of the {n_groups} groups, "
            f"got {[len(group) for group in times]} times"
        )
    steps = np.diff(np.array([np.mean(group) for group in times]))
    if not np.all(steps > 0):
        raise ValueError("read_times must increase from each group to the next")
    counts = np.array([len(group) for group in times], float)
    return steps, counts[1:] + counts[:-1]


def _is_even(timing: Timing, steps: F64, reads: F64) -> bool:
    # Rounding included, as the official code asks for sigma clipping.
    return timing.read_times is None or not (np.std(steps) or np.std(reads))


def _branch(facts: ExposureFacts, parameters: JumpParameters, even: bool) -> int:
    least = parameters.minimum_sigclip_groups
    by_integration = parameters.only_use_ints
    n_samples = facts.n_ints if by_integration else facts.n_usable_groups_in_all
    if n_samples >= least and even:
        return SIGMA_CLIP
    if facts.n_usable_groups < LEAST_GROUPS and n_samples < least:
        return TOO_FEW_GROUPS
    if facts.n_usable_groups - 1 >= parameters.min_diffs_single_pass:
        return SINGLE_PASS
    return ITERATIVE


def _groups_after(time: float, timing: Timing, facts: ExposureFacts) -> int:
    """Return how many groups a time [s] covers; more than there are make no difference."""
    if time >= facts.n_groups * timing.group_time:
        return facts.n_groups
    return max(0, int(time // timing.group_time))


def _in_electrons(signal: float, gain: float) -> float:
    """Return a limit [DN] in electrons, in the precision of the gain."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.float32(signal) * np.float32(gain))


def flags_of_skipped(exposure: Exposure, *, keep_delivered: bool = True) -> JumpResult:
    """Return the flags of an exposure in which no jump is searched for."""
    groupdq = exposure.groupdq.copy()
    if not keep_delivered:
        groupdq &= np.uint8(255 - Dq.JUMP_DET)
    delivered = (groupdq & np.uint8(Dq.JUMP_DET)) != 0
    return JumpResult(
        groupdq=groupdq,
        pixeldq=exposure.pixeldq.copy(),
        origin=delivered * np.uint8(Origin.DELIVERED),
        n_primary=0,
        n_extended=0,
        skipped=True,
    )
