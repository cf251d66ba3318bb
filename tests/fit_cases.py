"""Random exposures in which rare patterns of flags are common, and their comparison."""

from typing import Any, NamedTuple

import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.model.timing import Timing

DNU, SAT, JUMP = int(Dq.DO_NOT_USE), int(Dq.SATURATED), int(Dq.JUMP_DET)
PERSISTENCE, CHARGELOSS = int(Dq.PERSISTENCE), int(Dq.CHARGELOSS)


class Case(NamedTuple):
    """Arrays in the order of the arguments of a fit."""

    sci: np.ndarray
    groupdq: np.ndarray
    pixeldq: np.ndarray
    gain: np.ndarray
    readnoise: np.ndarray


def random_case(
    rng: np.random.Generator,
    n_ints: int,
    n_groups: int,
    n_rows: int = 8,
    n_cols: int = 40,
    dirty: float = 0.7,
) -> Case:
    """Return ramps of all signal to noise ratios, a share `dirty` of which has flags."""
    shape = (n_ints, n_groups, n_rows, n_cols)
    frame = (n_rows, n_cols)
    rate = 10.0 ** rng.uniform(-1, 4, frame) * rng.choice([1, 1, 1, -0.3], frame)
    groups = np.arange(1, n_groups + 1)[None, :, None, None]
    sci = rate * groups + rng.normal(0, 8, shape) + rng.normal(0, 100, (n_ints, 1, *frame))
    case = Case(
        sci.astype(np.float32),
        np.zeros(shape, np.uint8),
        np.zeros(frame, np.uint32),
        rng.uniform(0.8, 6.0, frame).astype(np.float32),
        rng.uniform(2.0, 20.0, frame).astype(np.float32),
    )
    for row, col in np.argwhere(rng.random(frame) < dirty):
        dirty_pixel(case, row, col, rng)
    return case


def dirty_pixel(case: Case, row: int, col: int, rng: np.random.Generator) -> None:
    n_ints = case.sci.shape[0]
    for i in range(n_ints):
        case.groupdq[i, :, row, col] = _flags(case.sci.shape[1], rng)
    ramps = case.sci[:, :, row, col]
    kind = rng.integers(0, 40)
    if kind == 0:
        ramps[rng.random(ramps.shape) < 0.3] = np.nan
    elif kind == 1:
        ramps[:] = np.round(ramps / 50) * 50
    elif kind == 2:
        ramps[:] = 7.0
    elif kind == 3:
        case.gain[row, col] = rng.choice([0.0, -1.0, np.nan, np.inf])
    elif kind == 4:
        case.readnoise[row, col] = rng.choice([0.0, np.nan, 1e6, -3.0, 1e-4])
    elif kind == 5:
        case.pixeldq[row, col] = rng.integers(0, 2**32, dtype=np.uint32)
    elif kind == 6:
        ramps[rng.random(ramps.shape) < 0.2] = rng.choice([np.inf, -np.inf])
    elif kind == 7:
        case.gain[row, col] = 1e-5


def _flags(n_groups: int, rng: np.random.Generator) -> np.ndarray:
    """Return the flags of one ramp, of a kind drawn at random."""
    dq = np.zeros(n_groups, np.uint8)
    some = rng.random(n_groups) < rng.choice([0.1, 0.4, 0.8])

    def one_of(*values: int) -> np.uint8:
        return rng.choice(np.array(values, np.uint8))

    any_group = int(rng.integers(0, n_groups))
    everywhere, first, last = slice(None), slice(1), slice(n_groups - 1, None)
    alternating, rest = slice(any_group % 2, None, 2), slice(any_group, None)
    kinds = [
        [],
        [(some, JUMP)],
        [(some, JUMP), (rest, SAT)],
        [(some, rng.integers(0, 256, some.sum(), np.uint8))],
        [(first, JUMP)],
        [(last, JUMP)],
        [(everywhere, one_of(JUMP, SAT, DNU, SAT | DNU, CHARGELOSS | DNU, PERSISTENCE))],
        [(alternating, one_of(JUMP, DNU))],
        [(rest, SAT)],
        [(slice(any_group), one_of(DNU, SAT, JUMP)), (slice(any_group + 1, None), DNU)],
        [(slice(1, None), one_of(SAT, DNU, SAT | DNU, JUMP))],
        [(rest, CHARGELOSS | DNU), (some, one_of(JUMP, CHARGELOSS))],
        [(some, PERSISTENCE), (alternating, JUMP)],
        [(some, DNU)],
        [(first, one_of(DNU, SAT, PERSISTENCE))],
    ]
    for groups, flags in kinds[rng.integers(0, len(kinds))]:
        dq[groups] |= flags
    return dq


def random_timing(rng: np.random.Generator) -> Timing:
    """Return a read pattern with averaged frames, gaps and dropped frames."""
    frame_time = float(rng.uniform(0.5, 12.0))
    n_frames, gap = int(rng.choice([1, 2, 4, 8])), int(rng.choice([0, 1, 5]))
    return Timing(
        frame_time=frame_time,
        group_time=frame_time * (n_frames + gap),
        n_frames=n_frames,
        groupgap=gap,
        drop_frames1=int(rng.choice([0, 2])),
    )


def assert_same(
    ours: np.ndarray, reference: np.ndarray, name: str, floor: float = 0.0
) -> None:
    """Check every element: flags exactly, numbers to 1e-5 and 1e-7 of the largest.

    What is smaller than `floor` counts as zero.
    """
    assert ours.shape == reference.shape, name
    assert ours.dtype == reference.dtype, name
    if ours.dtype.kind == "u":
        np.testing.assert_array_equal(ours, reference, name)
        return
    finite = reference[np.isfinite(reference)]
    largest = np.abs(finite).max(initial=0.0)
    np.testing.assert_allclose(
        ours, reference, rtol=1e-5, atol=max(1e-7 * largest, floor), err_msg=name
    )


def assert_fits(result: Any, reference: tuple[Any, Any, Any]) -> None:
    """Compare a FitResult with the dictionaries of the reference."""
    planes = (result.rate, result.rateints, result.segments)
    titles = ("rate", "rateints", "segments")
    for title, ours, theirs in zip(titles, planes, reference, strict=True):
        for name, plane in (theirs or {}).items():
            # Chi-square is the small difference of large numbers, and of order one.
            floor = 1e-6 if name == "chisq" else 0.0
            assert_same(getattr(ours, name), plane, f"{title} {name}", floor)
