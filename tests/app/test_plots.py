"""Copying and saving single plots, in the whole window."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from astropy.table import Table
from PyQt6.QtCore import QPoint, QSize, Qt
from PyQt6.QtGui import QFontInfo, QImage
from PyQt6.QtWidgets import QApplication, QFileDialog, QMenu

from rampviewer.gui.plots.caption import caption_height
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.window.plots import Plots
from tests.app.test_second_image import choose

RIGHT = Qt.MouseButton.RightButton
NAMES = ("image", "histogram", "ramp")
EVERY = (*NAMES, "second_image", "second_histogram", "region")


@pytest.fixture
def opened(application, hand, files):
    hand.open(files, pixel=Pixel(20, 30))
    return application


@pytest.fixture
def everything(opened, hand):
    """Return the window with the second image, and a region that is averaged."""
    hand.trigger("second_image")
    hand.open_tab("Region")
    hand.trigger("new_circle")
    hand.until(lambda: not sources(opened)["region"].is_empty())
    return opened


def sources(application):
    found = (
        *application.image.plots(),
        *application.ramp.plots(),
        *application.second.panel.plots("second_"),
        application.regions.panel.plot(),
    )
    return {source.name: source for source in found}


def save(application, hand, command, path, kind=None):
    hand.trigger(command)
    dialog = hand.dialog(QFileDialog)
    if kind is not None:
        dialog.selectNameFilter(kind)
    dialog.selectFile(str(path))
    dialog.accept()
    hand.until(path.exists)


def test_pictures_are_copied(everything, hand):
    for name in EVERY:
        hand.trigger(f"copy_{name}")
        assert hand.message() == f"Copied the picture of the {name.replace('_', ' ')}."
        picture = QApplication.clipboard().image()
        source = sources(everything)[name]
        above = caption_height(source.view, source.caption())
        assert above > 0 or name in {"ramp", "region"}  # which say themselves what they are
        assert picture.size() == 2 * (source.view.size() + QSize(0, above))
        row = picture.height() // 2
        assert len({picture.pixel(x, row) for x in range(picture.width())}) > 2, name


def test_pictures_are_saved(everything, hand, tmp_path):
    for name in EVERY:
        png, svg = tmp_path / f"{name}.png", tmp_path / f"{name}.svg"
        for path in (png, svg):
            save(everything, hand, f"save_{name}", path)
            hand.until(lambda path=path: hand.message() == f"Saved {path}.")
            assert not QImage(str(path)).isNull()
        text = svg.read_text()
        assert "<path" in text or "<polyline" in text
        assert text.rstrip().endswith("</svg>")


def test_letters_of_an_svg_are_as_large_as_on_screen(opened, hand, tmp_path):
    path = tmp_path / "x.svg"
    save(opened, hand, "save_ramp", path)
    sizes = {float(found) for found in re.findall('font-size="(.*?)"', path.read_text())}
    font = QFontInfo(opened.ramp.grid.font())
    assert max(sizes) == pytest.approx(font.pixelSize(), abs=0.6)


def test_a_picture_of_an_image_says_of_what_in_which_unit(everything, hand, tmp_path):
    for name, caption in (
        ("image", "Rate [DN/s]"),
        ("histogram", "Rate [DN/s]"),
        ("second_image", "Group, integration 0, group 9 [DN]"),
        ("second_histogram", "Group, integration 0, group 9 [DN]"),
    ):
        path = tmp_path / f"{name}.svg"
        save(everything, hand, f"save_{name}", path)
        hand.until(lambda path=path: hand.message() == f"Saved {path}.")
        source = sources(everything)[name]
        above = caption_height(source.view, caption)
        found = [(text, place) for text, place, _ in texts_in(path)]
        assert [text for text, (_x, y) in found if y <= above] == [caption]
        box = ElementTree.parse(path).getroot().get("viewBox").split()
        assert float(box[3]) == source.view.height() + above


def corners(points):
    """Return the least and the most of x and y in the numbers of a path."""
    numbers = np.array(re.findall(r"[-\d.e]+", points), float).reshape(-1, 2)
    return numbers.min(axis=0), numbers.max(axis=0)


def texts_in(path):
    """Yield (text, place, corners of its clip) of what an SVG writes."""
    root = ElementTree.parse(path).getroot()
    clips = {
        clip.get("id"): corners(clip[0].get("d"))
        for clip in root.iter()
        if clip.tag.endswith("clipPath")
    }

    def walk(element, matrix, clip):
        if found := re.findall(r"clipPath\d+", element.get("clip-path", "")):
            clip = clips[found[0]]
        if found := re.findall(r"[-\d.e]+", element.get("transform", "")):
            matrix = np.array(found, float)
        if element.tag.endswith("}text"):
            place = np.array([element.get("x"), element.get("y")], float)
            yield element.text, place @ matrix[:4].reshape(2, 2) + matrix[4:], clip
        for child in element:
            yield from walk(child, matrix, clip)

    return walk(root, None, None)


def test_axes_titles_and_numbers_of_an_svg_are_not_cut_off(everything, hand, tmp_path):
    for name in ("ramp", "image", "region"):
        path = tmp_path / f"{name}.svg"
        save(everything, hand, f"save_{name}", path)
        texts = list(texts_in(path))
        assert len(texts) > 9
        for text, place, (least, most) in texts:
            assert (least <= place).all(), (name, text)
            assert (place <= most).all(), (name, text)


def lines_in(path):
    """Yield (points, whether they are clipped) of the lines that an SVG draws."""

    def walk(element, matrix, is_clipped):
        is_clipped = is_clipped or "clip-path" in element.attrib
        if found := re.findall(r"[-\d.e]+", element.get("transform", "")):
            matrix = np.array(found, float)
        if element.tag.endswith("polyline"):
            points = np.array(re.findall(r"[-\d.e]+", element.get("points")), float)
            yield points.reshape(-1, 2) @ matrix[:4].reshape(2, 2) + matrix[4:], is_clipped
        for child in element:
            yield from walk(child, matrix, is_clipped)

    return walk(ElementTree.parse(path).getroot(), None, False)


def test_a_zoomed_ramp_ends_at_its_frame_and_its_glyphs_are_no_pictures(
    opened, hand, tmp_path
):
    box = opened.ramp.grid.plots[0].view_box
    (x0, x1), (y0, y1) = box.viewRange()
    box.setRange(xRange=(x0, (x0 + x1) / 2), yRange=(y0, (y0 + y1) / 2), padding=0)
    path = tmp_path / "x.svg"
    save(opened, hand, "save_ramp", path)
    assert "<image" not in path.read_text()
    right = box.sceneBoundingRect().right()
    ends = [(line[:, 0].max(), is_clipped) for line, is_clipped in lines_in(path)]
    assert sum(abs(end - right) <= 2 for end, _ in ends) >= 5  # frames, and lines cut off
    assert all(is_clipped for end, is_clipped in ends if end > right + 9)


def test_the_numbers_of_the_image_are_those_that_can_be_seen(opened, hand, tmp_path):
    opened.image._view.zoom_by(4)
    hand.qtbot.waitUntil(lambda: opened.image._view.area.row_start > 0)
    path = tmp_path / "image.ecsv"
    save(opened, hand, "save_image_numbers", path, "ECSV, with units and notes (*.ecsv)")
    hand.until(lambda: hand.message().startswith("Saved"))
    table = Table.read(path)
    rate = opened.session.run.rate.slope
    area = opened.image._view.area
    assert len(table) == (area[1] - area[0]) * (area[3] - area[2])
    np.testing.assert_array_equal(table["value"], rate[table["y"], table["x"]])


def test_the_numbers_of_the_ramp_are_those_of_pins_too(opened, hand, tmp_path):
    shown = opened.ramp.shown().pixel
    opened.pins.panel.rules["random"].trigger()
    hand.until(lambda: len(opened.pins.pins.pixels) == 9)
    path = tmp_path / "ramps.csv"
    save(opened, hand, "save_ramp_numbers", path)
    hand.until(lambda: hand.message().startswith("Saved"))
    table = Table.read(path)
    places = list(dict.fromkeys(zip(table["x"], table["y"], strict=True)))
    assert places[0] == (shown.col, shown.row)
    assert set(places[1:]) == {(pixel.col, pixel.row) for pixel in opened.pins.pins.pixels}
    assert len(table) == 10 * len(places)


def test_numbers_are_saved_as_csv(everything, hand, tmp_path):
    rows = {
        "ramp": 10,
        "histogram": 160,
        "second_image": 192 * 192,
        "second_histogram": 160,
        "region": 10,
    }
    for name, n_rows in rows.items():
        path = tmp_path / f"{name}.csv"
        save(everything, hand, f"save_{name}_numbers", path)
        hand.until(
            lambda path=path: (
                hand.message().startswith("Saved") and str(path) in hand.message()
            )
        )
        assert len(Table.read(path)) == n_rows, name


def test_the_histogram_of_a_region_is_saved_but_not_that_of_flags(
    everything, hand, tmp_path
):
    path = tmp_path / "x.ecsv"
    kind = "ECSV, with units and notes (*.ecsv)"
    save(everything, hand, "save_region_histogram_numbers", path, kind)
    hand.until(lambda: hand.message().startswith("Saved"))
    table, summary = Table.read(path), everything.regions.panel._summary
    found = summary.statistics.histogram
    np.testing.assert_array_equal(table["n_pixels"], found.counts)
    np.testing.assert_allclose(table["high"], found.edges[1:])
    assert table["low"].unit == "DN / s"
    choose(everything.plane_bar, Plane.DQ, hand.qtbot)
    hand.until(lambda: everything.regions.panel._summary.plane is Plane.DQ)
    hand.trigger("save_region_histogram_numbers")
    assert "holds flags" in hand.error()


def test_the_right_button_opens_the_menu_of_its_plot(opened, hand):
    view = opened.ramp.grid.viewport()
    hand.qtbot.mouseClick(view, RIGHT, pos=QPoint(view.width() // 2, 80))
    hand.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    texts = [action.text().replace("&", "") for action in menu.actions()]
    menu.close()
    assert texts[0] == "Copy picture of the ramp"
    assert len(texts) == 3


def test_the_menu_of_a_region_has_both_its_tables(everything, hand):
    view = everything.regions.panel.plots.viewport()
    hand.qtbot.mouseClick(view, RIGHT, pos=QPoint(view.width() // 4, view.height() // 3))
    hand.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    texts = [action.text().replace("&", "") for action in menu.actions()]
    menu.close()
    assert texts[2:] == [
        "Save values of the region's ramp...",
        "Save values of the region's histogram...",
    ]


def test_before_there_is_anything_that_is_said(application, hand):
    hand.trigger("second_image")  # what is not shown offers nothing
    for name in EVERY:
        for command in ("copy_{}", "save_{}", "save_{}_numbers"):
            hand.trigger(command.format(name))
            assert (
                hand.message() == f"There is nothing in the {name.replace('_', ' ')} yet."
            )
            assert not hand.dialogs()


def test_a_picture_that_cannot_be_written_is_an_error(opened, hand, tmp_path):
    plots = next(part for part in opened.features if isinstance(part, Plots))
    plots._save(sources(opened)["ramp"], tmp_path / "none" / "x.png")
    assert "could not be written" in hand.wait_error()
    plots._save(sources(opened)["ramp"], tmp_path / "x.bmp")
    assert ".png or .svg" in hand.error()


def test_closing_finishes_a_picture_that_is_being_written(opened, hand, tmp_path):
    path = tmp_path / "window.png"
    hand.trigger("screenshot")
    dialog = hand.dialog(QFileDialog)
    dialog.selectFile(str(path))
    dialog.accept()
    opened.window.close()
    assert QImage(str(path)).size() == opened.window.size()
