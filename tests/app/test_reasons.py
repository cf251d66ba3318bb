"""From the sentences on a pixel to what they name, in the whole window."""

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication

from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from tests.gui.test_pixel_panel import click_link


@pytest.fixture
def neighbor(application, hand, files):
    """Select a pixel that a neighbour had flagged; return it with its view."""
    hand.open(files)
    session = application.session
    run = session.runs[1]
    for row, col in np.argwhere(run.n_jumps > 0).tolist():
        view = session.view_of(Pixel(row, col))
        for item in view.integrations:
            if item.causes and Origin.NEIGHBOR in item.origin:
                session.set_pixel(Pixel(row, col))
                return view
    pytest.fail("no neighbour was flagged")


def test_a_click_on_a_neighbor_goes_there(application, hand, neighbor):
    cause = next(c for item in neighbor.integrations for c in item.causes)
    text = f"({cause.pixel.col}, {cause.pixel.row})"
    click_link(application.pixel_panel, hand.qtbot, text)
    assert application.session.pixel == cause.pixel
    assert application.session.step[1] == cause.jump_group
    area = application.image._view._view.viewRect()
    assert area.contains(cause.pixel.col, cause.pixel.row)


def test_a_click_on_a_neighbor_takes_a_second_image_along(application, hand, neighbor):
    hand.trigger("second_image")
    application.second.bar.step_group(1)  # from the last group to the first
    cause = next(c for item in neighbor.integrations for c in item.causes)
    text = f"({cause.pixel.col}, {cause.pixel.row})"
    click_link(application.pixel_panel, hand.qtbot, text)
    second = application.session.second
    assert (second.integration, second.group) == application.session.step
    assert second.group == cause.jump_group


def test_the_report_is_copied(application, hand, neighbor):
    hand.trigger("copy_report")
    text = QApplication.clipboard().text()
    x, y = neighbor.pixel.col, neighbor.pixel.row
    assert text.startswith(f"## sim_ramp.fits, pixel x {x}, y {y} (0-based)")
    assert "neighbour of" in text
    assert f"x {x}, y {y}" in hand.message()


def test_without_a_pixel_it_says_what_to_do(application, hand, files):
    hand.open(files)
    hand.trigger("copy_report")
    assert hand.message().startswith("Select a pixel first")
