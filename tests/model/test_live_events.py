from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.jump.sources import empty_spread, flag_from_neighbors, mark_sources
from rampviewer.core.live.bits import put_jumps
from rampviewer.model.live.live_events import EventIndex
from rampviewer.model.live.live_reach import around, unique
from rampviewer.model.runs.jump_detection import detect_exposure, jump_settings
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.settings.parameters import JumpParameters
from tests.exposures import packed_jumps
from tests.live_cases import DEFAULT, dirty_exposure, some_threshold

SEEDS = st.integers(0, 2**32 - 1)
KINDS = (
    "rejection_threshold",
    "four_group_rejection_threshold",
    "three_group_rejection_threshold",
)


def jumps_of(exposure, parameters):
    """Return JUMP_DET, without neighbours, and what the kernels need."""
    prepared = Prepared.of(exposure)
    flags = detect_exposure(exposure, parameters).groupdq & 4
    return flags, jump_settings(prepared.facts, exposure.timing, parameters)


@given(seed=SEEDS, floor=st.sampled_from([0.3, 1.0, 3.0]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_pixel_that_changes_is_listed(seed, floor):
    rng = np.random.default_rng(seed)
    exposure = dirty_exposure(rng)
    exposure = replace(exposure, timing=exposure.timing.even)  # as a pass has it
    sets = []
    for _ in range(2):
        values = [max(floor, some_threshold(rng, exposure, DEFAULT)) for _ in KINDS]
        chosen = dict(zip(KINDS, values, strict=True))
        sets.append(JumpParameters(flag_4_neighbors=False, **chosen))
    (one, old), (other, new) = (jumps_of(exposure, parameters) for parameters in sets)
    index = EventIndex.of(exposure, old, floor, 2)
    assert index.covers(old)
    assert index.covers(new)
    changed = np.flatnonzero((one != other).any(axis=(0, 1)))
    assert set(changed) <= set(unique(index.between(old, new)))
    found = np.flatnonzero(one.any(axis=(0, 1)) & ~(exposure.groupdq & 4).any(axis=(0, 1)))
    assert set(found) <= set(unique(index.above(old)))
    assert not index.covers(new._replace(threshold=floor * 0.99))


def test_pixels_far_from_the_thresholds_are_not_listed():
    rng = np.random.default_rng(1)
    exposure = dirty_exposure(rng, (60, 70))
    _, old = jumps_of(exposure, JumpParameters())
    index = EventIndex.of(exposure, old, 3.0, 2)
    listed = unique(index.between(old, old._replace(threshold=old.threshold + 0.1)))
    assert 0 < listed.size < unique(index.above(old)).size / 10


def test_an_index_is_of_one_branch():
    exposure = dirty_exposure(np.random.default_rng(2))
    exposure = replace(exposure, groupdq=np.zeros_like(exposure.groupdq))
    sets = [JumpParameters(min_diffs_single_pass=n) for n in (2, 50)]
    (_, one), (_, other) = (jumps_of(exposure, parameters) for parameters in sets)
    index = EventIndex.of(exposure, one, 3.0, 1)
    assert index.covers(one)
    assert not index.covers(other)


@given(seed=SEEDS, n_planes=st.integers(1, 70), n_cols=st.integers(1, 20))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_sources_reach_their_four_neighbours(seed, n_planes, n_cols):
    rng = np.random.default_rng(seed)
    shape = (n_planes, int(rng.integers(1, 5)), n_cols)
    is_source = rng.random(shape) < 0.2
    spread = empty_spread(*shape)
    for row in range(shape[1]):
        planes, cols = np.nonzero(is_source[:, row])
        mark_sources(planes * n_cols + cols, spread[row])
    wanted = np.zeros(shape, bool)
    wanted[:, 1:] |= is_source[:, :-1]
    wanted[:, :-1] |= is_source[:, 1:]
    wanted[:, :, 1:] |= is_source[:, :, :-1]
    wanted[:, :, :-1] |= is_source[:, :, 1:]
    delivered = rng.choice(np.array([0, 0, 1, 2, 4, 8], np.uint8), shape)
    flags, origin = delivered.copy(), np.zeros(shape, np.uint8)
    places = np.arange(shape[1] * n_cols).reshape(shape[1:])
    flag_from_neighbors(places, (0, shape[1]), spread, flags, origin)
    is_new = wanted & (delivered & 7 == 0)
    np.testing.assert_array_equal(flags, delivered | 4 * is_new)
    np.testing.assert_array_equal(origin, 3 * is_new)


@given(seed=SEEDS, n_cols=st.integers(1, 20))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_packed_jumps_of_some_pixels_are_replaced(seed, n_cols):
    rng = np.random.default_rng(seed)
    flags = 4 * rng.integers(0, 2, (3, 4, n_cols), np.uint8)
    packed = packed_jumps(flags)
    pixels = np.flatnonzero(rng.random(4 * n_cols) < 0.3)
    new = rng.integers(0, 2, (3, pixels.size + 2), np.uint8)
    put_jumps(new, pixels, n_cols, packed)
    flags.reshape(3, -1)[:, pixels] = 4 * new[:, : pixels.size]
    np.testing.assert_array_equal(packed, packed_jumps(flags))


def test_neighbours_end_at_the_frame():
    assert sorted(around(np.array([0]), 3, 4)) == [1, 4]
    assert sorted(around(np.array([7]), 3, 4)) == [3, 6, 11]
    assert sorted(around(np.array([5]), 3, 4)) == [1, 4, 6, 9]
    assert unique([np.array([3, 1]), np.array([1, 3, 2])]).tolist() == [1, 2, 3]
