import numpy as np
import pytest
from astropy.stats import sigma_clip
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.jump.selection import select, select_middle
from rampviewer.core.jump.sigma_clip import (
    clip_bounds,
    clip_sorted,
    largest_ratio,
    sum_outwards,
)

SEEDS = st.integers(0, 2**32 - 1)
THRESHOLDS = st.sampled_from([0.0, 0.5, 1.2, 2.0, 3.0, 4.0, 12.0])


def samples(seed, n, rounded=False):
    rng = np.random.default_rng(seed)
    values = rng.normal(10 ** rng.uniform(-1, 5), 10 ** rng.uniform(-2, 3), n)
    hit = rng.random(n) < 0.15
    values[hit] += rng.choice([1, 1, -1], hit.sum()) * 10 ** rng.uniform(0, 5, hit.sum())
    return (np.round(values) if rounded else values).astype(np.float32)


def clipped(columns, threshold):
    """Return (first, stop) of what stays of each of some sorted columns (n, n_lanes)."""
    n = len(columns)
    sums, squares = np.empty((2, n + 1, columns.shape[1]))
    n_finite = np.isfinite(columns).sum(axis=0)
    center = [
        np.median(column[:k]) if k else 0.0
        for column, k in zip(columns.T, n_finite, strict=True)
    ]
    with np.errstate(invalid="ignore"):
        sum_outwards(columns, np.array(center, float), sums, squares)
    return [
        clip_sorted(columns[:, j], n_finite[j], threshold, sums[:, j], squares[:, j])
        for j in range(columns.shape[1])
    ]


def reference(values, threshold):
    """Return (kept, lower, upper) of the official clipping."""
    clipped, lower, upper = sigma_clip(
        values.astype(float), sigma=threshold, axis=0, return_bounds=True
    )
    return ~np.ma.getmaskarray(clipped), lower, upper


@given(seed=SEEDS, n=st.integers(1, 300), threshold=THRESHOLDS, rounded=st.booleans())
@settings(max_examples=400, deadline=None, derandomize=True)
def test_bounds_equal_the_reference_to_the_last_bit(seed, n, threshold, rounded):
    values = samples(seed, n, rounded)
    _, lower, upper = reference(values, threshold)
    assert clip_bounds(values.astype(float), n, threshold)[:2] == (lower, upper)


@given(seed=SEEDS, n=st.integers(1, 300), threshold=THRESHOLDS, rounded=st.booleans())
@settings(max_examples=400, deadline=None, derandomize=True)
def test_the_fast_way_is_right_or_gives_up(seed, n, threshold, rounded):
    lanes = [samples(seed + k, n, rounded) for k in range(3)]
    columns = np.sort(np.stack(lanes, axis=1), axis=0)
    for values, (first, stop) in zip(lanes, clipped(columns, threshold), strict=True):
        kept = np.flatnonzero(reference(np.sort(values), threshold)[0])
        if first >= 0:
            assert (first, stop) == (kept[0], kept[-1] + 1)


@pytest.mark.parametrize("n_missing", [1, 7, 40])
def test_what_is_missing_stands_last_and_is_left_out(n_missing):
    for seed in range(30):
        values = np.sort(samples(seed, 100))
        columns = np.append(values, np.full(n_missing, np.inf, np.float32))[:, None]
        (with_missing,), (without,) = clipped(columns, 4.0), clipped(values[:, None], 4.0)
        assert with_missing == without


def test_the_fast_way_seldom_gives_up():
    columns = np.stack([np.sort(samples(seed, 120)) for seed in range(300)], axis=1)
    assert sum(first < 0 for first, _ in clipped(columns, 4.0)) <= 3


def test_a_sample_at_the_very_bound_stays():
    values = np.array([1, -1, 1, -1, 1, -1, 1, -1], float)
    assert clip_bounds(values.copy(), 8, 1.0) == (-1.0, 1.0, 0.0, 1.0)
    ordered = np.sort(values).astype(np.float32)
    assert clipped(ordered[:, None], 1.0) == [(-1, -1)]


def test_five_rounds_are_the_most():
    values = np.concatenate([np.zeros(40), 10.0 ** np.arange(1, 10)]).astype(np.float32)
    kept, lower, upper = reference(values, 2.0)
    assert clip_bounds(values.astype(float), values.size, 2.0)[:2] == (lower, upper)
    assert kept.sum() > 40  # more rounds would leave the zeros alone


def test_nothing_at_all_has_no_bounds():
    assert np.isnan(clip_bounds(np.empty(0), 0, 4.0)).all()
    nothing = np.full((3, 1), np.inf, np.float32)
    assert clipped(nothing, 4.0) == [(-1, -1)]


@pytest.mark.parametrize("n", [1, 2, 3, 8, 31, 200])
def test_selected_values_are_those_of_the_sorted_list(n):
    for seed in range(20):
        values = samples(seed, n, rounded=True)
        ordered = np.sort(values)
        for place in {0, n // 2, n - 1}:
            assert select(values.copy(), n, place) == ordered[place]
        expected = ordered[(n - 1) // 2], ordered[n // 2]
        assert select_middle(values.copy(), n) == expected
    assert np.isnan(select_middle(values, 0)).all()


def test_the_largest_ratio_is_that_before_clipping():
    values = samples(3, 50)
    expected = np.abs(values - np.median(values)).max() / values.std(dtype=float)
    assert largest_ratio(np.sort(values), 50) == pytest.approx(expected)
    assert largest_ratio(np.full(5, 3, np.float32), 5) == 0.0
