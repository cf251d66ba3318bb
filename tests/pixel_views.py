"""Pixel views made by hand: straight lines through the runs of unflagged groups."""

import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.pixel_view import (
    Decision,
    IntegrationView,
    PixelView,
    SegmentView,
)

GROUP_TIME = 10.0
ERR = 0.0789
ENDS = int(~(Dq.PERSISTENCE | Dq.JUMP_DET) & 0xFF)  # bits that end a segment


def runs(groupdq):
    """Return (first, last) of each run that a jump or a bad group delimits."""
    found, first = [], None
    for group, dq in enumerate(groupdq):
        if first is not None and dq & (Dq.JUMP_DET | ENDS):
            found.append((first, group - 1))
            first = None
        if first is None and not dq & ENDS:
            first = group
    if first is not None:
        found.append((first, len(groupdq) - 1))
    return [run for run in found if run[1] > run[0]]


def segment(signal, first, last, weight=1.0, group_time=GROUP_TIME):
    times = (np.arange(first, last + 1) + 1) * group_time
    slope, intercept = np.polyfit(times, np.nan_to_num(signal[first : last + 1]), 1)
    return SegmentView(
        first_group=first,
        last_group=last,
        slope=float(slope),
        err=ERR,
        intercept=float(intercept),
        var_poisson=ERR**2 / 2,
        var_rnoise=ERR**2 / 2,
        weight=weight,
    )


def make_decision(signal, groupdq, **changes):
    difference = np.diff(np.asarray(signal, float), axis=1) * 2
    jump = (groupdq[:, 1:] & Dq.JUMP_DET) != 0
    n_removed = int(jump.sum())
    order = np.zeros(difference.shape, np.int64)
    order[jump] = np.arange(1, n_removed + 1)
    values = {
        "branch": "iterative",
        "n_differences": int(np.isfinite(difference).sum()),
        "threshold": 4.0,
        "threshold_name": "rejection_threshold",
        "difference": difference,
        "ratio": np.where(jump, 11.31, 1.2),
        "median": np.full(difference.shape, 20.0),
        "sigma": np.full(difference.shape, 5.0),
        "limit": np.full(difference.shape, 4.0),
        "order": order,
    }
    return Decision(**(values | changes))


def make_view(signal, groupdq=None, *, origin=None, decision=None, rates=None, **changes):
    """Return a view of `signal`, (n_groups,) or (n_ints, n_groups) [DN]."""
    signal = np.atleast_2d(np.asarray(signal, np.float32))
    flags = np.zeros(signal.shape, np.uint8)
    if groupdq is not None:
        flags[...] = np.atleast_2d(groupdq)
    if origin is None:
        origin = np.where(flags & Dq.JUMP_DET, Origin.PRIMARY, Origin.NONE)
    origin = np.atleast_2d(np.asarray(origin, np.uint8))
    found = [runs(dq) for dq in flags]
    n_segments = max(1, sum(len(item) for item in found))
    integrations = []
    for i, item in enumerate(found):
        fits = tuple(segment(signal[i], a, b, 1 / n_segments) for a, b in item)
        slope = float(np.mean([fit.slope for fit in fits])) if fits else np.nan
        integrations.append(
            IntegrationView(
                signal=signal[i],
                groupdq=flags[i],
                origin=origin[i],
                segments=fits,
                slope=slope if rates is None else rates[i],
                err=ERR if np.isfinite(slope) else 0.0,
                dq=int(np.bitwise_or.reduce(flags[i])),
            )
        )
    slopes = [item.slope for item in integrations if np.isfinite(item.slope)]
    values = {
        "pixel": Pixel(300, 512),
        "integrations": tuple(integrations),
        "decision": decision or make_decision(signal, flags),
        "slope": float(np.mean(slopes)) if slopes else np.nan,
        "err": ERR if slopes else 0.0,
        "dq": int(np.bitwise_or.reduce(flags, axis=None)),
        "pixeldq": 0,
        "gain": 2.0,
        "readnoise": 12.5,
        "group_time": GROUP_TIME,
        "run_name": "run 1: 4 sigma",
        "parameters_text": "rejection_threshold=4, delivered jumps dropped",
    }
    return PixelView(**(values | changes))


def two_jumps(n_groups=10):
    """Return one integration, 12 DN/s, with jumps at 40 % and 70 % of the ramp."""
    signal = 100.0 + 120.0 * np.arange(n_groups)
    flags = np.zeros(n_groups, np.uint8)
    for at, step in ((int(0.4 * n_groups), 300.0), (int(0.7 * n_groups), 500.0)):
        signal[at:] += step
        flags[at] = Dq.JUMP_DET
    return make_view(signal, flags)


def noisy(n_ints, n_groups, jumps=(), seed=1, rate=8.0, noise=15.0):
    """Return a noisy view; `jumps` are (integration, group, step [DN])."""
    rng = np.random.default_rng(seed)
    signal = 50 + rate * GROUP_TIME * np.arange(n_groups) * np.ones((n_ints, 1))
    signal += rng.normal(0, noise, signal.shape)
    flags = np.zeros(signal.shape, np.uint8)
    for integration, group, step in jumps:
        signal[integration, group:] += step
        flags[integration, group] |= Dq.JUMP_DET
    return make_view(signal, flags)
