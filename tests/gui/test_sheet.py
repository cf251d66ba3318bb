"""The page on one pixel, as a picture and as a PDF."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtGui import QImage

from rampviewer.gui.files.sheet import (
    SHARPER,
    SIZE,
    Sheet,
    SheetContent,
    save_sheet,
    saving_steps,
)
from rampviewer.gui.image.stretch import Limits
from rampviewer.gui.reasons.section_columns import MORE, SectionColumns
from rampviewer.model.pixel.pixel_text import Section, sections
from rampviewer.model.planes.plane import Plane
from tests.pixel_views import noisy, two_jumps

WHITE = "#ffffff"


@pytest.fixture
def content():
    view = two_jumps()
    values = np.tile(np.linspace(0, 1, 600, dtype=np.float32), (400, 1))
    return SheetContent(
        lines=("first line", "second line"),
        values=values,
        bad=np.zeros(values.shape, bool),
        plane=Plane.RATE,
        heading="Rate",
        view=view,
        limits=Limits(0.0, 1.0),
    )


def test_the_picture_holds_image_ramp_and_sentences(app, content, tmp_path):
    path = tmp_path / "x.png"
    save_sheet(content, path)
    picture = QImage(str(path))
    assert picture.size() == SHARPER * SIZE
    assert picture.pixelColor(3, 3).name() == WHITE

    def n_colors(x, y, width, height):
        part = picture.copy(*(SHARPER * number for number in (x, y, width, height)))
        return len({part.pixel(i, j) for i in range(0, part.width(), 3) for j in (9, 99)})

    assert n_colors(100, 250, 400, 100) > 50  # the colours of the image
    assert n_colors(800, 120, 400, 200) > 2  # the ramp
    assert n_colors(24, 680, 400, 100) > 2  # sentences


def test_its_colours_are_those_of_paper_whatever_the_theme(themed, content, tmp_path):
    pictures = []
    for theme in ("light", "dark"):
        themed(theme)
        path = tmp_path / f"{theme}.png"
        save_sheet(content, path)
        pictures.append(QImage(str(path)))
    assert pictures[0] == pictures[1]


def test_a_pdf_is_one_page_of_vectors(app, content, tmp_path):
    path = tmp_path / "x.pdf"
    save_sheet(content, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") <= 1
    assert b"/Font" in data


def test_flags_are_drawn_without_a_histogram(app, content, tmp_path):
    values = np.zeros((9, 9), np.uint32)
    values[4, 4] = 4
    flags = replace(content, values=values, plane=Plane.DQ, limits=None)
    sheet = Sheet(flags)
    list(sheet.steps())
    assert not sheet._histogram.isVisible()
    sheet.close()


def test_an_image_without_any_value_is_drawn_too(app, content, tmp_path):
    nothing = np.full((9, 9), np.nan, np.float32)
    path = tmp_path / "x.png"
    save_sheet(replace(content, values=nothing, bad=np.isnan(nothing), limits=None), path)
    assert path.exists()


def test_a_sheet_is_made_in_steps_and_written_at_the_end(app, content, tmp_path):
    written = []
    steps = saving_steps(content, tmp_path / "x.png", lambda _, path: written.append(path))
    n_before = sum(not written for _ in steps)
    assert n_before >= 5
    assert written == [tmp_path / "x.png"]


@pytest.mark.parametrize("name", ["x.jpg", "x", "no/such/folder.png"])
def test_what_cannot_be_written_is_refused(app, content, tmp_path, name):
    with pytest.raises((ValueError, OSError), match=r"must end in|is no directory"):
        save_sheet(content, tmp_path / name)


def columns(qtbot, found, height):
    widget = SectionColumns(found, 3)
    qtbot.addWidget(widget)
    widget.resize(1200, height)
    return widget


def test_sections_that_fit_are_all_there(qtbot):
    widget = columns(qtbot, sections(two_jumps()), 400)
    placed, is_complete = widget._fit()
    assert is_complete
    assert len(placed) == len(sections(two_jumps()))
    for place, document in placed:
        assert place.y() + document.size().height() <= 400


def test_what_does_not_fit_is_named(qtbot):
    widget = columns(qtbot, sections(noisy(8, 40, [(0, 4, 300)])), 60)
    placed, is_complete = widget._fit()
    assert not is_complete
    assert not widget.is_complete()
    assert placed[-1][1].toPlainText().strip() == MORE


def test_letters_get_smaller_before_anything_is_left_out(qtbot):
    found = [Section(f"title {k}", ("a line of some words",) * 8) for k in range(9)]
    sizes = {}
    for height in (900, 400):
        placed, is_complete = columns(qtbot, found, height)._fit()
        assert is_complete
        sizes[height] = placed[0][1].defaultFont().pointSizeF()
    assert sizes[400] < sizes[900]
