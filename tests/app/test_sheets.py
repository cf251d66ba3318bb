"""A sheet on the selected pixel, in the whole window."""

from threading import Event

import numpy as np
import pytest
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QFileDialog

from rampviewer.gui.work.call_job import CallJob
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.window.sheets import Sheets
from tests.app.hand import same
from tests.app.test_pinned_run import press_pin
from tests.app.test_second_image import choose


@pytest.fixture
def sheets(application):
    return next(part for part in application.features if isinstance(part, Sheets))


def test_a_sheet_is_saved(application, hand, files, tmp_path):
    hand.open(files, pixel=Pixel(20, 30))
    hand.trigger("sheet")
    dialog = hand.dialog(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("/sim_ramp_x30_y20.png")
    path = tmp_path / "x.png"
    dialog.selectFile(str(path))
    dialog.accept()
    hand.until(lambda: hand.message() == f"Saved {path}.")
    assert not QImage(str(path)).isNull()
    assert not [w for w in application.window.children() if w.objectName() == "Sheet"]


def test_it_shows_what_is_on_screen(application, hand, small, sheets):
    hand.open(small, pixel=Pixel(20, 30))
    application.session.first.set_plane(Plane.GROUP)
    application.session.first.set_step(2, 4)
    content = sheets.content()
    assert content.heading == "Group, integration 2, group 4"
    assert same(content.values, application.session.exposure.sci[2, 4])
    assert (content.look, content.limits) == application.image.look()
    assert content.view.pixel == Pixel(20, 30)


@pytest.mark.parametrize("is_pinned", [True, False])
def test_a_difference_is_that_on_screen(application, hand, files, sheets, is_pinned, qtbot):
    hand.open(files, pixel=Pixel(20, 30))
    if is_pinned:
        press_pin(hand)
    choose(application.plane_bar, Plane.DIFFERENCE, qtbot)
    hand.type_threshold("2.5")
    hand.until(lambda: is_pinned or 0 in application.session.runs)
    hand.settle()
    content = sheets.content()
    assert (np.abs(content.values) > 0).any()
    assert same(content.values, hand.shown)
    other = "pinned (4 sigma)" if is_pinned else "as delivered"
    assert content.heading == f"Rate, live minus {other}"


def test_a_difference_to_a_chosen_group_is_that_on_screen(application, hand, small, sheets):
    hand.open(small, pixel=Pixel(20, 30))
    application.session.first.set_plane(Plane.GROUP_DIFFERENCE)
    application.session.first.set_step(1, 4)
    application.session.first.set_minus(0)
    content, sci = sheets.content(), application.session.exposure.sci
    assert same(content.values, sci[1, 4] - sci[1, 0])
    assert content.heading.endswith("group 4 \N{MINUS SIGN} group 0")


def test_the_run_as_delivered_is_named_so(application, hand, files, sheets):
    hand.open(files, pixel=Pixel(20, 30))
    hand.trigger("as_delivered")
    hand.settle()
    assert sheets.content().heading == "Rate, flags as delivered"


def test_it_stays_as_it_was_when_the_run_moves_on(application, hand, files, sheets):
    hand.open(files, pixel=Pixel(20, 30))
    content, before = sheets.content(), hand.shown.copy()
    application.session.set_threshold(3.0)
    hand.settle()
    assert not same(hand.shown, before)
    assert same(content.values, before)


def test_without_a_pixel_it_says_what_to_do(application, hand, files):
    hand.trigger("sheet")
    assert hand.message().startswith("Select a pixel first")
    hand.open(files)
    hand.trigger("sheet")
    assert hand.message().startswith("Select a pixel first")
    assert not hand.dialogs()


def test_a_sheet_that_cannot_be_written_is_an_error(
    application, hand, files, sheets, tmp_path
):
    hand.open(files, pixel=Pixel(20, 30))
    sheets.save(sheets.content(), tmp_path / "none" / "x.pdf")
    assert "is no directory" in hand.error()


@pytest.mark.parametrize("name", ["x.png", "x.pdf"])
def test_a_sheet_that_is_being_made_is_finished_before_the_window_closes(
    application, hand, small, sheets, tmp_path, name
):
    hand.open(small, pixel=Pixel(20, 30))
    sheets.save(sheets.content(), tmp_path / name)
    assert not (tmp_path / name).exists()
    application.window.close()
    assert (tmp_path / name).stat().st_size > 0


def test_a_sheet_is_refused_aloud_while_another_picture_is_written(
    application, hand, small, sheets, tmp_path
):
    hand.open(small, pixel=Pixel(20, 30))
    gate = Event()
    sheets.lane.request(CallJob(gate.wait))
    sheets.save(sheets.content(), tmp_path / "x.png")
    sheets._finish()
    gate.set()  # first: the lane would wait for it for ever
    assert "x.png was not saved" in hand.error()
    hand.until(lambda: not sheets.lane.is_busy)
    assert not (tmp_path / "x.png").exists()
