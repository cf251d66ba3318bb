"""What `plot_pixel` draws."""

import matplotlib as mpl
import numpy as np
import pytest

import rampviewer as rv
from rampviewer.core.dq import Dq
from tests.exposures import random_exposure


@pytest.fixture(autouse=True)
def pyplot():
    """Draw without a display, and close what was drawn."""
    mpl.use("agg")
    from matplotlib import pyplot  # noqa: PLC0415 - after its platform is chosen

    yield pyplot
    pyplot.close("all")


@pytest.fixture(scope="module")
def result():
    return rv.process(random_exposure(shape=(2, 8, 6, 7), delivered=0))


@pytest.fixture
def jumped(result):
    """Return x, y of a pixel with a fitted segment and a jump."""
    table = result.table_of_jumps()
    for row in table:
        if len(result.segments_of(row["x"], row["y"])):
            return int(row["x"]), int(row["y"])
    raise AssertionError("no such pixel")


def test_each_segment_has_a_line_and_a_label(result, jumped):
    ramp, _ = result.plot_pixel(*jumped)
    segments = result.segments_of(*jumped)
    lines = [line for line in ramp.lines if line.get_color() == "tab:blue"]
    assert len(lines) == len(ramp.texts) == len(segments)
    said = sorted(text.get_text() for text in ramp.texts)
    assert all("DN/s" in text and text.endswith("%") for text in said)


def test_every_group_is_drawn_once_at_its_signal(result, jumped):
    ramp, _ = result.plot_pixel(*jumped)
    x, y = jumped
    drawn = [
        line.get_ydata()
        for line in ramp.lines
        if line.get_color() in {"0.25", "0.6"} and line.get_linestyle() == "None"
    ]
    signal = result.exposure.sci[:, :, y, x]
    np.testing.assert_array_equal(
        np.sort(np.concatenate(drawn)), np.sort(signal, axis=None)
    )


def test_flags_stand_below_the_groups_that_carry_them(result, jumped):
    _, flags = result.plot_pixel(*jumped)
    x, y = jumped
    names = [label.get_text() for label in flags.get_yticklabels()]
    row = names.index("JUMP_DET 4")
    marks = [
        line.get_xdata()
        for line in flags.lines
        if len(line.get_ydata()) and set(line.get_ydata()) == {row}
    ]
    flagged = (result.jumps.groupdq[:, :, y, x] & Dq.JUMP_DET) != 0
    expected = [i * 9 + g for i, g in np.argwhere(flagged)]  # 8 groups and a gap
    np.testing.assert_array_equal(np.sort(np.concatenate(marks)), expected)


def test_groups_are_counted_in_each_integration(result):
    ramp, flags = result.plot_pixel(3, 2)
    ramp.figure.canvas.draw()
    said = {
        round(tick.get_loc()): tick.label1.get_text()
        for tick in flags.xaxis.get_major_ticks()
    }
    assert said[0] == "0\nint 0"
    assert said[9] == "0\nint 1"  # after 8 groups and a gap
    assert said[11] == said[2] == "2"
    assert 8 not in said


def test_of_many_integrations_some_are_numbered():
    exposure = random_exposure(shape=(40, 8, 6, 7), delivered=0)
    _, flags = rv.process(exposure).plot_pixel(3, 2)
    names = [label.get_text() for label in flags.get_xticklabels()]
    assert 8 <= len(names) <= 14
    assert names[:2] == ["0\nint 0", "0\nint 3"]


def test_labels_of_segments_stay_below_the_title():
    sci = np.tile(np.arange(8, dtype=np.float32), (2, 1))
    sci[1, 2:] += 9000
    exposure = rv.Exposure.from_arrays(
        sci=sci[:, :, None, None],
        groupdq=np.zeros((2, 8, 1, 1), np.uint8),
        pixeldq=np.zeros((1, 1), np.uint32),
        gain=1.0,
        readnoise=5.0,
        timing=rv.Timing(frame_time=1.0, group_time=1.0),
    )
    ramp, _ = rv.process(exposure).plot_pixel(0, 0)
    ramp.figure.canvas.draw()
    frame = ramp.get_window_extent()
    assert len(ramp.texts) == 3
    for text in ramp.texts:
        box = text.get_window_extent()
        assert frame.y0 < box.y0
        assert box.y1 < frame.y1
        assert box.x1 < frame.x1


def test_labels_of_many_segments_hide_none_of_each_other():
    sci = np.tile(20 * np.arange(12, dtype=np.float32), (3, 1))
    for integration, groups in enumerate(((4, 8), (3, 6, 9), (3, 5, 9))):
        for group in groups:
            sci[integration, group:] += 400
    exposure = rv.Exposure.from_arrays(
        sci=sci[:, :, None, None],
        groupdq=np.zeros((3, 12, 1, 1), np.uint8),
        pixeldq=np.zeros((1, 1), np.uint32),
        gain=1.0,
        readnoise=5.0,
        timing=rv.Timing(frame_time=1.0, group_time=1.0),
    )
    ramp, _ = rv.process(exposure).plot_pixel(0, 0)
    ramp.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ramp.texts]
    assert len(boxes) == 11
    frame = ramp.get_window_extent()
    for i, box in enumerate(boxes):
        assert frame.x0 < box.x0
        assert box.x1 < frame.x1
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_one_integration_is_drawn_over_time():
    exposure = random_exposure(shape=(1, 8, 6, 7), delivered=0)
    ramp, flags = rv.process(exposure).plot_pixel(3, 2)
    assert flags.get_xlabel() == "time [s]"
    assert ramp.get_shared_x_axes().joined(ramp, flags)
    drawn = [line.get_xdata() for line in ramp.lines if line.get_marker() in {"o", "x"}]
    last = max(max(x, default=0) for x in drawn)
    assert last == pytest.approx(8 * exposure.timing.group_time)


def test_axes_of_ones_own_are_used(result, jumped, pyplot):
    _, mine = pyplot.subplots(2, 1)
    assert result.plot_pixel(*jumped, axes=mine) == tuple(mine)
    assert len(pyplot.get_fignums()) == 1


def test_a_pixel_outside_is_refused(result):
    with pytest.raises(ValueError, match="x 7"):
        result.plot_pixel(7, 0)
