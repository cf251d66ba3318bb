"""The main job: open, look, move the threshold, export."""

import numpy as np
import pytest
from astropy.io import fits
from PyQt6.QtCore import QPoint
from stdatamodels.jwst import datamodels

import rampviewer
from rampviewer.core.dq import Dq
from rampviewer.gui.image.stretch import LimitsRule, limits_by
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from tests.app.hand import same


@pytest.fixture
def exposure(files):
    return rampviewer.open(files.ramp, files.gain, files.readnoise)


def process(exposure, sigma):
    jump = rampviewer.JumpParameters(rejection_threshold=sigma)
    return rampviewer.process(exposure, jump)


def telling_pixels(low, high, limits):
    """Return two pixels, apart, with one jump at a low threshold, none at a high one.

    Their rates are within the limits of the image at first, beyond them without the jump.
    """
    change = np.abs(high.run.rate.slope - low.run.rate.slope)
    one = (low.run.n_jumps == 1) & (high.run.n_jumps == 0)
    # Its jump parts the ramp into two segments, and nothing else does.
    first, last = (low.jumps.groupdq[0, group] for group in (1, -1))
    one &= ((first | last) == 0) & (low.run.rate.dq == Dq.JUMP_DET)
    one &= (low.run.rate.slope > limits.low) & (low.run.rate.slope < limits.high)
    one &= high.run.rate.slope > limits.high
    found = np.argwhere(one)
    first = found[np.argmax(change[tuple(found.T)])]
    apart = found[np.abs(found - first).min(axis=1) > 10]
    return Pixel(*first.tolist()), Pixel(*apart[0].tolist())


def test_open_look_drag_and_export(application, hand, files, exposure, tmp_path):
    default, high = process(exposure, 4.0), process(exposure, 50.0)

    hand.open(files)
    assert application.plane_bar.plane() is Plane.RATE
    assert same(hand.shown, default.fit.rate.slope)

    limits = limits_by(LimitsRule.ZSCALE, hand.shown, None)
    application.image.limits.type_limits(limits)
    pixel, other = telling_pixels(default, high, limits)
    look_at_a_jump(application, hand, pixel, default)
    drag_the_threshold(application, hand, other, default, high)

    sigma = application.processing.threshold.value()
    assert application.session.recipe.jump.rejection_threshold == sigma
    expected = process(exposure, sigma)
    hand.settle()
    assert same(hand.shown, expected.fit.rate.slope)

    shown = hand.shown.copy()
    out = tmp_path / "out"
    said = hand.export(out, "jump", "rate", "rateints", "fitopt")
    assert str(out) in said
    read_back(out, expected, shown, sigma)


def look_at_a_jump(application, hand, pixel, result):
    hand.click(*pixel)
    assert application.session._focus.selected == pixel
    view = application.ramp.shown()
    assert view.pixel == pixel
    plot = application.ramp.grid.plots[0]
    assert plot.segments.ends.shape == (2, 4)  # two lines
    assert len(view.integrations[0].segments) == 2
    for segment, text in zip(
        view.integrations[0].segments, plot.labels.labels.long, strict=True
    ):
        assert f"{segment.slope:.2f}"[:3] in text
        assert "%" in text
    flags = result.jumps.groupdq[0, :, pixel.row, pixel.col]
    (group,) = np.flatnonzero(flags & Dq.JUMP_DET)
    x, y = plot.flags.marks.x, plot.flags.marks.y
    timing = result.exposure.timing
    np.testing.assert_allclose(x, [(group + 1) * timing.group_time])
    np.testing.assert_allclose(y, result.exposure.sci[0, group, pixel.row, pixel.col])
    text = application.pixel_panel.text()
    assert f"Pixel x {pixel.col}, y {pixel.row}" in text
    assert "Branch: iterative" in text
    assert "9 of 9 two-point differences could be used" in text
    assert "rejection_threshold = 4 sigma" in text
    assert f"int 0 group {group}:" in text
    assert "sigma > 4, primary" in text
    read_out = application.status.text()
    assert read_out.startswith(f"x {pixel.col:>4} y {pixel.row:>4}")
    assert "jumps  1 segs  2" in read_out


def drag_the_threshold(application, hand, pixel, low, high):
    """Drag to the upper end of the slider and halfway back, and look meanwhile."""
    before, color = hand.shown[pixel], hand.color(*pixel)
    assert before == low.fit.rate.slope[pixel]
    place = hand.grasp()
    for x in range(place.x(), hand.slider.width(), 40):
        hand.drag_to(QPoint(x, place.y()))
    end = QPoint(hand.slider.width() + 30, place.y())
    hand.drag_to(end)
    assert hand.slider.isSliderDown()
    assert application.processing.threshold.value() == 50.0
    assert len(application.ramp.shown().integrations[0].segments) == 1  # follows at once
    hand.until(lambda: hand.shown[pixel] == high.fit.rate.slope[pixel])
    hand.until(lambda: hand.color(*pixel) != color)
    assert hand.slider.isSliderDown()  # the image has answered during the drag
    middle = QPoint(hand.slider.width() // 2, place.y())
    hand.drag_to(middle)
    hand.release(middle)
    assert not hand.slider.isSliderDown()


def read_back(folder, expected, shown, sigma):
    assert sorted(path.name for path in folder.iterdir()) == [
        "sim_fitopt.fits",
        "sim_jump.fits",
        "sim_rate.fits",
        "sim_rateints.fits",
    ]
    with fits.open(folder / "sim_rate.fits") as rate:
        assert same(rate["SCI"].data, shown)
        assert same(rate["ERR"].data, expected.fit.rate.err)
        assert same(rate["DQ"].data, expected.fit.rate.dq)
        assert rate[0].header["S_JUMP"] == rate[0].header["S_RAMP"] == "COMPLETE"
        cards = " ".join(str(card.value) for hdu in rate for card in hdu.header.cards)
        assert f"{sigma:g}" in cards
        assert "sim_gain.fits" in cards
        assert "sim_readnoise.fits" in cards
    with fits.open(folder / "sim_jump.fits") as jump:
        assert same(jump["GROUPDQ"].data, expected.jumps.groupdq)
        assert same(jump["SCI"].data, expected.exposure.sci)
    with datamodels.open(folder / "sim_rateints.fits") as rateints:
        assert type(rateints) is datamodels.CubeModel
        assert same(rateints.data, expected.fit.rateints.slope)
    with datamodels.open(folder / "sim_rate.fits") as rate:
        assert type(rate) is datamodels.ImageModel
        assert same(rate.data, shown)
    with datamodels.open(folder / "sim_jump.fits") as jump:
        assert type(jump) is datamodels.RampModel
        assert same(jump.groupdq, expected.jumps.groupdq)
