import numpy as np
import pytest

from rampviewer.gui.image import frame_changes
from rampviewer.gui.image.block_means import BlockMeans, Windows
from rampviewer.gui.image.frame_render import BlockPeaks
from tests.gui.test_block_means import means_by_windows, windows_of


def changed(values, n, seed=1):
    """Change `n` values in place; return their rows and columns."""
    rng = np.random.default_rng(seed)
    rows, cols = (rng.integers(0, size, n) for size in values.shape)
    rows[0], cols[0] = values.shape[0] - 1, values.shape[1] - 1  # in the last of all
    new = rng.integers(0, 200, n)
    values[rows, cols] = new
    if values.dtype.kind == "f":
        values[rows[::3], cols[::3]] = np.nan
    return rows, cols


@pytest.mark.parametrize("n", [1, 3, 400])
@pytest.mark.parametrize("turn", [(1, 1), (-1, 1), (1, -1)])
@pytest.mark.parametrize("step", [1.2, 2.0, 3.4, 90.0])
def test_means_follow_pixels_that_changed_in_place(step, turn, n):
    values = np.random.default_rng(1).random((61, 44)).astype(np.float32)
    means, windows = BlockMeans(values), windows_of(step, values.shape)
    rows, cols = windows.rows[:: turn[0]], windows.cols[:: turn[1]]
    windows = Windows(rows, cols, windows.height, windows.width)
    means.under(windows)
    for seed in (1, 2):
        means.mark_pixels(*changed(values, n, seed))
    means.mark_rows(3, 5)
    values[3:5] += 1
    wanted = means_by_windows(values, windows)
    np.testing.assert_allclose(means.under(windows), wanted, rtol=1e-5)


@pytest.mark.parametrize("join", [np.fmax, np.fmin, np.bitwise_or])
@pytest.mark.parametrize(("size", "n"), [(1, 3), (2, 4), (5, 2), (5, 300), (7, 1), (99, 1)])
def test_peaks_follow_pixels_that_changed_in_place(join, size, n):
    kind = np.uint8 if join is np.bitwise_or else np.float32
    values = np.random.default_rng(1).integers(0, 99, (62, 43)).astype(kind)
    peaks = BlockPeaks(values, join)
    peaks.of(size)
    for seed in (1, 2):
        peaks.mark_pixels(*changed(values, n, seed))
    np.testing.assert_array_equal(peaks.of(size), BlockPeaks(values, join).of(size))


def test_too_many_pixels_count_as_all_rows(monkeypatch):
    monkeypatch.setattr(frame_changes, "MOST_PIXELS", 3)
    changes = frame_changes.FrameChanges(9)
    two = np.array([1, 2])
    changes.mark_pixels(two, two)
    assert changes.rows is None
    changes.mark_pixels(two, two)
    assert changes.rows == (0, 9)
    assert changes.pixels()[0].size == 0
