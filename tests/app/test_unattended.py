"""The window at work with nobody in front of it."""

import pytest
from PyQt6.QtCore import qWarning

from rampviewer import unattended
from rampviewer.unattended import demonstrate


@pytest.fixture
def as_before(qapp):
    """Put back what belongs to the whole process."""
    palette, sheet = qapp.palette(), qapp.styleSheet()
    yield
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


def test_products_and_picture_are_left_and_nothing_else(
    as_before, small, tmp_path, capfd, monkeypatch
):
    settle = unattended._settle

    def grumble():
        qWarning("This plugin does not support propagateSizeHints()")
        qWarning("Something matters")
        settle()

    monkeypatch.setattr(unattended, "_settle", grumble)
    out = tmp_path / "out"
    out.mkdir()
    written = demonstrate(small.ramp, out, small.gain, small.readnoise)
    names = {f"small_{product}.fits" for product in unattended.PRODUCTS}
    assert {path.name for path in written} == {*names, "window.png"}
    assert {path.name for path in out.iterdir()} == {*names, "window.png"}
    assert capfd.readouterr().err == "Something matters\n"


def test_without_references_it_ends_with_the_sentence(as_before, small, tmp_path):
    small.gain.unlink()
    with pytest.raises(RuntimeError, match=r"small_ramp\.fits has no gain"):
        demonstrate(small.ramp, tmp_path)
