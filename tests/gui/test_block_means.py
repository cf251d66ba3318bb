import numpy as np
import pytest

from rampviewer.core.window_means import fill_means
from rampviewer.gui.image import block_means
from rampviewer.gui.image.block_means import BlockMeans, Windows
from rampviewer.model.kernels.warm_up import _reduce_image


@pytest.fixture(params=[True, False], ids=["kernel", "no kernel yet"], autouse=True)
def _is_ready(request, monkeypatch):
    """Take the means both ways."""
    _reduce_image()
    monkeypatch.setattr(block_means, "is_ready", lambda: request.param)


def windows_of(step, shape, offset=0.0):
    """Return the windows of a screen that shows all of a frame, `step` to 1."""
    rows, cols = (np.arange(offset, n / step) * step + 0.5 * step - 0.5 for n in shape)
    return Windows.around(rows, cols, int(np.ceil(step)), shape)


def means_by_windows(values, windows):
    means = np.full((windows.rows.size, windows.cols.size), np.nan)
    for i, row in enumerate(windows.rows):
        for j, col in enumerate(windows.cols):
            part = values[row : row + windows.height, col : col + windows.width]
            good = part[~np.isnan(part)]
            if good.size:
                means[i, j] = good.mean()
    return means


@pytest.mark.parametrize("step", [1.2, 2.0, 3.4, 90.0])
def test_each_window_has_the_mean_of_what_is_no_nan(step):
    rng = np.random.default_rng(3)
    values = rng.normal(5, 2, (31, 44)).astype(np.float32)
    values[rng.random(values.shape) < 0.4] = np.nan
    values[:9, :9] = np.nan
    windows = windows_of(step, values.shape)
    means = BlockMeans(values).under(windows)
    np.testing.assert_allclose(means, means_by_windows(values, windows), rtol=1e-5)


@pytest.mark.parametrize("worth", [0, 1e12])
def test_means_are_the_same_shared_out_or_not(worth, monkeypatch):
    values = np.random.default_rng(5).normal(5, 2, (31, 44)).astype(np.float32)
    windows = windows_of(2.0, values.shape)
    monkeypatch.setattr(block_means, "_WORTH_THREAD", worth)
    means = BlockMeans(values).under(windows)
    np.testing.assert_allclose(means, means_by_windows(values, windows), rtol=1e-5)


def test_no_other_thread_is_waited_for_to_average_a_detector(monkeypatch):
    values = np.random.default_rng(5).normal(5, 2, (2048, 2048)).astype(np.float32)
    monkeypatch.setattr(block_means, "ThreadPoolExecutor", None)
    assert BlockMeans(values).under(windows_of(3.3, values.shape)).shape == (621, 621)


def test_a_frame_of_which_nothing_is_made_has_no_means():
    nothing = np.broadcast_to(np.float32(np.nan), (30, 40))
    means = BlockMeans(nothing).under(windows_of(2.0, nothing.shape))
    assert means.shape == (15, 20)
    assert np.isnan(means).all()


@pytest.mark.parametrize("step", [1.2, 2.0, 3.4])
def test_every_detector_pixel_is_in_a_window(step):
    windows = windows_of(step, (100, 100))
    covered = {row + k for row in windows.rows.tolist() for k in range(windows.height)}
    assert covered == set(range(100))


def test_counts_have_means_as_well():
    counts = np.arange(16, dtype=np.uint16).reshape(4, 4)
    means = BlockMeans(counts).under(windows_of(2.0, (4, 4)))
    assert means.tolist() == [[2.5, 4.5], [10.5, 12.5]]


@pytest.mark.parametrize("rows", [(0, 1), (4, 9), (29, 30), (3, 30)])
def test_means_follow_rows_that_changed_in_place(rows):
    values = np.random.default_rng(1).random((30, 11)).astype(np.float32)
    means, windows = BlockMeans(values), windows_of(3.4, values.shape)
    means.under(windows)
    values[slice(*rows)] += 5
    means.mark_rows(*rows)
    expected = means_by_windows(values, windows)
    np.testing.assert_allclose(means.under(windows), expected, rtol=1e-5)


def test_bright_specks_are_no_more_frequent_on_a_smaller_screen():
    rng = np.random.default_rng(5)
    values = np.zeros((600, 600), np.float32)
    values[rng.random(values.shape) < 0.01] = 1.0
    brightness = [
        float(BlockMeans(values).under(windows_of(600 / n, values.shape)).mean())
        for n in (181, 182, 183, 199, 200, 201, 299, 301)
    ]
    np.testing.assert_allclose(brightness, values.mean(), rtol=0.1)


def test_infinite_values_raise_no_warning():
    values = np.array([[np.inf, 1.0], [3e38, 3e38]], np.float32)
    means = BlockMeans(values).under(windows_of(2.0, (2, 2)))
    assert means.tolist() == [[np.inf]]


@pytest.mark.parametrize("n_changed", [0, 3, 60, 2000])
def test_what_has_changed_leads_to_the_bits_of_means_taken_anew(n_changed):
    rng = np.random.default_rng(n_changed)
    values = rng.normal(5, 2, (120, 97)).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = np.nan
    # A row of the detector may be at the top of the screen or at its bottom.
    rows, cols = (np.arange(n / 3.4) * 3.4 + 1.2 for n in values.shape)
    windows = Windows.around(rows[::-1], cols, 4, values.shape)
    means = BlockMeans(values)
    means.under(windows)
    places = rng.integers(0, 120, n_changed), rng.integers(0, 97, n_changed)
    values[places] = rng.normal(7, 2, n_changed)
    means.mark_pixels(*places)
    anew = BlockMeans(values).under(windows)
    np.testing.assert_array_equal(means.under(windows), anew)


def test_the_kernel_gives_the_bits_that_are_shown_before_it_is_ready(monkeypatch):
    rng = np.random.default_rng(8)
    values = rng.normal(0, 1e4, (90, 70)).astype(np.float32)
    values[rng.random(values.shape) < 0.5] = np.nan
    values[3, 5], values[60, 1] = np.inf, -np.inf
    for step in (1.2, 3.4, 5.0):
        windows, found = windows_of(step, values.shape), []
        for is_ready in (True, False):
            monkeypatch.setattr(block_means, "is_ready", lambda is_=is_ready: is_)
            found.append(BlockMeans(values).under(windows))
        np.testing.assert_array_equal(*found)


def test_other_kinds_of_values_need_no_kernel_of_their_own():
    windows = windows_of(2.0, (4, 6))
    values = np.arange(24, dtype=np.float32).reshape(4, 6)
    n_compiled = len(fill_means.signatures)
    for other in (values.astype(np.uint8), np.asfortranarray(values), values[:, ::-1]):
        BlockMeans(other).under(windows)
    values.setflags(write=False)
    BlockMeans(values).under(windows)
    assert len(fill_means.signatures) == n_compiled
